// The Liouvillian of two systems as a sparse real matrix on Hermitian coordinates, row by row, without the dense one:
// row b of 𝓛 holds the coordinates of 𝓛†(E_b), row b of its transpose those of 𝓛(E_b).

import { arg } from "../runtime/host/lanes.as";
import { daccumulate, dadd, dmul, dsub } from "../runtime/host/lu.as";
import { DEFECT_H, DIMENSION, EXPONENTIAL, FORWARD, H_IN, JUMPS_IN, JUMP_COUNT, LISTS, MATRIX, OPERATORS, PRODUCT, SHIFT, STATUS, TRANSPOSED, defectOf, flag, halfOf, pack, region } from "./layout.as";

const ROOT_TWO: f64 = 1.4142135623730951;

/** G = -i H - ½ Σ L† L, so that 𝓛 X = G X + X G† + Σ L X L†, then the jump operators; the status has the defect and the shift. */
export function loadOperators(args: usize, s: usize, w: usize): void {
  const n = arg(args, DIMENSION), K = arg(args, JUMP_COUNT), half = halfOf(args), H = region(args, w, MATRIX), G = region(args, w, OPERATORS), status = region(args, w, STATUS);
  pack(args, H_IN, s, 2 * n * n, 0, 2 * n * n, H);
  pack(args, JUMPS_IN, s, 2 * K * n * n, 0, 2 * K * n * n, G + 2 * half);
  let defect = defectOf(H, n, half, false);
  for (let at = G + 2 * half; at < G + 2 * (K + 1) * half; at += 16) defect = dadd(defect, dmul(f64x2.splat(0), v128.load(at)));
  v128.store(status + DEFECT_H, defect);
  let trace = f64x2.splat(0);
  for (let i: usize = 0; i < n; i++)
    for (let j: usize = 0; j < n; j++) {
      const a = (i * n + j) << 4, b = (j * n + i) << 4, minus = f64x2.splat(-0.5);
      const re = dmul(minus, lossEntry(args, w, i, j)), im = dmul(minus, v128.load(region(args, w, PRODUCT)));
      v128.store(G + a, dadd(re, dmul(f64x2.splat(0.5), dsub(v128.load(H + a + half), v128.load(H + b + half)))));
      v128.store(G + a + half, dsub(im, dmul(f64x2.splat(0.5), dadd(v128.load(H + a), v128.load(H + b)))));
      if (i == j) trace = dadd(trace, v128.load(G + a));
    }
  trace = dmul(f64x2.splat(<f64>(2 * n)), trace);
  for (let L = G + 2 * half, end = G + 2 * (K + 1) * half; L < end; L += 2 * half) {
    let x = f64x2.splat(0), y = f64x2.splat(0);
    for (let i: usize = 0; i < n; i++) {
      x = dadd(x, v128.load(L + ((i * n + i) << 4)));
      y = dadd(y, v128.load(L + ((i * n + i) << 4) + half));
    }
    trace = dadd(trace, dadd(dmul(x, x), dmul(y, y)));
  }
  v128.store(status + SHIFT, flag(args, EXPONENTIAL) ? f64x2.div(trace, f64x2.splat(<f64>(n * n))) : f64x2.splat(0));
}

/** Entry [i, j] of Σ L† L: real part returned, imaginary part stored at PRODUCT. */
function lossEntry(args: usize, w: usize, i: usize, j: usize): v128 {
  const n = arg(args, DIMENSION), half = halfOf(args), row = n << 4, G = region(args, w, OPERATORS);
  let re = f64x2.splat(0), im = f64x2.splat(0);
  for (let L = G + 2 * half, end = L + 2 * arg(args, JUMP_COUNT) * half; L < end; L += 2 * half)
    for (let k: usize = 0, a = L + (i << 4), b = L + (j << 4); k < n; k++, a += row, b += row) {
      const x = v128.load(a), y = v128.load(a + half), u = v128.load(b), v = v128.load(b + half);
      re = dadd(re, dadd(dmul(x, u), dmul(y, v)));
      im = dadd(im, dsub(dmul(x, v), dmul(y, u)));
    }
  v128.store(region(args, w, PRODUCT), im);
  return re;
}

