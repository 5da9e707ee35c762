// Matrix products of the webgpu backend where the batches of both sides broadcast, which its own kernel refuses: both are
// repeated to the batch of the result first.

import * as tf from "@tensorflow/tfjs";
import type { Tensor, TensorInfo } from "@tensorflow/tfjs";

type Call = {
  inputs: { a: Tensor; b: Tensor };
  attrs: { readonly transposeA: boolean; readonly transposeB: boolean };
};

/** A kernel that multiplies. */
export type ProductKernel = (call: Call) => TensorInfo;

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Replaces BatchMatMul where the batch of neither side is that of the result. */
export function batchMatMul(stock: ProductKernel): ProductKernel {
  return (call) => {
    const { inputs, attrs } = call;
    const { a, b } = inputs;
    const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
    const batch = tf.broadcast_util.assertAndGetBroadcastShape(batchA, batchB);
    const size = sizeOf(batch);
    if (size === 0 || size === sizeOf(batchA) || size === sizeOf(batchB)) return stock(call);
    return tf.tidy(() => {
      const whole = (x: Tensor): Tensor => tf.broadcastTo(x, [...batch, ...x.shape.slice(-2)]);
      return tf.matMul(whole(a), whole(b), attrs.transposeA, attrs.transposeB);
    });
  };
}
