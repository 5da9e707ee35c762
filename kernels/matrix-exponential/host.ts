// The fused form for host memory.

import type { HostForm } from "../runtime/define.js";
import type { ExponentialAttrs } from "./contract.js";

/** Floating-point operations above which the other threads are woken: some 50 µs. */
const SPLIT_ABOVE = 150_000;

/** Bytes of a pair of float64 numbers. */
const PAIR = 16;

/** Host form of `ZenoMatrixExponential`. */
export const exponentialHost: HostForm<ExponentialAttrs> = ({ pool, inputs }) => {
  const [B, n] = inputs["a"]!.shape as [number, number, number];
  const [a, y] = [inputs["a"]!.load(), pool.alloc(4 * B * n * n)];
  const items = Math.ceil(B / 2);
  // Six products and some squarings.
  const alone = B * n ** 3 * 20 < SPLIT_ABOVE;
  pool.run("matrixExponential", [a, y, n, B], items, {
    scratch: PAIR * 6 * n * n,
    chunk: alone ? items : 1,
  });
  return [pool.f32(y, B * n * n)];
};
