// Matrix products of the webgpu backend: where the batches of both sides broadcast, which its own kernel refuses, both are
// repeated to the batch of the result first; and sums are added in an order that the one product sets, where its own kernel
// takes one by the number of products, or adds by atomics in any.

import * as tf from "@tensorflow/tfjs";
import type { Tensor, TensorInfo } from "@tensorflow/tfjs";

type Backend = { readonly thresholdToIncreaseWorkgroups: number };

type Call = {
  inputs: { a: Tensor; b: Tensor };
  backend: Backend;
  attrs: { readonly transposeA: boolean; readonly transposeB: boolean };
};

/** A kernel that multiplies. */
export type ProductKernel = (call: Call) => TensorInfo;

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** What the stock kernel is told of the program to take; below 0 it chooses itself. */
const PROGRAM = "WEBGPU_MATMUL_PROGRAM_TYPE";
/** A workgroup an entry of the result, which adds up in parallel. */
const REDUCE = 0;
/** Term after term in small tiles, as the stock kernel's large tiles do too. */
const SMALL_OUTPUT = 2;

/** Entries of a product up to which the stock kernel may reduce in parallel, and terms from which that is worth it. */
const FEW_ENTRIES = 128;
const MANY_TERMS = 256;
/** Terms from which the stock kernel splits sums. */
const SPLIT_TERMS = 2000;

/** The program for products of these shapes: for one the same as for many. */
function programOf({ inputs: { a, b }, attrs, backend }: Call): number {
  const given = tf.env().getNumber(PROGRAM);
  if (given >= 0) return given;
  const sides = attrs.transposeA ? a.shape.slice(-2) : a.shape.slice(-2).reverse();
  const [terms, rows] = sides as [number, number];
  const columns = b.shape.at(attrs.transposeB ? -2 : -1)!;
  const entries = rows * columns;
  if (entries <= FEW_ENTRIES) return terms >= MANY_TERMS ? REDUCE : SMALL_OUTPUT;
  return terms >= SPLIT_TERMS && hasFewGroups(rows, columns, backend) ? SMALL_OUTPUT : given;
}

/** Whether one product leaves a device idle, by the stock kernel's own measure. */
function hasFewGroups(
  rows: number,
  columns: number,
  { thresholdToIncreaseWorkgroups }: Backend,
): boolean {
  const given = tf.env().getNumber("WEBGPU_THRESHOLD_TO_INCREASE_WORKGROUPS_FOR_MATMUL");
  const few = given > 0 ? given : thresholdToIncreaseWorkgroups;
  const groups = Math.ceil(rows / 32) * Math.ceil(columns / 32);
  return groups <= few || (rows <= 8 && groups <= 2 * few);
}

/** The stock kernel with the program of {@link programOf}. */
function inOrder(stock: ProductKernel, call: Call): TensorInfo {
  const chosen = tf.env().getNumber(PROGRAM);
  tf.env().set(PROGRAM, programOf(call));
  try {
    return stock(call);
  } finally {
    tf.env().set(PROGRAM, chosen);
  }
}

/** Replaces BatchMatMul where the batch of neither side is that of the result, and gives its sums an order. */
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
