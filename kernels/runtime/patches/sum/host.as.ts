// Sums of float32 values in float64, over rows or over columns of matrices, for the kernels that replace stock ones.
// args: x, sums, rows, columns, and the divisor of every sum as an integer. x is [rows, columns] for sums of rows and
// any number of such matrices for sums of columns.

import { arg } from "../../host/lanes.as";

// @ts-ignore: decorator
@inline function low(x: v128): v128 { return f64x2.promote_low_f32x4(x); }
// @ts-ignore: decorator
@inline function high(x: v128): v128 { return f64x2.promote_low_f32x4(i32x4.shuffle(x, x, 2, 3, 2, 3)); }
// @ts-ignore: decorator
@inline function factor(args: usize): f64 { return 1 / <f64><i32>arg(args, 4); }

/** Item = one row. */
export function sumOfRows(args: usize, lo: i32, hi: i32, _scratch: usize): void {
  const columns = arg(args, 3), by = factor(args);
  for (let row = lo; row < hi; row++) {
    let at = arg(args, 0) + ((<usize>row * columns) << 2);
    const end = at + (columns << 2);
    let a = f64x2.splat(0), b = a, c = a, d = a;
    for (; at + 32 <= end; at += 32) {
      const x = v128.load(at), y = v128.load(at, 16);
      a = f64x2.add(a, low(x));
      b = f64x2.add(b, high(x));
      c = f64x2.add(c, low(y));
      d = f64x2.add(d, high(y));
    }
    const both = f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
    let total = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
    for (; at < end; at += 4) total += <f64>load<f32>(at);
    store<f32>(arg(args, 1) + (<usize>row << 2), <f32>(total * by));
  }
}

/** Item = eight columns of a matrix, half a cache line of every row. */
export function sumOfColumns(args: usize, lo: i32, hi: i32, _scratch: usize): void {
  const rows = arg(args, 2), columns = arg(args, 3), stride = columns << 2, perMatrix = (columns + 7) >> 3;
  const by = factor(args), byBoth = f64x2.splat(by);
  for (let item = lo; item < hi; item++) {
    const matrix = <usize>item / perMatrix, first = (<usize>item % perMatrix) << 3;
    const from = arg(args, 0) + matrix * rows * stride + (first << 2), to = arg(args, 1) + matrix * stride + (first << 2);
    if (first + 8 <= columns) {
      let a = f64x2.splat(0), b = a, c = a, d = a;
      for (let row: usize = 0, at = from; row < rows; row++, at += stride) {
        const x = v128.load(at), y = v128.load(at, 16);
        a = f64x2.add(a, low(x));
        b = f64x2.add(b, high(x));
        c = f64x2.add(c, low(y));
        d = f64x2.add(d, high(y));
      }
      v128.store(to, pair(f64x2.mul(a, byBoth), f64x2.mul(b, byBoth)));
      v128.store(to, pair(f64x2.mul(c, byBoth), f64x2.mul(d, byBoth)), 16);
      continue;
    }
    for (let column: usize = 0; column < columns - first; column++) {
      let total: f64 = 0;
      for (let row: usize = 0, at = from + (column << 2); row < rows; row++, at += stride) total += <f64>load<f32>(at);
      store<f32>(to + (column << 2), <f32>(total * by));
    }
  }
}

/** Four float64 as float32. */
// @ts-ignore: decorator
@inline function pair(x: v128, y: v128): v128 {
  return i32x4.shuffle(f32x4.demote_f64x2_zero(x), f32x4.demote_f64x2_zero(y), 0, 1, 4, 5);
}
