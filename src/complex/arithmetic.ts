// Complex arithmetic entry by entry. Products of matrices are in products.ts.

import * as tf from "@tensorflow/tfjs";
import { commonLead } from "./broadcasting.js";
import { mapParts, shapeOf } from "./complex.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Complex } from "./complex.js";

/**
 * `a + b`; axes broadcast, aligned at the right.
 *
 * @throws ShapeError if two axes differ and neither is 1
 */
export function add(a: Complex, b: Complex): Complex {
  commonLead("add", { a: shapeOf(a), b: shapeOf(b) });
  return tf.tidy(() => ({ re: tf.add(a.re, b.re), im: tf.add(a.im, b.im) }));
}

/**
 * `a − b`; axes broadcast, aligned at the right.
 *
 * @throws ShapeError if two axes differ and neither is 1
 */
export function sub(a: Complex, b: Complex): Complex {
  commonLead("sub", { a: shapeOf(a), b: shapeOf(b) });
  return tf.tidy(() => ({ re: tf.sub(a.re, b.re), im: tf.sub(a.im, b.im) }));
}

/**
 * The sum of some complex tensors; axes broadcast, aligned at the right.
 *
 * @param terms - at least one
 */
export function sum(...terms: readonly [Complex, ...Complex[]]): Complex {
  return tf.tidy(() =>
    terms.slice(1).reduce(
      add,
      mapParts(terms[0], (part) => tf.clone(part)),
    ),
  );
}

/** `a b`, entry by entry; axes broadcast, aligned at the right. */
export function mul(a: Complex, b: Complex): Complex {
  return tf.tidy(() => ({
    re: tf.sub(tf.mul(a.re, b.re), tf.mul(a.im, b.im)),
    im: tf.add(tf.mul(a.re, b.im), tf.mul(a.im, b.re)),
  }));
}

/** A factor of {@link scale}: a number, or a real or complex tensor of leading axes. */
export type Coefficient = number | Tensor | Complex;

/** Leading axes that multiply matrices. */
function besideMatrices(t: Tensor): Tensor {
  return tf.reshape(t, [...t.shape, 1, 1]);
}

function isTensor(x: Tensor | Complex): x is Tensor {
  return !("im" in x);
}

/**
 * `c A` for matrices, one coefficient for each.
 *
 * @param a - `[...batch, n, m]`
 * @param c - a number, or a tensor `[...batch]`, real or complex; leading axes broadcast
 * @returns `[...batch, n, m]`
 */
export function scale(a: Complex, c: Coefficient): Complex {
  return tf.tidy(() => {
    if (typeof c === "number") return mapParts(a, (part) => tf.mul(part, c));
    if (!isTensor(c)) return mul(a, mapParts(c, besideMatrices));
    const factor = besideMatrices(c);
    return mapParts(a, (part) => tf.mul(part, factor));
  });
}

/** `i a`. */
export function timesI(a: Complex): Complex {
  return tf.tidy(() => ({ re: tf.neg(a.im), im: tf.clone(a.re) }));
}

/** The complex conjugate. */
export function conj(a: Complex): Complex {
  return tf.tidy(() => ({ re: tf.clone(a.re), im: tf.neg(a.im) }));
}

/** The last two axes swapped. */
export function transpose(a: Complex): Complex {
  const rank = shapeOf(a).length;
  const order = [...Array(rank - 2).keys(), rank - 1, rank - 2];
  return tf.tidy(() => mapParts(a, (part) => tf.transpose(part, order)));
}

/** The conjugate transpose of the last two axes, `A†`. */
export function adjoint(a: Complex): Complex {
  return tf.tidy(() => conj(transpose(a)));
}

/** `|a|²`, entry by entry: a real tensor. */
export function squaredModulus(a: Complex): Tensor {
  return tf.tidy(() => tf.add(tf.square(a.re), tf.square(a.im)));
}
