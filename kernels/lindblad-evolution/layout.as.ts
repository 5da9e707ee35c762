// Arguments and scratch memory of the evolution, and Hermitian matrices as real coordinates in the orthonormal basis
// E_ii, (E_ij + E_ji)/√2, i(E_ij - E_ji)/√2, i < j. One vector is an entry of two systems, one on each lane.

import { arg } from "../runtime/host/lanes.as";
import { dadd, dmul, dsub, gather2, scatter2 } from "../runtime/host/lu.as";

// Arguments, in the order of `host.ts`.
export const H_IN: i32 = 0, JUMPS_IN: i32 = 1, RHO0_IN: i32 = 2, OBSERVABLES_IN: i32 = 3;
export const STATES: i32 = 4, EXPECTATIONS: i32 = 5, REPORT: i32 = 6;
export const LAYOUT: i32 = 7, TIMES: i32 = 8, WEIGHTS: i32 = 9, SETTINGS: i32 = 10;
export const DIMENSION: i32 = 11, JUMP_COUNT: i32 = 12, SAMPLES: i32 = 13, OBSERVED: i32 = 14, INSTANTS: i32 = 15;
export const DEGREE: i32 = 16, FLAGS: i32 = 17, MAX_STEPS: i32 = 18, WINDOW_LENGTH: i32 = 19;
export const D_STATES: i32 = 20, D_EXPECTATIONS: i32 = 21, H_BAR: i32 = 22, JUMPS_BAR: i32 = 23, RHO0_BAR: i32 = 24, OBSERVABLES_BAR: i32 = 25;

export const ADAPTIVE: usize = 1, STORE: usize = 2, EXPONENTIAL: usize = 4, MAY_PROPAGATE: usize = 8;

// Regions of the scratch memory, in the order of `host.ts`.
export const OPERATORS: i32 = 0, MATRIX: i32 = 1, PRODUCT: i32 = 2, LISTS: i32 = 3;
export const FORWARD: i32 = 4, TRANSPOSED: i32 = 7; // each: row starts, columns, values
export const Y: i32 = 10, POWERS: i32 = 11, NEXT: i32 = 12, ERROR: i32 = 13, OBSERVABLES: i32 = 14, STATUS: i32 = 15;
export const COTANGENT: i32 = 16, ADJOINTS: i32 = 17, OUTER: i32 = 18, CHECKPOINTS: i32 = 19, WINDOW: i32 = 20, COUNTS: i32 = 21, OBSERVED_BAR: i32 = 22, OVERLAP: i32 = 23, DENSE: i32 = 24;

// Vectors of the status.
export const PROPOSED: usize = 0, REMAINING: usize = 16, ACCEPTED: usize = 32, REJECTED: usize = 48, FAILED: usize = 64, SHIFT: usize = 80;
export const DEFECT_H: usize = 96, DEFECT_RHO: usize = 112, TAKEN: usize = 128, STEP: usize = 144, FACTOR: usize = 160;
export const NORM: usize = 176, PROPAGATED: usize = 192, HALVINGS: usize = 208;

const ROOT_HALF: f64 = 0.70710678118654752;

/** Address of a region. */
// @ts-ignore: decorator
@inline export function region(args: usize, w: usize, r: i32): usize { return w + arg(arg(args, LAYOUT), r); }
/** Bytes of one part of a complex matrix, and of a vector of coordinates. */
// @ts-ignore: decorator
@inline export function halfOf(args: usize): usize { return (arg(args, DIMENSION) * arg(args, DIMENSION)) << 4; }
/** The second system of the pair that begins with s. */
// @ts-ignore: decorator
@inline export function partner(args: usize, s: usize): usize { return s + 1 < arg(args, SAMPLES) ? s + 1 : s; }
// @ts-ignore: decorator
@inline export function setting(args: usize, i: usize): f64 { return f64.load(arg(args, SETTINGS) + (i << 3)); }
/** One f64 of a table in both lanes. */
// @ts-ignore: decorator
@inline export function dsplat(at: usize): v128 { return v128.load_splat<f64>(at); }
// @ts-ignore: decorator
@inline export function flag(args: usize, bit: usize): bool { return (arg(args, FLAGS) & bit) != 0; }

