// Means of ln S(k x) over rows, and their gradient: four values on the lanes, sums in float64.
// args: x f32 [rows, n], n, slopes f32 [rows], mean f32 [rows], and for the gradient dy f32 [rows], dx f32 [rows, n].
// Item = one row, so that a row's bits do not depend on the others. Scratch: 32 bytes.

import { add, arg, expNegative, ln, mul, sub, sumLanes } from "../runtime/host/lanes.as";

/** Values whose float32 sum goes into the float64 one at a time. */
const RUN: usize = 256;

// @ts-ignore: decorator
@inline function slopeOf(args: usize, row: i32): v128 { return v128.load_splat<f32>(arg(args, 2) + (<usize>row << 2)); }

/** Four values at `at`, or the `left` last ones and copies of the first of them. */
// @ts-ignore: decorator
@inline function load4(at: usize, left: usize, scratch: usize): v128 {
  if (left >= 4) return v128.load(at);
  v128.store(scratch, v128.load_splat<f32>(at));
  memory.copy(scratch, at, left << 2);
  return v128.load(scratch);
}

/** ln S(y) = min(y, 0) - ln(1 + e), e = exp(-|y|); the correction of ln(1 + e) keeps small e exact. */
// @ts-ignore: decorator
@inline function logSigmoid(y: v128): v128 {
  const e = expNegative(f32x4.neg(f32x4.abs(y))), u = add(f32x4.splat(1), e);
  const log1p = add(ln(u), f32x4.div(sub(e, sub(u, f32x4.splat(1))), u));
  return sub(f32x4.min(y, f32x4.splat(0)), log1p);
}

/** S(-y). */
// @ts-ignore: decorator
@inline function sigmoidOfMinus(y: v128): v128 {
  const e = expNegative(f32x4.neg(f32x4.abs(y)));
  return f32x4.div(v128.bitselect(e, f32x4.splat(1), f32x4.ge(y, f32x4.splat(0))), add(f32x4.splat(1), e));
}

export function meanLogSigmoid(args: usize, lo: i32, hi: i32, scratch: usize): void {
  const n = arg(args, 1);
  for (let row = lo; row < hi; row++) {
    const slope = slopeOf(args, row), x = arg(args, 0) + ((<usize>row * n) << 2);
    let total: f64 = 0;
    for (let from: usize = 0; from < n; from += RUN) {
      const to = min<usize>(n, from + RUN);
      let sum = f32x4.splat(0);
      for (let i = from; i < to; i += 4) {
        let y = logSigmoid(mul(slope, load4(x + (i << 2), to - i, scratch)));
        if (to - i < 4) y = v128.and(y, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(<i32>(to - i))));
        sum = add(sum, y);
      }
      total += sumLanes(sum);
    }
    store<f32>(arg(args, 3) + (<usize>row << 2), <f32>(total / <f64>n));
  }
}

export function meanLogSigmoidGradient(args: usize, lo: i32, hi: i32, scratch: usize): void {
  const n = arg(args, 1);
  for (let row = lo; row < hi; row++) {
    const slope = slopeOf(args, row), x = arg(args, 0) + ((<usize>row * n) << 2), dx = arg(args, 5) + ((<usize>row * n) << 2);
    const scale = mul(slope, f32x4.splat(<f32>(<f64>load<f32>(arg(args, 4) + (<usize>row << 2)) / <f64>n)));
    for (let i: usize = 0; i < n; i += 4) {
      const d = mul(scale, sigmoidOfMinus(mul(slope, load4(x + (i << 2), n - i, scratch))));
      if (n - i >= 4) v128.store(dx + (i << 2), d);
      else {
        v128.store(scratch, d);
        memory.copy(dx + (i << 2), scratch, (n - i) << 2);
      }
    }
  }
}
