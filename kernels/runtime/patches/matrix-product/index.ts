// Replacements of the wasm backend's matrix products: stock ones are plain loops for batches and transposed factors,
// wrong where both batches broadcast, and the fused product is wrong beyond 48 terms.

import * as tf from "@tensorflow/tfjs";
import { hostAccess } from "../../host/access.js";
import { hostPool } from "../../host/pool.js";
import { matrixProduct } from "./host.js";
import type { HostPool } from "../../host/pool.js";
import type { Tensor, TensorInfo } from "@tensorflow/tfjs";

type Backend = Parameters<typeof hostAccess.wasm.read>[0];

type MatMulCall = {
  inputs: { a: TensorInfo; b: TensorInfo };
  attrs: { transposeA: boolean; transposeB: boolean };
  backend: Backend;
};

type Activation = (x: Tensor) => Tensor;

/** What the fused product may apply behind the bias, but for the two with arguments of their own. */
const activations: Readonly<Record<string, Activation>> = {
  linear: (x) => x,
  relu: tf.relu,
  relu6: tf.relu6,
  elu: tf.elu,
  sigmoid: tf.sigmoid,
};

/** Where matrix i of the broadcast batch `shape` lies among those of `own`. */
function broadcastIndex(i: number, shape: readonly number[], own: readonly number[]): number {
  let index = 0;
  let stride = 1;
  for (let axis = shape.length - 1, left = i; axis >= 0; axis--) {
    const size = own[axis - shape.length + own.length] ?? 1;
    if (size > 1) index += stride * (left % shape[axis]!);
    stride *= size;
    left = Math.floor(left / shape[axis]!);
  }
  return index;
}

/** Copies a factor to the pool; one that is broadcast, but for a single matrix, is repeated there. */
function load(
  pool: HostPool,
  backend: Backend,
  tensor: TensorInfo,
  batchShape: readonly number[],
): { at: number; shared: boolean } {
  const own = tensor.shape.slice(0, -2);
  const count = tf.util.sizeFromShape(own);
  const batch = tf.util.sizeFromShape([...batchShape]);
  const size = tensor.shape.at(-2)! * tensor.shape.at(-1)!;
  const shared = count === 1;
  const copies = shared ? 1 : batch;
  const at = pool.alloc(4 * copies * size);
  const values = hostAccess.wasm.read(backend, tensor);
  const target = pool.f32(at, copies * size);
  if (count === copies) target.set(values);
  else {
    for (let i = 0; i < batch; i++) {
      const from = broadcastIndex(i, batchShape, own) * size;
      target.set(values.subarray(from, from + size), i * size);
    }
  }
  return { at, shared };
}

/** Replaces BatchMatMul. */
export function batchMatMul({ inputs: { a, b }, attrs, backend }: MatMulCall): TensorInfo {
  const { transposeA, transposeB } = attrs;
  const [m, k] = transposeA
    ? [a.shape.at(-1)!, a.shape.at(-2)!]
    : [a.shape.at(-2)!, a.shape.at(-1)!];
  const [n, inner] = transposeB
    ? [b.shape.at(-2)!, b.shape.at(-1)!]
    : [b.shape.at(-1)!, b.shape.at(-2)!];
  if (k !== inner) {
    throw new Error(
      `matMul: the inner dimensions ${String(k)} and ${String(inner)} of shapes [${String(a.shape)}] and [${String(b.shape)}] must be equal.`,
    );
  }
  if (a.dtype !== "float32" || b.dtype !== "float32") {
    throw new Error(`matMul: both factors must be float32, but are ${a.dtype} and ${b.dtype}.`);
  }
  const batchShape = tf.broadcast_util.assertAndGetBroadcastShape(
    a.shape.slice(0, -2),
    b.shape.slice(0, -2),
  );
  const batch = tf.util.sizeFromShape(batchShape);
  const pool = hostPool();
  try {
    const left = load(pool, backend, a, batchShape);
    const right = load(pool, backend, b, batchShape);
    // One matrix B for all rows: the batch is one tall matrix.
    const tall = right.shared && !left.shared && !transposeA;
    const c = matrixProduct(pool, left.at, right.at, {
      ...(tall
        ? { m: batch * m, batch: 1 }
        : { m, batch, sharedA: left.shared, sharedB: right.shared }),
      ...{ n, k, transposeA, transposeB },
    });
    return hostAccess.wasm.make(backend, [...batchShape, m, n], pool.f32(c, batch * m * n));
  } finally {
    pool.release();
  }
}

type FusedCall = {
  inputs: { a: Tensor; b: Tensor; bias?: Tensor; preluActivationWeights?: Tensor };
  attrs: {
    transposeA: boolean;
    transposeB: boolean;
    activation: string;
    leakyreluAlpha?: number;
  };
};

/** Replaces _FusedMatMul. */
export function fusedMatMul({ inputs, attrs }: FusedCall): Tensor {
  const { a, b, bias, preluActivationWeights } = inputs;
  const { transposeA, transposeB, activation, leakyreluAlpha } = attrs;
  return tf.tidy(() => {
    const product = tf.matMul(a, b, transposeA, transposeB);
    const sum = bias === undefined ? product : tf.add(product, bias);
    if (activation === "prelu") return tf.prelu(sum, preluActivationWeights!);
    if (activation === "leakyrelu") return tf.leakyRelu(sum, leakyreluAlpha);
    return activations[activation]!(sum);
  });
}