/** `count` values of item s and its partner, interleaved to `to`; an item has `stride` of them, the first `skip` further on. */
export function pack(args: usize, input: i32, s: usize, stride: usize, skip: usize, count: usize, to: usize): void {
  let a = arg(args, input) + ((s * stride + skip) << 2), b = arg(args, input) + ((partner(args, s) * stride + skip) << 2);
  for (let i: usize = 0; i < count; i++, a += 4, b += 4, to += 16) v128.store(to, gather2(a, b));
}

/** The reverse of `pack`. */
export function unpack(args: usize, output: i32, s: usize, stride: usize, skip: usize, count: usize, from: usize): void {
  const t = partner(args, s);
  let a = arg(args, output) + ((s * stride + skip) << 2), b = arg(args, output) + ((t * stride + skip) << 2);
  for (let i: usize = 0; i < count; i++, a += 4, b += 4, from += 16) scatter2(a, b, v128.load(from), t != s);
}

/** Hermitian matrix with the coordinates at x to R. */
export function matrixOf(x: usize, n: usize, R: usize, half: usize): void {
  let c = x + (n << 4);
  for (let i: usize = 0; i < n; i++) {
    v128.store(R + ((i * n + i) << 4), v128.load(x + (i << 4)));
    v128.store(R + ((i * n + i) << 4) + half, f64x2.splat(0));
    for (let j = i + 1; j < n; j++, c += 32) {
      const re = dmul(v128.load(c), f64x2.splat(ROOT_HALF)), im = dmul(v128.load(c, 16), f64x2.splat(ROOT_HALF));
      v128.store(R + ((i * n + j) << 4), re);
      v128.store(R + ((j * n + i) << 4), re);
      v128.store(R + ((i * n + j) << 4) + half, im);
      v128.store(R + ((j * n + i) << 4) + half, f64x2.neg(im));
    }
  }
}

/** Coordinates of the Hermitian part of R to x. */
export function coordinatesOf(R: usize, n: usize, x: usize, half: usize): void {
  let c = x + (n << 4);
  for (let i: usize = 0; i < n; i++) {
    v128.store(x + (i << 4), v128.load(R + ((i * n + i) << 4)));
    for (let j = i + 1; j < n; j++, c += 32) {
      const a = R + ((i * n + j) << 4), b = R + ((j * n + i) << 4);
      v128.store(c, dmul(f64x2.splat(ROOT_HALF), dadd(v128.load(a), v128.load(b))));
      v128.store(c, dmul(f64x2.splat(ROOT_HALF), dsub(v128.load(a + half), v128.load(b + half))), 16);
    }
  }
}

/** max|R - R†| / max|R|, and NaN if anything is not finite, of matrix R; `absolute` leaves out the division. */
export function defectOf(R: usize, n: usize, half: usize, absolute: bool): v128 {
  let most = f64x2.splat(Number.MIN_VALUE), off = f64x2.splat(0), broken = f64x2.splat(0);
  for (let i: usize = 0; i < n; i++)
    for (let j: usize = 0; j <= i; j++) {
      const a = R + ((i * n + j) << 4), b = R + ((j * n + i) << 4);
      const x = v128.load(a), y = v128.load(a + half), u = v128.load(b), v = v128.load(b + half);
      most = f64x2.max(most, f64x2.max(f64x2.max(f64x2.abs(x), f64x2.abs(y)), f64x2.max(f64x2.abs(u), f64x2.abs(v))));
      off = f64x2.max(off, f64x2.max(f64x2.abs(dsub(x, u)), f64x2.abs(dadd(y, v))));
      // 0 · x is 0 but for infinities and NaN, which it hands on.
      broken = dadd(broken, dmul(f64x2.splat(0), dadd(dadd(x, y), dadd(u, v))));
    }
  return dadd(absolute ? off : f64x2.div(off, most), broken);
}
