// Stopping a gradient.

import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";

/**
 * `f(x)` with nothing of it on the tape: its derivatives are 0. For what drops out of a result, and for what is only
 * read.
 */
export function constantOf(x: Tensor, f: (x: Tensor) => Tensor): Tensor {
  const detached = tf.customGrad((t) => ({
    value: f(t as Tensor),
    gradFunc: () => tf.zeros(x.shape),
  }));
  return detached(x);
}

/** The value of x alone: its derivatives are 0. */
export function constant(x: Tensor): Tensor {
  return constantOf(x, (t) => tf.clone(t));
}
