// Matrix products of host arrays on the pool, for the kernels that replace stock ones.

import type { HostPool } from "../../host/pool.js";

/** C = op(A) op(B) for a batch: C is [batch, m, n], op(A) [batch, m, k], op(B) [batch, k, n]. */
export type Product = {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batch: number;
  /** Whether A is stored as [batch, k, m]. */
  readonly transposeA: boolean;
  /** Whether B is stored as [batch, n, k]. */
  readonly transposeB: boolean;
  /** Whether all products share A, which then is one matrix; likewise B. */
  readonly sharedA?: boolean;
  readonly sharedB?: boolean;
};

/** Multiplications above which the other threads are woken: some 50 µs. */
const SPLIT_ABOVE = 200_000;

/** Rows of an item at least: packing the panels of B costs about as much as four rows. */
const ROWS = 32;

/** Packed panels, `PRODUCT_SCRATCH` of product.as.ts. */
const SCRATCH = 24_576;

/**
 * Multiplies arrays in the pool's memory.
 *
 * @param a - address of A
 * @param b - address of B
 * @returns address of C, valid until the pool is released
 */
export function matrixProduct(pool: HostPool, a: number, b: number, product: Product): number {
  const { m, n, k, batch, transposeA, transposeB, sharedA = false, sharedB = false } = product;
  const c = pool.alloc(4 * batch * m * n);
  if (k === 0) pool.f32(c, batch * m * n).fill(0);
  if (batch * m * n * k === 0) return c;
  const rows = batch >= 4 * pool.threads ? m : Math.max(ROWS, Math.ceil(m / (4 * pool.threads)));
  const perMatrix = Math.ceil(m / rows);
  const items = batch * perMatrix;
  const strides = [
    ...(transposeA ? [4, 4 * m] : [4 * k, 4]),
    ...(transposeB ? [4, 4 * k] : [4 * n, 4]),
    sharedA ? 0 : 4 * m * k,
    sharedB ? 0 : 4 * k * n,
  ];
  pool.run("matrixProduct", [a, b, c, m, n, k, ...strides, rows, perMatrix], items, {
    scratch: SCRATCH,
    ...(batch * m * n * k < SPLIT_ABOVE && { chunk: items }),
  });
  return c;
}
