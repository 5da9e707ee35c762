// The gradient penalty of WGAN-GP for any critic of ordinary tf operations: its derivatives by the critic's parameters are
// exact, through second derivatives of the critic. Critics of ReLU layers have a kernel, `kernels/critic-loss`.

import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";

/** Which slopes are penalised: all but 1, or those above 1 only. */
export type PenaltySide = "oneSided" | "twoSided";

/** Added to the squared slope, so that its root has a derivative everywhere. */
const SLOPE_FLOOR = 1e-12;

/**
 * Mean over the points of `(|∇D| − 1)²`, or of `max(|∇D| − 1, 0)²` when one-sided, `|g| = √(Σ g² + 1e-12)`.
 *
 * @param critic - D, from points `[P, B, d]` to `[P, B]`; a point's value depends on that point alone. Of the
 *   activations of tfjs, ReLU and softplus have right second derivatives; tanh, sigmoid, elu and leakyRelu have not
 * @param points - `[P, B, d]`, for example between real and generated ones
 * @returns `[P]`
 * @see Gulrajani et al., arXiv:1704.00028
 */
export function gradientPenalty(
  critic: (points: Tensor) => Tensor,
  points: Tensor,
  side: PenaltySide,
): Tensor {
  const slope = tf.grad((x: Tensor) => tf.sum(critic(x)))(points);
  const excess = tf.sub(tf.sqrt(tf.add(tf.sum(tf.square(slope), 2), SLOPE_FLOOR)), 1);
  return tf.mean(tf.square(side === "oneSided" ? tf.relu(excess) : excess), 1);
}

/** `a x + (1 − a) y` with one uniform number a for each row, `[P, B, d]`. */
export function between(a: Tensor, x: Tensor, y: Tensor): Tensor {
  return tf.add(y, tf.mul(a, tf.sub(x, y)));
}
