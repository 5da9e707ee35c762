// Matrix products of the webgpu backend: where the batches of both sides broadcast, which its own kernel refuses, both are
// repeated to the batch of the result first; and long sums are added in one order, where its own adds by atomics in any.

import * as tf from "@tensorflow/tfjs";
import type { Tensor, TensorInfo } from "@tensorflow/tfjs";

type Call = {
  inputs: { a: Tensor; b: Tensor };
  backend: { readonly thresholdToIncreaseWorkgroups: number };
  attrs: { readonly transposeA: boolean; readonly transposeB: boolean };
};

/** A kernel that multiplies. */
export type ProductKernel = (call: Call) => TensorInfo;

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** What the stock kernel is told of the program to take: by default it chooses itself. */
const PROGRAM = "WEBGPU_MATMUL_PROGRAM_TYPE";
const SMALL_OUTPUT = 2;

/** Whether the stock kernel would split the sums of one product and add up the parts by atomics. */
function isSplit({ inputs: { a, b }, attrs, backend }: Call): boolean {
  if (tf.env().getNumber(PROGRAM) >= 0 || sizeOf(a.shape.slice(0, -2)) !== 1) return false;
  const [inner, rows] = (attrs.transposeA ? a.shape.slice(-2) : a.shape.slice(-2).reverse()) as [
    number,
    number,
  ];
  const columns = b.shape.at(attrs.transposeB ? -2 : -1)!;
  if (inner < 2000 || rows * columns <= 128) return false;
  const given = tf.env().getNumber("WEBGPU_THRESHOLD_TO_INCREASE_WORKGROUPS_FOR_MATMUL");
  const few = given > 0 ? given : backend.thresholdToIncreaseWorkgroups;
  const groups = Math.ceil(rows / 32) * Math.ceil(columns / 32);
  return groups <= few || (rows <= 8 && groups <= 2 * few);
}

/** The stock kernel, with a program that adds in one order. */
function inOrder(stock: ProductKernel, call: Call): TensorInfo {
  if (!isSplit(call)) return stock(call);
  const chosen = tf.env().getNumber(PROGRAM);
  tf.env().set(PROGRAM, SMALL_OUTPUT);
  try {
    return stock(call);
  } finally {
    tf.env().set(PROGRAM, chosen);
  }
}

/** Replaces BatchMatMul where the batch of neither side is that of the result, and where its sums would have no order. */
export function batchMatMul(stock: ProductKernel): ProductKernel {
  return (call) => {
    const { inputs, attrs } = call;
    const { a, b } = inputs;
    const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
    const batch = tf.broadcast_util.assertAndGetBroadcastShape(batchA, batchB);
    const size = sizeOf(batch);
    if (size === 0 || size === sizeOf(batchA) || size === sizeOf(batchB))
      return inOrder(stock, call);
    return tf.tidy(() => {
      const whole = (x: Tensor): Tensor => tf.broadcastTo(x, [...batch, ...x.shape.slice(-2)]);
      return tf.matMul(whole(a), whole(b), attrs.transposeA, attrs.transposeB);
    });
  };
}
