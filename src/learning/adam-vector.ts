// Adam for a network whose parameters are one vector: descends, with the corrections of both means in the rate.

import * as tf from "@tensorflow/tfjs";
import { adamStep } from "../../kernels/adam-step/index.js";
import type { Tensor1D } from "@tensorflow/tfjs";

/** Rate and decays. */
export type AdamVectorOptions = {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
};

/** The running means of the gradients and of their squares, from 0. */
export type AdamVectorState = { readonly m: Tensor1D; readonly v: Tensor1D };

/** The state before the first step of a vector of n parameters: zeros. */
export function adamVectorState(n: number): AdamVectorState {
  return { m: tf.zeros([n]), v: tf.zeros([n]) };
}

/**
 * One step of Adam, `x − η m̂ / (√v̂ + ε)`. With `c² = 1 − β₂ᵗ` it is `x − η c/(1 − β₁ᵗ) · m / (√v + c ε)`: the corrections are
 * in the rate, and a backend's own operation has this form.
 *
 * @param x - parameters, `[n]`
 * @param g - gradient, `[n]`
 * @param t - number of this step, from 1
 * @see Kingma & Ba, arXiv:1412.6980, algorithm 1
 */
export function adamVectorStep(
  x: Tensor1D,
  g: Tensor1D,
  state: AdamVectorState,
  { rate, beta1, beta2, epsilon }: AdamVectorOptions,
  t: number,
): { readonly x: Tensor1D; readonly state: AdamVectorState } {
  const c = Math.sqrt(1 - beta2 ** t);
  const rates = {
    ...{ decay1: beta1, weight1: 1 - beta1, unbias1: 1 },
    ...{ decay2: beta2, weight2: 1 - beta2, unbias2: 1 },
    epsilon: c * epsilon,
    rate: (-rate * c) / (1 - beta1 ** t),
  };
  const next = adamStep({ parameters: x, gradient: g, ...state }, [rates]);
  const { parameters, m, v } = next as Readonly<Record<keyof typeof next, Tensor1D>>;
  return { x: parameters, state: { m, v } };
}
