// The Heisenberg path: the observable is carried back through the shared part of the circuit once, U† P U, and met by
// the Bloch vectors of a product state: `f = Σ_words c_word Π_q r_q[letter]`. The cost of a sample does not depend on
// the depth, and derivatives are of any order.

import * as tf from "@tensorflow/tfjs";
import { adjoint, matMul, transpose, type Complex } from "../../complex/index.js";
import { pauliMatrix } from "../pauli.js";
import { wordMatrix } from "./dense.js";
import { split, withOperations } from "./prefix.js";
import { basisImages, finalStates } from "./states.js";
import type { CircuitData } from "../circuit.js";
import type { Canonical } from "./inputs.js";
import type { Operation } from "../operation.js";
import type { Tensor } from "@tensorflow/tfjs";

const LETTERS = ["I", "X", "Y", "Z"];

/** `tr(P A)` on one wire as a matrix from its four entries (row-major) to the four letters, real and imaginary part. */
function letterWeights(): { readonly re: Tensor; readonly im: Tensor } {
  const part = (pick: "re" | "im"): Tensor =>
    tf.tensor2d(
      [0, 1, 2, 3].map((entry) =>
        LETTERS.map((letter) => pauliMatrix(letter)[pick][entry % 2]![entry >> 1]!),
      ),
    );
  return { re: part("re"), im: part("im") };
}

/**
 * The coefficients `c_P = tr(P A) / N` of matrices `[R, N, N]` in all words, wire 0 slowest, letters in the order
 * I X Y Z: real for Hermitian A.
 *
 * @returns `[R, 4^n]`
 */
export function wordCoefficients(A: Complex, wires: number): Tensor {
  const R = A.re.shape[0];
  const weights = letterWeights();
  let parts = A;
  // Wire by wire its row and column bit become a letter, which goes to the end of the axes.
  for (let q = 0; q < wires; q++) {
    const rest = 2 ** (wires - q - 1);
    const done = 4 ** q;
    const grouped = (part: Tensor): Tensor => {
      const split = tf.reshape(part, [R, 2, rest, 2, rest * done]);
      return tf.reshape(tf.transpose(split, [0, 2, 4, 1, 3]), [-1, 4]);
    };
    const [re, im] = [grouped(parts.re), grouped(parts.im)];
    const times = (x: Tensor, w: Tensor): Tensor => tf.matMul(x, w);
    const shape = [R, rest, rest, done * 4];
    parts = {
      re: tf.reshape(tf.sub(times(re, weights.re), times(im, weights.im)), shape),
      im: tf.reshape(tf.add(times(re, weights.im), times(im, weights.re)), shape),
    };
  }
  return tf.div(tf.reshape(parts.re, [R, 4 ** wires]), 2 ** wires);
}

/** `(1, x, y, z)` of one wire of the product state, `[P, B, 4]`. */
function blochRow(
  circuit: CircuitData,
  operations: readonly Operation[],
  inputs: Canonical,
): Tensor {
  const one = { ...withOperations(circuit, operations), wires: 1 };
  const { re, im } = finalStates(one, { symbols: inputs.symbols }, "composed", false);
  const entry = (part: Tensor, k: number): Tensor =>
    tf.slice(part, [0, 0, k], [part.shape[0], part.shape[1]!, 1]);
  const [a, b, c, d] = [entry(re, 0), entry(im, 0), entry(re, 1), entry(im, 1)];
  const x = tf.mul(2, tf.add(tf.mul(a, c), tf.mul(b, d)));
  const y = tf.mul(2, tf.sub(tf.mul(a, d), tf.mul(b, c)));
  const norms = [tf.add(tf.square(a), tf.square(b)), tf.add(tf.square(c), tf.square(d))];
  return tf.concat([tf.ones(x.shape), x, y, tf.sub(norms[0]!, norms[1]!)], -1);
}

/** `Π_q r_q` over all words, `[P, B, 4^n]`. */
function products(rows: readonly Tensor[]): Tensor {
  return rows.reduce((left, right) => {
    const [P, B, width] = left.shape as [number, number, number];
    const outer = tf.mul(tf.reshape(left, [P, B, width, 1]), tf.reshape(right, [P, B, 1, 4]));
    return tf.reshape(outer, [P, B, width * 4]);
  });
}

/** The coefficients of `U† P U` for each word, `[R, words, 4^n]`, R = 1 or P. */
function carriedBack(
  circuit: CircuitData,
  rest: readonly Operation[],
  parameters: Tensor,
  words: readonly string[],
): Tensor {
  const U = transpose(basisImages(withOperations(circuit, rest), parameters, "composed"));
  const N = 2 ** circuit.wires;
  const carried = words.map((word) => {
    const { re, im } = wordMatrix(word);
    const P = { re: tf.reshape(re, [1, N, N]), im: tf.reshape(im, [1, N, N]) };
    return wordCoefficients(matMul(adjoint(U), matMul(P, U)), circuit.wires);
  });
  return tf.stack(carried, 1);
}

/** `⟨P_w⟩`, `[P, B, words]`. */
export function heisenbergExpectation(
  circuit: CircuitData,
  inputs: Canonical,
  words: readonly string[],
): Tensor {
  const { alone, rest } = split(circuit);
  const coefficients = carriedBack(circuit, rest, inputs.symbols.parameters, words);
  const states = products(alone!.map((own) => blochRow(circuit, own, inputs)));
  const [P, B, width] = states.shape as [number, number, number];
  // Replicas that share no coefficients are rows of a batched product.
  const weights = tf.transpose(coefficients, [0, 2, 1]);
  if (coefficients.shape[0] === 1) {
    const flat = tf.matMul(
      tf.reshape(states, [P * B, width]),
      tf.reshape(weights, [width, words.length]),
    );
    return tf.reshape(flat, [P, B, words.length]);
  }
  return tf.matMul(states, weights);
}
