// The dense path: what follows the data is one matrix, computed once, and the states of all samples go through it as
// one product. Derivatives of any order.

import * as tf from "@tensorflow/tfjs";
import { matMul, type Complex } from "../../complex/index.js";
import { pauliMasks, popcount, powerOfI } from "../pauli.js";
import { split, withOperations } from "./prefix.js";
import { basisImages, finalStates } from "./states.js";
import type { CircuitData } from "../circuit.js";
import type { Canonical } from "./inputs.js";
import type { Tensor } from "@tensorflow/tfjs";

/** A word on all wires as two constant N × N matrices. */
export function wordMatrix(word: string): { readonly re: Tensor; readonly im: Tensor } {
  const n = word.length;
  const N = 2 ** n;
  const { x, z, y } = pauliMasks(word, [...word].map((_, i) => i), n); // prettier-ignore
  const [c, s] = powerOfI(y);
  const [re, im] = [new Float32Array(N * N), new Float32Array(N * N)];
  for (let j = 0; j < N; j++) {
    const sign = popcount((j ^ x) & z) % 2 === 0 ? 1 : -1;
    re[j * N + (j ^ x)] = sign * c;
    im[j * N + (j ^ x)] = sign * s;
  }
  return { re: tf.tensor2d(re, [N, N]), im: tf.tensor2d(im, [N, N]) };
}

/** `Σ_k conj(ψ_k) (P ψ)_k` of states `[P, B, N]`, `[P, B]`: real. */
function wordValue(psi: Complex, word: string): Tensor {
  const [P, B, N] = psi.re.shape as [number, number, number];
  const matrix = wordMatrix(word);
  // States are rows: (P ψ)ᵀ = ψᵀ Pᵀ.
  const [re, im] = [tf.transpose(matrix.re), tf.transpose(matrix.im)];
  const rows = (part: Tensor, by: Tensor): Tensor =>
    tf.reshape(tf.matMul(tf.reshape(part, [P * B, N]), by), [P, B, N]); // prettier-ignore
  const real = tf.sub(rows(psi.re, re), rows(psi.im, im));
  const imaginary = tf.add(rows(psi.re, im), rows(psi.im, re));
  return tf.sum(tf.add(tf.mul(psi.re, real), tf.mul(psi.im, imaginary)), -1);
}

/** `⟨P_w⟩`, `[P, B, words]`. */
export function denseExpectation(
  circuit: CircuitData,
  inputs: Canonical,
  words: readonly string[],
): Tensor {
  const { data, rest } = split(circuit);
  const before = finalStates(withOperations(circuit, data), inputs, "composed", false);
  const images = basisImages(withOperations(circuit, rest), inputs.symbols.parameters, "composed");
  const psi = matMul(before, images);
  return tf.stack(
    words.map((word) => wordValue(psi, word)),
    -1,
  );
}
