// The fused form for host memory.

import { sizeOf } from "../runtime/define.js";
import type { HostForm } from "../runtime/define.js";
import type { LinearSolveAttrs } from "./contract.js";

/** Floating-point operations above which the other threads are woken: some 50 µs. */
const SPLIT_ABOVE = 150_000;

/** Bytes of a pair of float64 numbers. */
const PAIR = 16;

/** Host form of `ZenoLinearSolve`. */
export const linearSolveHost: HostForm<LinearSolveAttrs> = ({ pool, inputs, attrs, shapes }) => {
  const [B, n, m] = inputs["b"]!.shape as [number, number, number];
  const [a, b] = [inputs["a"]!.load(), inputs["b"]!.load()];
  const x = pool.alloc(4 * sizeOf(shapes[0]!));
  const rcond = attrs.condition ? pool.alloc(4 * B) : 0;
  const items = Math.ceil(B / 2);
  const alone = B * n * n * ((2 / 3) * n + 2 * m) < SPLIT_ABOVE;
  pool.run("linearSolve", [a, b, x, rcond, n, m, B, attrs.transpose ? 1 : 0], items, {
    scratch: PAIR * (n * n + n * m + 3 * n),
    ...(alone && { chunk: items }),
  });
  return [pool.f32(x, B * n * m), pool.f32(rcond, attrs.condition ? B : 0)];
};
