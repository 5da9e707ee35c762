// The losses of a critic in tf operations. The gradient by the points is written out as a product of masked weights,
// so that the penalty is an ordinary function of the parameters and its derivatives are exact, of any order.

import * as tf from "@tensorflow/tfjs";
import { SLOPE_FLOOR } from "./reference.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { CriticLossAttrs } from "./contract.js";

type Layer = { readonly weights: Tensor; readonly biases: Tensor };

/** Weights `[P, in, out]` and biases `[P, 1, out]` of all layers. */
function layersOf(parameters: Tensor, inputs: number, hidden: readonly number[]): Layer[] {
  const P = parameters.shape[0];
  let at = 0;
  const next = (rows: number, columns: number): Tensor => {
    const cut = tf.slice(parameters, [0, at], [P, rows * columns]);
    at += rows * columns;
    return tf.reshape(cut, [P, rows, columns]);
  };
  return [...hidden, 1].map((width, l) => ({
    weights: next([inputs, ...hidden][l]!, width),
    biases: next(1, width),
  }));
}

/** Activations behind the last hidden layer, and the masks of the units that are on, which are constants. */
function forward(layers: readonly Layer[], x: Tensor): { h: Tensor; masks: Tensor[] } {
  const masks: Tensor[] = [];
  let h = x;
  for (const { weights, biases } of layers.slice(0, -1)) {
    const z = tf.add(tf.matMul(h, weights), biases);
    const mask = tf.cast(tf.greater(z, 0), "float32");
    masks.push(mask);
    h = tf.mul(z, mask);
  }
  return { h, masks };
}

/** `∇D(x) = W₁ m₁ W₂ m₂ … w`, `[P, B, d]`. */
function slopes(layers: readonly Layer[], masks: readonly Tensor[]): Tensor {
  const last = tf.transpose(layers.at(-1)!.weights, [0, 2, 1]);
  return masks.reduceRight((v: Tensor, mask, l) => {
    return tf.matMul(tf.mul(v, mask), layers[l]!.weights, false, true);
  }, last);
}

/** `[P, 3]`; see the contract. */
export function criticLossComposed(
  parameters: Tensor,
  points: Tensor,
  { hidden, penalty }: CriticLossAttrs,
): Tensor {
  const [P, , B, d] = points.shape as [number, number, number, number];
  const layers = layersOf(parameters, d, hidden);
  const own = tf.reshape(tf.slice(points, [0, 0, 0, 0], [P, 2, B, d]), [P, 2 * B, d]);
  const { weights, biases } = layers.at(-1)!;
  const values = tf.add(tf.matMul(forward(layers, own).h, weights), biases);
  const means = tf.mean(tf.reshape(values, [P, 2, B]), 2);
  const between = tf.reshape(tf.slice(points, [0, 2, 0, 0], [P, 1, B, d]), [P, B, d]);
  const slope = slopes(layers, forward(layers, between).masks);
  const excess = tf.sub(tf.sqrt(tf.add(tf.sum(tf.square(slope), 2), SLOPE_FLOOR)), 1);
  const charged = penalty === "oneSided" ? tf.relu(excess) : excess;
  return tf.concat([means, tf.mean(tf.square(charged), 1, true)], 1);
}
