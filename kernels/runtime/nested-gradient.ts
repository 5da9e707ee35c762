// A vector-Jacobian product inside of a gradient. Stock tfjs forgets its tape when one gradient function asks for another
// gradient; the private state that this relies on is declared here and nowhere else.

import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";

type TapeState = { activeTape: unknown; gradientDepth: number };

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