/** All operators replaced by their adjoints. */
function adjoinOperators(args: usize, w: usize): void {
  const n = arg(args, DIMENSION), half = halfOf(args), first = region(args, w, OPERATORS);
  for (let A = first; A < first + 2 * (arg(args, JUMP_COUNT) + 1) * half; A += 2 * half)
    for (let i: usize = 0; i < n; i++)
      for (let j: usize = 0; j <= i; j++) {
        const a = A + ((i * n + j) << 4), b = A + ((j * n + i) << 4);
        const x = v128.load(a), y = v128.load(a + half);
        v128.store(a, v128.load(b));
        v128.store(a + half, f64x2.neg(v128.load(b + half)));
        v128.store(b, x);
        v128.store(b + half, f64x2.neg(y));
      }
}

// @ts-ignore: decorator
@inline function isNonzero(x: v128): bool { return v128.any_true(f64x2.ne(x, f64x2.splat(0))); }

/** The rows at which column i of operator k has entries: a count and the rows. */
// @ts-ignore: decorator
@inline function listAt(args: usize, w: usize, k: usize, i: usize): usize { return region(args, w, LISTS) + (((k * arg(args, DIMENSION) + i) * (arg(args, DIMENSION) + 1)) << 2); }

function listColumns(args: usize, w: usize): void {
  const n = arg(args, DIMENSION), half = halfOf(args);
  for (let k: usize = 0, A = region(args, w, OPERATORS); k <= arg(args, JUMP_COUNT); k++, A += 2 * half)
    for (let i: usize = 0; i < n; i++) {
      const list = listAt(args, w, k, i);
      let count: u32 = 0;
      for (let a: usize = 0; a < n; a++) {
        const at = A + ((a * n + i) << 4);
        if (isNonzero(v128.load(at)) || isNonzero(v128.load(at + half))) store<u32>(list + (<usize>(++count) << 2), <u32>a);
      }
      store<u32>(list, count);
    }
}

/** G E_ij + E_ij G† + Σ L E_ij L† to the matrix R. */
function mapUnit(args: usize, w: usize, i: usize, j: usize): void {
  const n = arg(args, DIMENSION), half = halfOf(args), R = region(args, w, MATRIX), G = region(args, w, OPERATORS);
  memory.fill(R, 0, 2 * half);
  const left = listAt(args, w, 0, i), right = listAt(args, w, 0, j);
  for (let p: usize = 1; p <= load<u32>(left); p++) {
    const a = <usize>load<u32>(left + (p << 2)), from = G + ((a * n + i) << 4), to = R + ((a * n + j) << 4);
    daccumulate(to, v128.load(from));
    daccumulate(to + half, v128.load(from + half));
  }
  for (let p: usize = 1; p <= load<u32>(right); p++) {
    const b = <usize>load<u32>(right + (p << 2)), from = G + ((b * n + j) << 4), to = R + ((i * n + b) << 4);
    daccumulate(to, v128.load(from));
    daccumulate(to + half, f64x2.neg(v128.load(from + half)));
  }
  for (let k: usize = 1, L = G + 2 * half; k <= arg(args, JUMP_COUNT); k++, L += 2 * half) {
    const rows = listAt(args, w, k, i), columns = listAt(args, w, k, j);
    for (let p: usize = 1; p <= load<u32>(rows); p++) {
      const a = <usize>load<u32>(rows + (p << 2)), x = v128.load(L + ((a * n + i) << 4)), y = v128.load(L + ((a * n + i) << 4) + half);
      for (let q: usize = 1; q <= load<u32>(columns); q++) {
        const b = <usize>load<u32>(columns + (q << 2)), from = L + ((b * n + j) << 4), u = v128.load(from), v = v128.load(from + half), to = R + ((a * n + b) << 4);
        daccumulate(to, dadd(dmul(x, u), dmul(y, v)));
        daccumulate(to + half, dsub(dmul(y, u), dmul(x, v)));
      }
    }
  }
}

/** One entry of a row, if it is not zero: returns the place of the next. */
// @ts-ignore: decorator
@inline function emit(args: usize, w: usize, sparse: i32, p: usize, column: usize, x: v128): usize {
  if (!isNonzero(x)) return p;
  store<u32>(region(args, w, sparse + 1) + (p << 2), <u32>(column << 4));
  v128.store(region(args, w, sparse + 2) + (p << 4), x);
  return p + 1;
}

