// Float32 matrix products for host kernels: a packed panel of eight columns against four rows at a time.

import { splat } from "./lanes.as";

/** Terms of the sum per pass: the packed panel of 8 columns, 8 kB, stays in the first-level cache. */
export const BLOCK: i32 = 256;
/** Bytes of scratch that {@link multiply} needs. */
export const PRODUCT_SCRATCH: usize = 8192;
const PANEL_ROW: usize = 32;

// @ts-ignore: decorator
@inline function fma(acc: v128, x: v128, y: v128): v128 { return f32x4.add(acc, f32x4.mul(x, y)); }

/** Rows from..from+count of op(B), `width` of 8 columns at `b`, zero beyond. */
function pack(to: usize, b: usize, count: i32, width: i32, byRow: usize, byColumn: usize): void {
  if (width == 8 && byColumn == 4) {
    for (let p = 0; p < count; p++, b += byRow, to += PANEL_ROW) {
      v128.store(to, v128.load(b));
      v128.store(to, v128.load(b, 16), 16);
    }
    return;
  }
  for (let p = 0; p < count; p++, b += byRow, to += PANEL_ROW) {
    let at = b;
    for (let j = 0; j < 8; j++, at += byColumn) store<f32>(to + (<usize>j << 2), j < width ? load<f32>(at) : 0);
  }
}

/** The first `width` of 8 values. */
function storeRow(to: usize, x: v128, y: v128, width: i32, more: bool): void {
  if (width == 8) {
    if (more) { x = f32x4.add(x, v128.load(to)); y = f32x4.add(y, v128.load(to, 16)); }
    v128.store(to, x);
    v128.store(to, y, 16);
    return;
  }
  for (let j = 0; j < width; j++, to += 4) {
    const value = f32x4.extract_lane(j < 4 ? x : y, 0);
    store<f32>(to, more ? load<f32>(to) + value : value);
    if (j < 4) x = i32x4.shuffle(x, x, 1, 2, 3, 0);
    else y = i32x4.shuffle(y, y, 1, 2, 3, 0);
  }
}

/** Four rows of C, eight columns: eight accumulators, each term of the panel used four times. */
function tile4(a: usize, byRow: usize, byColumn: usize, panel: usize, count: i32, c: usize, rowOfC: usize, width: i32, more: bool): void {
  let x0 = f32x4.splat(0), y0 = x0, x1 = x0, y1 = x0, x2 = x0, y2 = x0, x3 = x0, y3 = x0;
  const a1 = a + byRow, a2 = a1 + byRow, a3 = a2 + byRow;
  let at: usize = 0;
  for (const end = panel + <usize>count * PANEL_ROW; panel < end; panel += PANEL_ROW, at += byColumn) {
    const u = v128.load(panel), v = v128.load(panel, 16);
    const s0 = splat(a + at);
    x0 = fma(x0, s0, u); y0 = fma(y0, s0, v);
    const s1 = splat(a1 + at);
    x1 = fma(x1, s1, u); y1 = fma(y1, s1, v);
    const s2 = splat(a2 + at);
    x2 = fma(x2, s2, u); y2 = fma(y2, s2, v);
    const s3 = splat(a3 + at);
    x3 = fma(x3, s3, u); y3 = fma(y3, s3, v);
  }
  storeRow(c, x0, y0, width, more);
  storeRow(c + rowOfC, x1, y1, width, more);
  storeRow(c + 2 * rowOfC, x2, y2, width, more);
  storeRow(c + 3 * rowOfC, x3, y3, width, more);
}

/** One row of C, eight columns. */
function tile1(a: usize, byColumn: usize, panel: usize, count: i32, c: usize, width: i32, more: bool): void {
  let x = f32x4.splat(0), y = x;
  for (const end = panel + <usize>count * PANEL_ROW; panel < end; panel += PANEL_ROW, a += byColumn) {
    const s = splat(a);
    x = fma(x, s, v128.load(panel));
    y = fma(y, s, v128.load(panel, 16));
  }
  storeRow(c, x, y, width, more);
}

/**
 * C = A B, or C += A B: rows first to last of C. Strides are in bytes; rows of C are contiguous. Every entry is summed
 * in blocks of BLOCK terms, in order inside each, whatever the rows.
 */
export function multiply(
  a: usize, rowOfA: usize, columnOfA: usize, b: usize, rowOfB: usize, columnOfB: usize, c: usize, rowOfC: usize,
  first: i32, last: i32, n: i32, k: i32, accumulate: bool, scratch: usize,
): void {
  for (let j = 0; j < n; j += 8) {
    const width = min(8, n - j);
    for (let p = 0; p < k; p += BLOCK) {
      const count = min(BLOCK, k - p), more = accumulate || p > 0;
      pack(scratch, b + <usize>p * rowOfB + <usize>j * columnOfB, count, width, rowOfB, columnOfB);
      const from = a + <usize>p * columnOfA, to = c + (<usize>j << 2);
      let i = first;
      for (; i + 4 <= last; i += 4)
        tile4(from + <usize>i * rowOfA, rowOfA, columnOfA, scratch, count, to + <usize>i * rowOfC, rowOfC, width, more);
      for (; i < last; i++) tile1(from + <usize>i * rowOfA, columnOfA, scratch, count, to + <usize>i * rowOfC, width, more);
    }
  }
}
