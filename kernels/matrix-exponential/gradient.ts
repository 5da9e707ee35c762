// The vector-Jacobian product of the exponential is an exponential: of the block matrix [[aᵀ, ȳ], [0, aᵀ]], whose upper
// right block is the Fréchet derivative at aᵀ in the direction ȳ. So there are derivatives of any order.

import * as tf from "@tensorflow/tfjs";
import { defineGradient, runKernel } from "../runtime/define.js";
import { exponentialContract } from "./contract.js";
import type { Tensor } from "@tensorflow/tfjs";

/** `ā` for the cotangent of exp(a). */
function pulledBack(a: Tensor, dy: Tensor): Tensor {
  const [B, n] = a.shape as [number, number, number];
  if (B === 0) return tf.zeros(a.shape);
  const at = tf.transpose(a, [0, 2, 1]);
  const upper = tf.concat([at, dy], 2);
  const lower = tf.concat([tf.zerosLike(a), at], 2);
  const block = tf.concat([upper, lower], 1);
  const [exponential] = runKernel(exponentialContract, { a: block }, {});
  return tf.slice(exponential!, [0, 0, n], [B, n, n]);
}

/** Registers the gradient of the fused form. */
export function defineExponentialGradient(): void {
  defineGradient(exponentialContract, (dy, [a]) => ({
    a: () => pulledBack(a!, dy as Tensor),
  }));
}
