// Adam for networks whose parameters are a list of tensors: descends, with the corrections of both means in the rate.

import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";

/** Rate and decays. */
export type AdamListOptions = {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
};

/**
 * Sums of the gradients and of their squares with decaying weights, one tensor a parameter: the means of Adam over
 * `1 − β₁` and `1 − β₂`.
 */
export type AdamListState = { readonly m: Tensor[]; readonly v: Tensor[] };

/** The state before the first step: zeros. */
export function adamListState(parameters: readonly Tensor[]): AdamListState {
  const zeros = (): Tensor[] => parameters.map((x) => tf.zeros(x.shape));
  return { m: zeros(), v: zeros() };
}

/**
 * One step of Adam, `x − η m̂ / (√v̂ + ε)`. With the sums `M ← β₁ M + g`, `V ← β₂ V + g²` and `c² = (1 − β₂)/(1 − β₂ᵗ)` it is
 * `x − η (1 − β₁)/(c (1 − β₁ᵗ)) · M / (√V + ε/c)`: fewer passes over the parameters than as printed.
 *
 * @param t - number of this step, from 1
 * @see Kingma & Ba, arXiv:1412.6980, algorithm 1
 */
export function adamListStep(
  parameters: readonly Tensor[],
  gradients: readonly Tensor[],
  state: AdamListState,
  { rate, beta1, beta2, epsilon }: AdamListOptions,
  t: number,
): { readonly parameters: Tensor[]; readonly state: AdamListState } {
  const c = Math.sqrt((1 - beta2) / (1 - beta2 ** t));
  const scale = (rate * (1 - beta1)) / (c * (1 - beta1 ** t));
  const [next, m, v]: [Tensor[], Tensor[], Tensor[]] = [[], [], []];
  for (const [i, x] of parameters.entries()) {
    const g = gradients[i]!;
    m.push(tf.add(tf.mul(state.m[i]!, beta1), g));
    v.push(tf.add(tf.mul(state.v[i]!, beta2), tf.square(g)));
    const direction = tf.div(m[i]!, tf.add(tf.sqrt(v[i]!), epsilon / c));
    next.push(tf.sub(x, tf.mul(direction, scale)));
  }
  return { parameters: next, state: { m, v } };
}
