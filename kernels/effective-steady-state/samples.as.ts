// Quads of samples as the lanes of a vector, for the kernels of the dissipative network: rows in and out at the end
// of a batch, shared rates, and the scale of the couplings.

import { gather4, splat } from "../runtime/host/lanes.as";

/** The first `count` lanes of x, lane l to `at` + l `stride`. */
function scatterSome(at: usize, stride: usize, x: v128, count: i32): void {
  v128.store_lane<f32>(at, x, 0);
  if (count > 1) v128.store_lane<f32>(at + stride, x, 1);
  if (count > 2) v128.store_lane<f32>(at + 2 * stride, x, 2);
  if (count > 3) v128.store_lane<f32>(at + 3 * stride, x, 3);
}

/** Index of lane l of a quad with the last sample repeated: its cotangent is 0 and must meet no infinity. */
// @ts-ignore: decorator
@inline export function lane(row: usize, sample: i32, last: i32, l: i32): usize { return row + <usize>min<i32>(sample + l, last); }
// @ts-ignore: decorator
@inline export function gatherRows(base: usize, row: usize, sample: i32, last: i32, stride: usize): v128 {
  return gather4(base + lane(row, sample, last, 0) * stride, base + lane(row, sample, last, 1) * stride, base + lane(row, sample, last, 2) * stride, base + lane(row, sample, last, 3) * stride);
}
/** A rate that is shared by all, by a population row, or by nobody. */
// @ts-ignore: decorator
@inline export function rateOf(at: usize, rows: bool, samples: bool, p: i32, B: i32, sample: i32, last: i32): v128 {
  if (samples) return gatherRows(at, rows ? <usize>p * <usize>B : 0, sample, last, 4);
  return splat(rows ? at + (<usize>p << 2) : at);
}

/** The power of two 1 / s with s <= max |x| < 2 s: (J, gamma) and (J, gamma) / s have the same steady state, and the second overflows nowhere. */
// @ts-ignore: decorator
@inline export function inversePower(x: v128): v128 {
  const exponent = v128.and(i32x4.shr_u(x, 23), i32x4.splat(0xff));
  return i32x4.shl(i32x4.min_s(i32x4.max_s(i32x4.sub(i32x4.splat(254), exponent), i32x4.splat(1)), i32x4.splat(253)), 23);
}
export { scatterSome };
