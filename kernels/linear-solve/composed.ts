// The linear solve in tf operations: V ≈ A⁻¹ by Newton and Schulz off the tape, then corrections with V on it. The
// corrections do not change the value, and after k of them all derivatives up to the k-th are right.

import * as tf from "@tensorflow/tfjs";
import { constant, constantOf } from "../runtime/constant.js";
import type { Tensor } from "@tensorflow/tfjs";

/** Enough for a condition number of 1e5; beyond it float32 says little. */
const ITERATIONS = 40;

/** Derivatives that are right: second ones for penalties on gradients. */
const CORRECTIONS = 2;

/** `V ← V + V (I - A V)`, from `V = Aᵀ / (‖A‖₁ ‖A‖∞)`. */
function inverse(a: Tensor): Tensor {
  const n = a.shape.at(-1)!;
  const size = tf.abs(a);
  const one = tf.max(tf.sum(size, 1, true), 2, true);
  const infinity = tf.max(tf.sum(size, 2, true), 1, true);
  let V: Tensor = tf.div(tf.transpose(a, [0, 2, 1]), tf.mul(one, infinity));
  const identity = tf.expandDims(tf.eye(n), 0);
  for (let i = 0; i < ITERATIONS; i++)
    V = tf.add(V, tf.matMul(V, tf.sub(identity, tf.matMul(a, V))));
  return V;
}

/** x `[B, n, m]` of `A x = b`, or of `Aᵀ x = b`; float32, so that the error grows with the condition number. */
export function linearSolveComposed(a: Tensor, b: Tensor, transpose: boolean): Tensor {
  const V = constantOf(a, inverse);
  let x = constant(tf.matMul(V, constant(b), transpose));
  for (let i = 0; i < CORRECTIONS; i++)
    x = tf.add(x, tf.matMul(V, tf.sub(b, tf.matMul(a, x, transpose)), transpose));
  return x;
}

/** `1 / (‖A‖₁ ‖A⁻¹‖₁)`, `[B]`, without a gradient. */
export function conditionComposed(a: Tensor): Tensor {
  const norm = (x: Tensor): Tensor => tf.max(tf.sum(tf.abs(x), 1), 1);
  return constantOf(a, (x) => tf.reciprocal(tf.mul(norm(x), norm(inverse(x)))));
}
