// NaN in all memory that the next call of a kernel is given, so that an output which is not written cannot pass
// with what an earlier call has left there.

import * as tf from "@tensorflow/tfjs";
import { hostPool } from "../../kernels/runtime/host/pool.js";

/** Bytes of the pool that are filled; more than any call of the tests takes. */
const BYTES = 2 ** 22;

function poisonPool(): void {
  const pool = hostPool();
  pool.release();
  pool.f32(pool.alloc(BYTES), BYTES / 4).fill(NaN);
  pool.release();
}

/** Memory that the backend hands out again for a tensor of this size. */
function poisonBackend(size: number): void {
  tf.dispose([tf.fill([size], NaN), tf.fill([size], NaN), tf.fill([size], NaN)]);
}

/** Fills the pool, and the memory of the backend that tensors of these sizes will get. */
export function poison(sizes: readonly number[]): void {
  poisonPool();
  for (const size of sizes) if (size > 0) poisonBackend(size);
}
