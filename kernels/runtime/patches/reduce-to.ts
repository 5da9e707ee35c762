// Undoing broadcasting in a gradient.

import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";

/** Sums `t` over the axes along which a tensor of shape `shape` was broadcast to it. */
export function reduceTo(t: Tensor, shape: number[]): Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, t.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(t, axes) : t, shape);
}
