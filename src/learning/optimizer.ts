// Optimisers of a population: pure functions of (parameters, gradient, state), one learning rate per replica.

import * as tf from "@tensorflow/tfjs";
import { adamStep, type AdamRates } from "../../kernels/adam-step/index.js";
import { factor, valueOf, type PerReplica } from "./per-replica.js";
import type { Tensor } from "@tensorflow/tfjs";

/** State of an optimiser of one parameter tensor `[P, ...]`; empty for plain ascent. */
export type OptimizerState = Readonly<Record<string, Tensor>>;

/** What a step leaves: the next parameters, and the next state. */
export type OptimizerStep = { readonly parameters: Tensor; readonly state: OptimizerState };

/** Parameters `[P, ...]` and their gradient. */
export type Slope = { readonly parameters: Tensor; readonly gradient: Tensor };

/** An optimiser of parameters of any shape `[P, ...]`. */
export type Optimizer = {
  /** The state before the first step, for parameters of this shape. */
  init(shape: readonly number[]): OptimizerState;
  /**
   * A step up the gradient.
   *
   * @param rate - learning rate of this step; a negative one descends
   * @param t - number of this step, from 1
   */
  step(slope: Slope, rate: PerReplica, state: OptimizerState, t: number): OptimizerStep;
};

/** Options of {@link adam}: each one number, or one for each replica. */
export type AdamOptions = {
  readonly beta1: PerReplica;
  readonly beta2: PerReplica;
  readonly epsilon: PerReplica;
};

/** The rates of step t of one replica. */
function ratesOf(
  { beta1, beta2, epsilon }: Readonly<Record<keyof AdamOptions, number>>,
  rate: number,
  t: number,
): AdamRates {
  return {
    ...{ decay1: beta1, weight1: 1 - beta1, unbias1: 1 / (1 - beta1 ** t) },
    ...{ decay2: beta2, weight2: 1 - beta2, unbias2: 1 / (1 - beta2 ** t) },
    ...{ epsilon, rate },
  };
}

/**
 * Adam, `m ← β₁ m + (1-β₁) g`, `v ← β₂ v + (1-β₂) g²`, step `η m̂ / (√v̂ + ε)`.
 *
 * @see Kingma & Ba, arXiv:1412.6980
 */
export function adam({ beta1, beta2, epsilon }: AdamOptions): Optimizer {
  return {
    init: (shape) => ({ m: tf.zeros([...shape]), v: tf.zeros([...shape]) }),
    step: ({ parameters, gradient }, rate, { m, v }, t) => {
      const common = [beta1, beta2, epsilon, rate].every((each) => typeof each === "number");
      const rates = Array.from({ length: common ? 1 : parameters.shape[0] }, (_, p) => {
        const [b1, b2, e] = [beta1, beta2, epsilon].map((each) => valueOf(each, p));
        return ratesOf({ beta1: b1!, beta2: b2!, epsilon: e! }, valueOf(rate, p), t);
      });
      const next = adamStep({ parameters, gradient, m: m!, v: v! }, rates);
      return { parameters: next.parameters, state: { m: next.m, v: next.v } };
    },
  };
}

/** Plain gradient ascent: `x + η g`. */
export function ascent(): Optimizer {
  return {
    init: () => ({}),
    step: ({ parameters, gradient }, rate) => ({
      parameters: tf.add(parameters, tf.mul(factor(rate, gradient.rank), gradient)),
      state: {},
    }),
  };
}
