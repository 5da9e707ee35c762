// Float32 matrix products for host kernels: a packed panel of eight columns against four rows at a time.

import { gather4, splat } from "./lanes.as";

/** Terms of the sum per pass: a packed panel of 8 columns has 8 kB at most. */
export const BLOCK: i32 = 256;
/** Bytes of scratch that {@link multiply} needs: panels that stay in the first-level cache beside the rows they meet. */
export const PRODUCT_SCRATCH: usize = 24576;
const PANEL_ROW: usize = 32;
const STRIP_ROW: usize = 16;
/** Of the scratch, what four packed rows of A take. */
const STRIP: usize = <usize>BLOCK * STRIP_ROW;

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

/** Terms of four rows of op(A), term by term: what lies at one address leaves the instructions to the sums. */
function packRows(to: usize, a: usize, count: i32, byRow: usize, byColumn: usize): void {
  const b = a + byRow, c = b + byRow, d = c + byRow;
  let p = 0, at: usize = 0;
  if (byColumn == 4)
    for (; p + 4 <= count; p += 4, at += 16, to += 4 * STRIP_ROW) {
      const x = v128.load(a + at), y = v128.load(b + at), z = v128.load(c + at), w = v128.load(d + at);
      const low = i32x4.shuffle(x, y, 0, 4, 1, 5), high = i32x4.shuffle(x, y, 2, 6, 3, 7);
      const low2 = i32x4.shuffle(z, w, 0, 4, 1, 5), high2 = i32x4.shuffle(z, w, 2, 6, 3, 7);
      v128.store(to, i32x4.shuffle(low, low2, 0, 1, 4, 5));
      v128.store(to, i32x4.shuffle(low, low2, 2, 3, 6, 7), 16);
      v128.store(to, i32x4.shuffle(high, high2, 0, 1, 4, 5), 32);
      v128.store(to, i32x4.shuffle(high, high2, 2, 3, 6, 7), 48);
    }
  for (; p < count; p++, at += byColumn, to += STRIP_ROW) v128.store(to, gather4(a + at, b + at, c + at, d + at));
}

/** Four rows of C, eight columns: eight accumulators, each term of the panel used four times. */
function tile4(strip: usize, stripRow: usize, panel: usize, count: i32, c: usize, rowOfC: usize, width: i32, more: bool): void {
  let x0 = f32x4.splat(0), y0 = x0, x1 = x0, y1 = x0, x2 = x0, y2 = x0, x3 = x0, y3 = x0;
  for (const end = panel + <usize>count * PANEL_ROW; panel < end; panel += PANEL_ROW, strip += stripRow) {
    const u = v128.load(panel), v = v128.load(panel, 16);
    const s0 = v128.load_splat<f32>(strip);
    x0 = fma(x0, s0, u); y0 = fma(y0, s0, v);
    const s1 = v128.load_splat<f32>(strip, 4);
    x1 = fma(x1, s1, u); y1 = fma(y1, s1, v);
    const s2 = v128.load_splat<f32>(strip, 8);
    x2 = fma(x2, s2, u); y2 = fma(y2, s2, v);
    const s3 = v128.load_splat<f32>(strip, 12);
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
  const sideBySide = rowOfA == 4;
  for (let p = 0; p < k; p += BLOCK) {
    const count = min(BLOCK, k - p), more = accumulate || p > 0, panelBytes = <usize>count * PANEL_ROW;
    const columns = 8 * <i32>((PRODUCT_SCRATCH - STRIP) / panelBytes), panels = scratch + STRIP;
    for (let from = 0; from < n; from += columns) {
      const to = min(n, from + columns);
      let panel = panels;
      for (let j = from; j < to; j += 8, panel += panelBytes)
        pack(panel, b + <usize>p * rowOfB + <usize>j * columnOfB, count, min(8, to - j), rowOfB, columnOfB);
      for (let i = first; i < last; ) {
        const four = last - i >= 4, row = a + <usize>p * columnOfA + <usize>i * rowOfA;
        // Terms of four rows of a transposed matrix lie side by side as they are.
        if (four && !sideBySide) packRows(scratch, row, count, rowOfA, columnOfA);
        panel = panels;
        for (let j = from; j < to; j += 8, panel += panelBytes) {
          const at = c + <usize>i * rowOfC + (<usize>j << 2), width = min(8, to - j);
          if (four) tile4(sideBySide ? row : scratch, sideBySide ? columnOfA : STRIP_ROW, panel, count, at, rowOfC, width, more);
          else tile1(row, columnOfA, panel, count, at, width, more);
        }
        i += four ? 4 : 1;
      }
    }
  }
}
