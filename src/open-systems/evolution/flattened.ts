// Operators on a flat batch.

import * as tf from "@tensorflow/tfjs";
import { broadcastLead, sizeOf } from "../../complex/index.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Complex } from "../../complex/index.js";

/** Leading axes repeated to `lead`, then merged: `[B, n, n]`. */
export function flattened(A: Complex, lead: readonly number[]): Complex {
  const { re, im } = broadcastLead(A, lead);
  const flat = (part: Tensor): Tensor => tf.reshape(part, [sizeOf(lead), ...part.shape.slice(-2)]);
  return { re: flat(re), im: flat(im) };
}
