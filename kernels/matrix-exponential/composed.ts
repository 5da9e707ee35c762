// Matrix exponentials in tf operations, float32: Taylor's polynomial of the scaled matrix, squared as often as each
// needs. Derivatives of any order.

import * as tf from "@tensorflow/tfjs";
import { constantOf } from "../runtime/constant.js";
import type { Tensor } from "@tensorflow/tfjs";

/** How far a matrix is taken apart. */
export type ExponentialAccuracy = {
  /** Degree of the polynomial. */
  readonly degree: number;
  /** Squarings that are computed, needed or not. */
  readonly squarings: number;
};

/** 0.5⁹/9! is below the rounding of float32; norms up to 2¹⁵. */
const FLOAT32: ExponentialAccuracy = { degree: 8, squarings: 16 };

/** How often each matrix is halved so that its norm is at most ½, `[B, 1, 1]`. */
export function halvingsOf(a: Tensor): Tensor {
  const halvings = constantOf(a, (x) => {
    const norm = tf.max(tf.sum(tf.abs(x), 1), 1);
    const needed = tf.ceil(tf.div(tf.log(tf.maximum(norm, 0.5)), Math.LN2));
    // Of the shape of x, which is what the gradient of a constant has.
    return tf.mul(tf.onesLike(x), tf.reshape(tf.add(needed, 1), [-1, 1, 1]));
  });
  return tf.slice(halvings, [0, 0, 0], [a.shape[0], 1, 1]);
}

/** `exp(a)` of `[B, n, n]`; not a number where the norm is above 2 to the number of squarings less one. */
export function exponentialComposed(a: Tensor, accuracy: ExponentialAccuracy = FLOAT32): Tensor {
  const { degree, squarings } = accuracy;
  const [, n] = a.shape as [number, number, number];
  const halvings = halvingsOf(a);
  const x = tf.mul(a, tf.pow(2, tf.neg(halvings)));
  const one = tf.expandDims(tf.eye(n), 0);
  // Horner: 1 + x (1 + x/2 (1 + x/3 (…))).
  // Quotients: 1/k is not exact in float32, which constants are also where the rest is float64.
  let p = tf.add(one, tf.div(x, degree));
  for (let k = degree - 1; k >= 1; k--) p = tf.add(one, tf.div(tf.matMul(x, p), k));
  for (let k = 0; k < squarings; k++) {
    const more = tf.cast(tf.greater(halvings, k), "float32");
    const square = tf.matMul(p, p);
    p = tf.add(tf.mul(more, square), tf.mul(tf.sub(1, more), p));
  }
  const covered = tf.where(
    tf.lessEqual(halvings, squarings),
    tf.zerosLike(halvings),
    tf.fill(halvings.shape, NaN),
  );
  return tf.add(p, covered);
}
