// Moving averages of parameters.

import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";

/**
 * `a + (1 - d)(x - a)` with d = min(decay, (1 + t)/(10 + t)), so that the first steps do not linger.
 *
 * @param t - number of this step, from 1
 */
export function movingAverage(average: Tensor, value: Tensor, decay: number, t: number): Tensor {
  const d = Math.min(decay, (1 + t) / (10 + t));
  return tf.add(average, tf.mul(tf.sub(value, average), 1 - d));
}
