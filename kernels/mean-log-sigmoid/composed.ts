// The mean log-sigmoid in tf operations: any backend, any order of derivative (with the patched Sigmoid).

import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";
import type { MeanLogSigmoidAttrs } from "./contract.js";

/** Means `[rows]` of ln S(k x) = -softplus(-k x); log(sigmoid(x)) would underflow. */
export function meanLogSigmoidComposed(x: Tensor, { slope }: MeanLogSigmoidAttrs): Tensor {
  const minus =
    typeof slope === "number" ? -slope : tf.tensor2d(slope.map((k) => -k), [slope.length, 1]); // prettier-ignore
  return tf.neg(tf.mean(tf.softplus(tf.mul(x, minus)), 1));
}
