// The losses of both networks, which are minimised: cross entropies of the discriminator's logits with smoothed labels.

import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";

/** A loss and its slope by the logits. */
export type Loss = { readonly value: Tensor; readonly slope: Tensor };

/**
 * `Σ [softplus(s) − y s] / B`: minus `y ln S(s) + (1 − y) ln(1 − S(s))`. Its slope is `(S(s) − y)/B`.
 *
 * @param logits - s, `[rows, 1]`
 * @param labels - y, `[rows, 1]` or a number
 * @param B - images of a batch: of two batches, real and generated ones, the means are added
 */
export function crossEntropy(logits: Tensor, labels: Tensor | number, B: number): Loss {
  const each = tf.sub(tf.softplus(logits), tf.mul(logits, labels));
  return {
    value: tf.div(tf.sum(each), B),
    slope: tf.mul(tf.sub(tf.sigmoid(logits), labels), 1 / B),
  };
}
