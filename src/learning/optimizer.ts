// Optimisers of a population: pure functions of (parameters, gradient, state), one learning rate per replica.

import * as tf from "@tensorflow/tfjs";
import { factor, mapped, type PerReplica } from "./per-replica.js";
import type { Tensor } from "@tensorflow/tfjs";

/** State of an optimiser of one parameter tensor `[P, ...]`; empty for plain ascent. */
export type OptimizerState = Readonly<Record<string, Tensor>>;

/** One update: what to add to the parameters, and the next state. */
export type OptimizerStep = { readonly update: Tensor; readonly state: OptimizerState };

/** An optimiser of parameters of any shape `[P, ...]`. */
export type Optimizer = {
  /** The state before the first step, for parameters of this shape. */
  init(shape: readonly number[]): OptimizerState;
  /**
   * The update that ascends the gradient.
   *
   * @param gradient - `[P, ...]`
   * @param rate - learning rate of this step, `[P, 1, …]` or any shape that broadcasts
   * @param t - number of this step, from 1
   */
  step(gradient: Tensor, rate: Tensor, state: OptimizerState, t: number): OptimizerStep;
};

/** Options of {@link adam}: each one number, or one for each replica. */
export type AdamOptions = {
  readonly beta1: PerReplica;
  readonly beta2: PerReplica;
  readonly epsilon: PerReplica;
};

/**
 * Adam, `m ← β₁ m + (1-β₁) g`, `v ← β₂ v + (1-β₂) g²`, update `η m̂ / (√v̂ + ε)`.
 *
 * @see Kingma & Ba, arXiv:1412.6980
 */
export function adam({ beta1, beta2, epsilon }: AdamOptions): Optimizer {
  return {
    init: (shape) => ({ m: tf.zeros([...shape]), v: tf.zeros([...shape]) }),
    step: (gradient, rate, state, t) => {
      const of = (values: PerReplica): number | Tensor => factor(values, gradient.rank);
      const rest = (values: PerReplica): number | Tensor => of(mapped(values, (b) => 1 - b));
      const unbias = (b: PerReplica): number | Tensor => of(mapped(b, (x) => 1 / (1 - x ** t)));
      const m = tf.add(tf.mul(state["m"]!, of(beta1)), tf.mul(gradient, rest(beta1)));
      const v = tf.add(tf.mul(state["v"]!, of(beta2)), tf.mul(tf.square(gradient), rest(beta2)));
      const root = tf.sqrt(tf.mul(v, unbias(beta2)));
      const direction = tf.div(tf.mul(m, unbias(beta1)), tf.add(root, of(epsilon)));
      return { update: tf.mul(rate, direction), state: { m, v } };
    },
  };
}

/** Plain gradient ascent: update `η g`. */
export function ascent(): Optimizer {
  return {
    init: () => ({}),
    step: (gradient, rate) => ({ update: tf.mul(rate, gradient), state: {} }),
  };
}
