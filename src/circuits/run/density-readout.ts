// What is read off vectors of Pauli expectation values: those of some wires, probabilities, density matrices.

import * as tf from "@tensorflow/tfjs";
import { pauliMatrix } from "../pauli.js";
import type { Complex } from "../../complex/index.js";
import type { Tensor } from "@tensorflow/tfjs";

/** Where each of the wires, the last first, stands when it is moved to the front. */
function places(wires: readonly number[], n: number): readonly number[] {
  const order = Array.from({ length: n }, (_, q) => q);
  return [...wires].reverse().map((wire) => {
    const at = order.indexOf(wire);
    order.splice(at, 1);
    order.unshift(wire);
    return at;
  });
}

/** Axes `[R, base^n]` with the listed wires in front, `[R, base^k, base^(n − k)]`. */
export function wiresInFront(
  part: Tensor,
  wires: readonly number[],
  n: number,
  base: number,
): Tensor {
  const rows = part.shape[0];
  const moved = places(wires, n).reduce((own, at) => {
    if (at === 0) return own;
    const split = tf.reshape(own, [rows, base ** at, base, base ** (n - at - 1)]);
    return tf.transpose(split, [0, 2, 1, 3]);
  }, part);
  return tf.reshape(moved, [rows, base ** wires.length, base ** (n - wires.length)]);
}

/** Undoes {@link wiresInFront}: `[R, base^n]`. */
export function wiresInPlace(
  part: Tensor,
  wires: readonly number[],
  n: number,
  base: number,
): Tensor {
  const rows = part.shape[0];
  const moved = [...places(wires, n)].reverse().reduce((own, at) => {
    if (at === 0) return own;
    const split = tf.reshape(own, [rows, base, base ** at, base ** (n - at - 1)]);
    return tf.transpose(split, [0, 2, 1, 3]);
  }, part);
  return tf.reshape(moved, [rows, base ** n]);
}

/** The words on some wires, the identity on the others: `[R, 4^n]` → `[R, 4^k]`, wires in the listed order. */
export function vectorOnWires(r: Tensor, wires: readonly number[], n: number): Tensor {
  const front = wiresInFront(r, wires, n, 4);
  const [rows, own] = front.shape as [number, number];
  return tf.reshape(tf.slice(front, [0, 0, 0], [rows, own, 1]), [rows, own]);
}

/** Probabilities of the basis states: `[R, 4^k]` → `[R, 2^k]`. */
export function vectorProbabilities(r: Tensor, k: number): Tensor {
  const rows = r.shape[0];
  const bits = [[0.5, 0.5], [0, 0], [0, 0], [0.5, -0.5]]; // prettier-ignore
  let own = r;
  for (let q = 0; q < k; q++) {
    // The letter in front becomes a bit at the end: after all of them the order is the first one again.
    const rest = own.size / (4 * rows);
    const last = tf.transpose(tf.reshape(own, [rows, 4, rest]), [0, 2, 1]);
    own = tf.matMul(tf.reshape(last, [rows * rest, 4]), tf.tensor2d(bits));
    own = tf.reshape(own, [rows, rest * 2]);
  }
  return own;
}

/** One letter to the four entries of its matrix over 2, row-major. */
function entries(part: "re" | "im"): Tensor {
  return tf.tensor2d(["I", "X", "Y", "Z"].map((letter) => pauliMatrix(letter)[part].flat().map((x) => x / 2))); // prettier-ignore
}

/** Density matrices `Σ r_P P / 2^k`: `[R, 4^k]` → `[R, 2^k, 2^k]`. */
export function vectorMatrix(r: Tensor, k: number): Complex {
  const rows = r.shape[0];
  const [E, F] = [entries("re"), entries("im")];
  let [re, im] = [r, tf.zerosLike(r)];
  for (let q = 0; q < k; q++) {
    const rest = 4 ** (k - q - 1);
    const done = 4 ** q;
    const front = (own: Tensor): Tensor =>
      tf.reshape(tf.transpose(tf.reshape(own, [rows, 4, rest * done]), [0, 2, 1]), [-1, 4]);
    const [a, b] = [front(re), front(im)];
    re = tf.reshape(tf.sub(tf.matMul(a, E), tf.matMul(b, F)), [rows, rest * done * 4]);
    im = tf.reshape(tf.add(tf.matMul(a, F), tf.matMul(b, E)), [rows, rest * done * 4]);
  }
  return { re: untangled(re, k), im: untangled(im, k) };
}

/** Bits (row, column) wire by wire → rows and columns. */
function untangled(flat: Tensor, k: number): Tensor {
  const rows = flat.shape[0];
  let own = tf.reshape(flat, [rows, 1, 1, 4 ** k]);
  for (let q = 0; q < k; q++) {
    const [size, rest] = [2 ** q, 4 ** (k - q - 1)];
    // The column bit passes the rows that follow it; the row bit joins the rows before it.
    const split = tf.reshape(own, [rows * size, size, 2, 2 * rest]);
    const up = tf.reshape(tf.transpose(split, [0, 2, 1, 3]), [rows * size * 2, size * 2, rest]);
    own = tf.reshape(up, [rows, size * 2, size * 2, rest]);
  }
  return tf.reshape(own, [rows, 2 ** k, 2 ** k]);
}
