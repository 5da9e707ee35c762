// Fully connected networks of a population, their parameters packed in one tensor: ordinary tf operations, any order of
// derivative.

import * as tf from "@tensorflow/tfjs";
import { uniform, type Stream } from "../random.js";
import type { Tensor } from "@tensorflow/tfjs";

/** Widths and activation of a network with one output. */
export type DenseOptions = {
  /** Width of each hidden layer. */
  readonly hidden: readonly number[];
  /** Both have second derivatives that tfjs computes rightly; ReLU's is 0 almost everywhere. */
  readonly activation: "relu" | "softplus";
};

/**
 * Outputs `[P, B]` of P networks.
 *
 * @param parameters - `[P, K]`: of each layer the weights `[in, out]` row by row, then the biases
 * @param x - `[P, B, d]`
 */
export function dense(parameters: Tensor, x: Tensor, { hidden, activation }: DenseOptions): Tensor {
  const [P, B, d] = x.shape as [number, number, number];
  const widths = [d, ...hidden, 1];
  let at = 0;
  const next = (rows: number, columns: number): Tensor => {
    const cut = tf.slice(parameters, [0, at], [P, rows * columns]);
    at += rows * columns;
    return tf.reshape(cut, [P, rows, columns]);
  };
  let h = x;
  widths.slice(1).forEach((width, l) => {
    const z = tf.add(tf.matMul(h, next(widths[l]!, width)), next(1, width));
    h = l === hidden.length ? z : activation === "relu" ? tf.relu(z) : tf.softplus(z);
  });
  return tf.reshape(h, [P, B]);
}

/** Initial parameters `[P, K]`: weights and biases of each layer uniform on ±1/√in, the default of PyTorch. */
export function initialDense(
  streams: readonly Stream[],
  inputs: number,
  hidden: readonly number[],
): Tensor {
  const widths = [inputs, ...hidden, 1];
  const bounds = widths.slice(1).flatMap((width, l) => {
    return new Array<number>((widths[l]! + 1) * width).fill(1 / Math.sqrt(widths[l]!));
  });
  return tf.tidy(() => {
    const u = uniform(streams, [bounds.length], { lo: -1, hi: 1 });
    return tf.mul(u, tf.tensor2d(bounds, [1, bounds.length]));
  });
}