/** Coordinates of the image R of basis matrix `row`; kind 0: E_ii, 1: (E_ij + E_ji)/√2, 2: i(E_ij - E_ji)/√2. */
function emitRow(args: usize, w: usize, sparse: i32, start: usize, kind: i32, row: usize): usize {
  const n = arg(args, DIMENSION), half = halfOf(args), R = region(args, w, MATRIX), root = f64x2.splat(ROOT_TWO);
  const shift = v128.load(region(args, w, STATUS) + SHIFT), none = f64x2.splat(0);
  store<u32>(region(args, w, sparse) + (row << 2), <u32>start);
  let p = start;
  for (let a: usize = 0; a < n; a++) {
    const g = R + ((a * n + a) << 4), x = kind == 0 ? v128.load(g) : dmul(root, kind == 1 ? v128.load(g) : f64x2.neg(v128.load(g + half)));
    p = emit(args, w, sparse, p, a, dsub(x, a == row ? shift : none));
  }
  for (let a: usize = 0, c = n; a < n; a++)
    for (let b = a + 1; b < n; b++, c += 2) {
      const g = R + ((a * n + b) << 4), h = R + ((b * n + a) << 4);
      const gRe = v128.load(g), gIm = v128.load(g + half), hRe = v128.load(h), hIm = v128.load(h + half);
      const re = kind == 0 ? dmul(root, gRe) : kind == 1 ? dadd(gRe, hRe) : f64x2.neg(dadd(gIm, hIm));
      const im = kind == 0 ? dmul(root, gIm) : kind == 1 ? dsub(gIm, hIm) : dsub(gRe, hRe);
      p = emit(args, w, sparse, p, c, dsub(re, c == row ? shift : none));
      p = emit(args, w, sparse, p, c + 1, dsub(im, c + 1 == row ? shift : none));
    }
  return p;
}

function emitAll(args: usize, w: usize, sparse: i32): void {
  const n = arg(args, DIMENSION);
  listColumns(args, w);
  let p: usize = 0, row = n;
  for (let i: usize = 0; i < n; i++) {
    mapUnit(args, w, i, i);
    p = emitRow(args, w, sparse, p, 0, i);
  }
  for (let i: usize = 0; i < n; i++)
    for (let j = i + 1; j < n; j++, row += 2) {
      mapUnit(args, w, i, j);
      p = emitRow(args, w, sparse, p, 1, row);
      p = emitRow(args, w, sparse, p, 2, row + 1);
    }
  store<u32>(region(args, w, sparse) + (row << 2), <u32>p);
}

/** 𝓛 less its shift, and its transpose if wanted. */
export function assemble(args: usize, w: usize, transposed: bool): void {
  if (transposed) emitAll(args, w, TRANSPOSED);
  adjoinOperators(args, w);
  emitAll(args, w, FORWARD);
  adjoinOperators(args, w);
}

/** y = c A x, the factor at `c`. */
export function apply(args: usize, w: usize, sparse: i32, x: usize, y: usize, c: usize): void {
  const factor = v128.load(c);
  const n = arg(args, DIMENSION), starts = region(args, w, sparse), columns = region(args, w, sparse + 1), values = region(args, w, sparse + 2);
  let p: usize = 0;
  for (let row: usize = 0; row < n * n; row++, y += 16) {
    const end: usize = load<u32>(starts + (row << 2), 4);
    let sum = f64x2.splat(0);
    // One chain of sums a row: entries that are zero on this lane only must not change the order of the others.
    for (let at = columns + (p << 2), v = values + (p << 4); p < end; p++, at += 4, v += 16) sum = dadd(sum, dmul(v128.load(v), v128.load(x + load<u32>(at))));
    v128.store(y, dmul(factor, sum));
  }
}

/** Largest row sum of |A|. */
export function normOf(args: usize, w: usize): v128 {
  const d = arg(args, DIMENSION) * arg(args, DIMENSION), starts = region(args, w, FORWARD), values = region(args, w, FORWARD + 2);
  let most = f64x2.splat(0), p: usize = 0;
  for (let row: usize = 0; row < d; row++) {
    let sum = f64x2.splat(0);
    for (const end: usize = load<u32>(starts + (row << 2), 4); p < end; p++) sum = dadd(sum, f64x2.abs(v128.load(values + (p << 4))));
    most = f64x2.max(most, sum);
  }
  return most;
}
