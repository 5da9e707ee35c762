// The critic's side of WGAN-GP: losses with their gradients, and the generator's view of the critic.

import * as tf from "@tensorflow/tfjs";
import { criticLossAndGradient, parameterCount } from "../../../kernels/critic-loss/index.js";
import { dense } from "../../learning/dense.js";
import { gradientPenalty } from "../../learning/gradient-penalty.js";
import { valueOf } from "../../learning/per-replica.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { ModelConfig } from "./config.js";

/** A critic of points of d columns. */
export type Critic = {
  /** Numbers of its parameters, K. */
  readonly count: number;
  /** D, `[P, B]`, of points `[P, B, d]`; differentiable in tf operations. */
  values(parameters: Tensor, points: Tensor): Tensor;
  /**
   * Means of D over real and generated points and the penalty at those between, `[P, 3]`, and the gradient that
   * ascends `⟨D(real)⟩ − ⟨D(generated)⟩ − λ penalty`, `[P, K]`.
   *
   * @param points - `[P, 3, B, d]`: real, generated, between
   */
  losses(
    parameters: Tensor,
    points: Tensor,
  ): { readonly values: Tensor; readonly gradient: Tensor };
};

/** The critic of a configuration, for points of d columns. */
export function criticOf(model: ModelConfig, d: number): Critic {
  const { hidden, activation, penalty, lambda } = model;
  const values: Critic["values"] = (parameters, points) =>
    dense(parameters, points, { hidden, activation });
  const weights = (P: number): Tensor =>
    tf.tensor2d(Array.from({ length: P }, (_, p) => [1, -1, -valueOf(lambda, p)]));
  return {
    count: parameterCount(d, hidden),
    values,
    losses(parameters, points) {
      const w = weights(points.shape[0]);
      if (activation === "relu")
        return criticLossAndGradient(parameters, points, w, { hidden, penalty });
      return lossesOf(values, parameters, points, w, penalty);
    },
  };
}

/** Losses of any differentiable critic, by ordinary tf operations. */
function lossesOf(
  critic: Critic["values"],
  parameters: Tensor,
  points: Tensor,
  weights: Tensor,
  penalty: ModelConfig["penalty"],
): { values: Tensor; gradient: Tensor } {
  const [real, generated, between] = tf.unstack(points, 1) as [Tensor, Tensor, Tensor];
  const three = (w: Tensor): Tensor =>
    tf.stack(
      [
        tf.mean(critic(w, real), 1),
        tf.mean(critic(w, generated), 1),
        gradientPenalty((x) => critic(w, x), between, penalty),
      ],
      1,
    );
  const gradient = tf.grad((w: Tensor) => tf.sum(tf.mul(weights, three(w))))(parameters);
  return { values: three(parameters), gradient };
}
