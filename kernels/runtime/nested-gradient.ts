// A vector-Jacobian product inside of a gradient. Stock tfjs forgets its tape when one gradient function asks for another
// gradient; the private state that this relies on is declared here and nowhere else.

import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";

type TapeState = { activeTape: unknown; gradientDepth: number; kernelDepth: number };

/**
 * The gradients of `f` at `inputs` for the cotangent `dy`, also while another gradient is being computed. What is computed
 * stands on the tape of an enclosing gradient, so that it can be differentiated in turn.
 */
export function nestedGradients(
  f: (inputs: readonly Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  dy: Tensor,
): Tensor[] {
  const { state } = tf.engine() as unknown as { state: TapeState };
  const gradients = (): Tensor[] => tf.grads((...given: Tensor[]) => f(given))([...inputs], dy);
  if (state.gradientDepth > 0) return gradients();
  const { activeTape } = state;
  try {
    return gradients();
  } finally {
    state.activeTape = activeTape;
  }
}

/** A function's value and the gradients of its product with a cotangent. */
export type ValueAndGradients = { readonly value: Tensor; readonly gradients: readonly Tensor[] };

/**
 * The value of `f` and its gradients at `inputs` for the cotangent `dy`, inside of a kernel, where tfjs has no tape: on a
 * tape of their own, which the enclosing ones do not see. Where `f` does not depend on an input its gradient is 0.
 */
export function separateGradients(
  f: (inputs: readonly Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  dy?: Tensor,
): ValueAndGradients {
  const engine = tf.engine();
  const { state } = engine as unknown as { state: TapeState };
  const { activeTape, gradientDepth, kernelDepth } = state;
  Object.assign(state, { activeTape: null, gradientDepth: 0, kernelDepth: 0 });
  try {
    const all = [...inputs];
    const { value, grads } = engine.gradients(() => f(all), all, dy, true);
    return {
      value,
      gradients: (grads as (Tensor | null)[]).map((g, i) => g ?? tf.zeros(all[i]!.shape)),
    };
  } finally {
    Object.assign(state, { activeTape, gradientDepth, kernelDepth });
  }
}
