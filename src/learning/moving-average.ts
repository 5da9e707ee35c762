// Moving averages of parameters.

import * as tf from "@tensorflow/tfjs";
import { factor, mapped, type PerReplica } from "./per-replica.js";
import type { Tensor } from "@tensorflow/tfjs";

/**
 * `a + (1 - d)(x - a)` with d = min(decay, (1 + t)/(10 + t)), so that the first steps do not linger.
 *
 * @param average - `[P, …]`, as `value`
 * @param decay - one, or one for each replica
 * @param t - number of this step, from 1
 */
export function movingAverage(
  average: Tensor,
  value: Tensor,
  decay: PerReplica,
  t: number,
): Tensor {
  const share = mapped(decay, (d) => 1 - Math.min(d, (1 + t) / (10 + t)));
  return tf.add(average, tf.mul(tf.sub(value, average), factor(share, value.rank)));
}
