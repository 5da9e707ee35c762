// The linear solve on the backend `tensorflow` where tensors lie on a GPU: TensorFlow's own, in float64.

import * as tf from "@tensorflow/tfjs";
import { withOperations } from "../runtime/tensorflow/operations.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { NativeForm } from "../runtime/tensorflow/define.js";
import type { LinearSolveAttrs } from "./contract.js";

/** What the native library says where a pivot is 0. */
const SINGULAR = /not invertible/;

/** X of `A X = R` for `[B, n, n]` and `[B, n, m]` in float64; throws where one system of the batch is singular. */
function matrixSolve(a: Tensor, right: Tensor): Tensor {
  return withOperations(({ of, run, tensor }) => {
    const [x] = run("MatrixSolve", { T: "float64", adjoint: false }, [of(a), of(right)]);
    return tensor(x!);
  });
}

function part(x: Tensor, from: number, to: number): Tensor {
  return tf.slice(x, [from, 0, 0], [to - from, -1, -1]);
}

/** The same, with not-a-number where a system is singular: one makes the library refuse a batch, which is then halved. */
function solutions(a: Tensor, right: Tensor): Tensor {
  const B = a.shape[0];
  try {
    return matrixSolve(a, right);
  } catch (error) {
    if (!SINGULAR.test(String(error))) throw error;
  }
  if (B === 1) return tf.fill(right.shape, NaN);
  const half = B >> 1;
  const each = (from: number, to: number): Tensor =>
    solutions(part(a, from, to), part(right, from, to));
  return tf.concat([each(0, half), each(half, B)], 0);
}

/** Largest sum of magnitudes along an axis, `[B]`. */
function norm(x: Tensor, axis: 1 | 2): Tensor {
  return tf.max(tf.sum(tf.abs(x), axis), 1);
}

/** `1 / (‖A‖₁ ‖A⁻¹‖₁)`, 0 where there is no inverse. */
function condition(a: Tensor, inverse: Tensor, transpose: boolean): Tensor {
  // Not-a-number is lost in a largest entry, but not in a sum.
  const missing = tf.sum(tf.mul(0, inverse), [1, 2]);
  const product = tf.add(tf.mul(norm(a, 1), norm(inverse, transpose ? 2 : 1)), missing);
  return tf.where(tf.less(product, Infinity), tf.reciprocal(product), tf.zerosLike(product));
}

/** Form of `ZenoLinearSolve`: the inverse comes of the same factors as the solution. */
export const linearSolveNative: NativeForm<LinearSolveAttrs> = {
  by: "native",
  double: true,
  run: ({ a, b }, { transpose, condition: wanted }) => {
    const [B, n, m] = b!.shape as [number, number, number];
    const A = transpose ? tf.transpose(a!, [0, 2, 1]) : a!;
    if (!wanted) return [solutions(A, b!), tf.zeros([0])];
    const identity = tf.tile(tf.expandDims(tf.eye(n), 0), [B, 1, 1]);
    const both = solutions(A, tf.concat([b!, identity], 2));
    const inverse = tf.slice(both, [0, 0, m], [B, n, n]);
    return [tf.slice(both, [0, 0, 0], [B, n, m]), condition(a!, inverse, transpose)];
  },
};
