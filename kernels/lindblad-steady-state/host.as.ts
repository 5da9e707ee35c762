// Steady states of Lindblad equations and their vector-Jacobian products (README.md), in float64 between float32
// doors: two systems on the lanes. Hermitian matrices are real vectors of their coordinates in the orthonormal basis
// E_ii, (E_ij + E_ji)/√2, i(E_ij - E_ji)/√2, i < j; in it the Liouvillian is a real matrix of d = n² rows.
// Item = one pair of systems, the last one twice if their number is odd. Nothing crosses lanes.
//
// args: 0 H f32 [B, 2, n, n], 1 jumps f32 [B, K, 2, n, n], 2 rho f32 [B, 2, n, n], 3 report f32 [B, 3], 4 n, 5 K, 6 B,
// and for the gradient 7 cotangent of rho, 8 HBar, 9 jumpsBar.
// Scratch, in vectors of 16 bytes: generator 2 n², jumps 2 K n², A d², its copy d², pivots d, x d, work 2 d, and five
// complex matrices of 2 n².

import { arg } from "../runtime/host/lanes.as";
import { daccumulate, dadd, dmul, dsub, factorise, gather2, matrixNorm1, norm1, reciprocalCondition, scatter2, solve, solveTransposed } from "../runtime/host/lu.as";

const ROOT_HALF: f64 = 0.70710678118654752, ROOT_TWO: f64 = 1.4142135623730951;

export function lindbladSteadyState(args: usize, lo: i32, hi: i32, scratch: usize): void {
  for (let item = lo; item < hi; item++) forward(args, <usize>item << 1, scratch);
}

export function lindbladSteadyStateGradient(args: usize, lo: i32, hi: i32, scratch: usize): void {
  for (let item = lo; item < hi; item++) backward(args, <usize>item << 1, scratch);
}

// Addresses in the scratch memory; a complex matrix is its real part and, `half` bytes behind, its imaginary part.
// @ts-ignore: decorator
@inline function halfOf(args: usize): usize { return (arg(args, 4) * arg(args, 4)) << 4; }
// @ts-ignore: decorator
@inline function jumpsAt(args: usize, w: usize): usize { return w + 2 * halfOf(args); }
// @ts-ignore: decorator
@inline function systemAt(args: usize, w: usize): usize { return w + 2 * (arg(args, 5) + 1) * halfOf(args); }
// @ts-ignore: decorator
@inline function systemBytes(args: usize): usize { return (halfOf(args) * halfOf(args)) >> 4; }
// @ts-ignore: decorator
@inline function copyAt(args: usize, w: usize): usize { return systemAt(args, w) + systemBytes(args); }
// @ts-ignore: decorator
@inline function pivotsAt(args: usize, w: usize): usize { return copyAt(args, w) + systemBytes(args); }
// @ts-ignore: decorator
@inline function xAt(args: usize, w: usize): usize { return pivotsAt(args, w) + halfOf(args); }
// @ts-ignore: decorator
@inline function workAt(args: usize, w: usize): usize { return xAt(args, w) + halfOf(args); }
// @ts-ignore: decorator
@inline function matrixAt(args: usize, w: usize, i: usize): usize { return workAt(args, w) + (2 + 2 * i) * halfOf(args); }
/** The second system of the pair that begins with s. */
// @ts-ignore: decorator
@inline function partner(args: usize, s: usize): usize { return s + 1 < arg(args, 6) ? s + 1 : s; }

/** `count` values of each of two systems, interleaved to `to`. */
function pack(a: usize, b: usize, count: usize, to: usize): void {
  for (let i: usize = 0; i < count; i++, a += 4, b += 4, to += 16) v128.store(to, gather2(a, b));
}

/** The reverse of `pack`. */
function unpack(from: usize, count: usize, a: usize, b: usize, both: bool): void {
  for (let i: usize = 0; i < count; i++, a += 4, b += 4, from += 16) scatter2(a, b, v128.load(from), both);
}

/** C = A B for complex matrices. */
function multiply(A: usize, B: usize, C: usize, n: usize, half: usize): void {
  const row = n << 4;
  for (let i: usize = 0; i < n; i++, A += row)
    for (let j: usize = 0; j < n; j++, C += 16) {
      let re = f64x2.splat(0), im = f64x2.splat(0);
      for (let k: usize = 0, b = B + (j << 4); k < n; k++, b += row) {
        const x = v128.load(A + (k << 4)), y = v128.load(A + (k << 4) + half), u = v128.load(b), v = v128.load(b + half);
        re = dadd(re, dsub(dmul(x, u), dmul(y, v)));
        im = dadd(im, dadd(dmul(x, v), dmul(y, u)));
      }
      v128.store(C, re);
      v128.store(C + half, im);
    }
}

/** Hermitian matrix with the coordinates at x to R. */
function matrixOf(x: usize, n: usize, R: usize, half: usize): void {
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
function coordinatesOf(R: usize, n: usize, x: usize, half: usize): void {
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

/** H, replaced by its Hermitian part, and the jump operators; returns how far H was from it, NaN if anything is not finite. */
function loadOperators(args: usize, s: usize, w: usize): v128 {
  const n = arg(args, 4), K = arg(args, 5), t = partner(args, s), half = halfOf(args), one = n * n << 3;
  pack(arg(args, 0) + s * one, arg(args, 0) + t * one, 2 * n * n, w);
  pack(arg(args, 1) + s * K * one, arg(args, 1) + t * K * one, 2 * K * n * n, jumpsAt(args, w));
  // 0 · x is 0 but for infinities and NaN, which it hands on.
  let broken = f64x2.splat(0), most = f64x2.splat(Number.MIN_VALUE), off = f64x2.splat(0);
  for (let at = w; at < systemAt(args, w); at += 16) broken = dadd(broken, dmul(f64x2.splat(0), v128.load(at)));
  for (let i: usize = 0; i < n; i++)
    for (let j: usize = 0; j <= i; j++) {
      const a = w + ((i * n + j) << 4), b = w + ((j * n + i) << 4);
      const x = v128.load(a), y = v128.load(a + half), u = v128.load(b), v = v128.load(b + half);
      most = f64x2.max(most, f64x2.max(f64x2.max(f64x2.abs(x), f64x2.abs(y)), f64x2.max(f64x2.abs(u), f64x2.abs(v))));
      off = f64x2.max(off, f64x2.max(f64x2.abs(dsub(x, u)), f64x2.abs(dadd(y, v))));
      const re = dmul(f64x2.splat(0.5), dadd(x, u)), im = dmul(f64x2.splat(0.5), dsub(y, v));
      v128.store(a, re);
      v128.store(b, re);
      v128.store(a + half, im);
      v128.store(b + half, f64x2.neg(im));
    }
  return dadd(f64x2.div(off, most), broken);
}

/** K = -i H - ½ Σ L† L in the place of H, so that 𝓛 X = K X + X K† + Σ L X L†. */
function makeGenerator(args: usize, w: usize): void {
  const n = arg(args, 4), half = halfOf(args), row = n << 4;
  for (let i: usize = 0; i < n; i++)
    for (let j: usize = 0; j < n; j++) {
      let re = f64x2.splat(0), im = f64x2.splat(0);
      for (let L = jumpsAt(args, w); L < systemAt(args, w); L += 2 * half)
        for (let k: usize = 0, a = L + (i << 4), b = L + (j << 4); k < n; k++, a += row, b += row) {
          const x = v128.load(a), y = v128.load(a + half), u = v128.load(b), v = v128.load(b + half);
          re = dadd(re, dadd(dmul(x, u), dmul(y, v)));
          im = dadd(im, dsub(dmul(x, v), dmul(y, u)));
        }
      const at = w + ((i * n + j) << 4), minus = f64x2.splat(-0.5), h = v128.load(at);
      v128.store(at, dadd(v128.load(at + half), dmul(minus, re)));
      v128.store(at + half, dsub(dmul(minus, im), h));
    }
}

/** Entry [a, b] of 𝓛 E_ij: real part returned, imaginary part stored at `im`. */
// @ts-ignore: decorator
@inline function entryOf(args: usize, w: usize, i: usize, j: usize, a: usize, b: usize, im: usize): v128 {
  const n = arg(args, 4), half = halfOf(args);
  let re = f64x2.splat(0), imaginary = f64x2.splat(0);
  for (let L = jumpsAt(args, w); L < systemAt(args, w); L += 2 * half) {
    const p = L + ((a * n + i) << 4), q = L + ((b * n + j) << 4);
    const x = v128.load(p), y = v128.load(p + half), u = v128.load(q), v = v128.load(q + half);
    re = dadd(re, dadd(dmul(x, u), dmul(y, v)));
    imaginary = dadd(imaginary, dsub(dmul(y, u), dmul(x, v)));
  }
  if (b == j) {
    re = dadd(re, v128.load(w + ((a * n + i) << 4)));
    imaginary = dadd(imaginary, v128.load(w + ((a * n + i) << 4) + half));
  }
  if (a == i) {
    re = dadd(re, v128.load(w + ((b * n + j) << 4)));
    imaginary = dsub(imaginary, v128.load(w + ((b * n + j) << 4) + half));
  }
  v128.store(im, imaginary);
  return re;
}

/** Columns of the real Liouvillian that belong to the pair i <= j; the first of them is `column`. */
function assembleColumns(args: usize, w: usize, i: usize, j: usize, column: usize): void {
  const n = arg(args, 4), row = halfOf(args), at = systemAt(args, w) + (column << 4), spare = workAt(args, w);
  const root = f64x2.splat(ROOT_TWO);
  let r = n;
  for (let a: usize = 0; a < n; a++)
    for (let b = a; b < n; b++) {
      const gRe = entryOf(args, w, i, j, a, b, spare), gIm = v128.load(spare);
      const y = at + (a == b ? a : r) * row;
      if (i == j) {
        if (a == b) v128.store(y, gRe);
        else {
          v128.store(y, dmul(root, gRe));
          v128.store(y + row, dmul(root, gIm));
        }
      } else if (a == b) {
        v128.store(y, dmul(root, gRe));
        v128.store(y, dmul(f64x2.neg(root), gIm), 16);
      } else {
        const hRe = entryOf(args, w, i, j, b, a, spare), hIm = v128.load(spare);
        v128.store(y, dadd(gRe, hRe));
        v128.store(y + row, dsub(gIm, hIm));
        v128.store(y, f64x2.neg(dadd(gIm, hIm)), 16);
        v128.store(y + row, dsub(gRe, hRe), 16);
      }
      if (a != b) r += 2;
    }
}

/** The system A = 𝓛 + ω |σ)(1|, ω = mean |diag 𝓛|, σ = 1/n, and its right-hand side ω σ at x. */
function assemble(args: usize, w: usize): void {
  const n = arg(args, 4), d = n * n, row = d << 4, A = systemAt(args, w), x = xAt(args, w);
  let column = n;
  for (let i: usize = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      assembleColumns(args, w, i, j, i == j ? i : column);
      if (i != j) column += 2;
    }
  let total = f64x2.splat(0);
  for (let i: usize = 0; i < d; i++) total = dadd(total, f64x2.abs(v128.load(A + i * row + (i << 4))));
  const weight = f64x2.div(total, f64x2.splat(<f64>(d * n)));
  memory.fill(x, 0, row);
  for (let i: usize = 0; i < n; i++) {
    v128.store(x + (i << 4), weight);
    for (let j: usize = 0; j < n; j++) daccumulate(A + i * row + (j << 4), weight);
  }
}

/** ‖A x - b‖₁ / (‖A‖₁ ‖x‖₁), b = ω σ. */
function residual(args: usize, w: usize, norm: v128, weight: v128): v128 {
  const n = arg(args, 4), d = n * n, A = copyAt(args, w), x = xAt(args, w);
  let total = f64x2.splat(0);
  for (let i: usize = 0; i < d; i++) {
    let sum = i < n ? f64x2.neg(weight) : f64x2.splat(0);
    for (let j: usize = 0, a = A + ((i * d) << 4); j < d; j++, a += 16) sum = dadd(sum, dmul(v128.load(a), v128.load(x + (j << 4))));
    total = dadd(total, f64x2.abs(sum));
  }
  return f64x2.div(total, dmul(norm, norm1(x, d)));
}

function forward(args: usize, s: usize, w: usize): void {
  const n = arg(args, 4), d = n * n, t = partner(args, s), both = t != s, half = halfOf(args);
  const A = systemAt(args, w), x = xAt(args, w), work = workAt(args, w), pivots = pivotsAt(args, w), rho = matrixAt(args, w, 0);
  const defect = loadOperators(args, s, w);
  makeGenerator(args, w);
  assemble(args, w);
  memory.copy(copyAt(args, w), A, systemBytes(args));
  const weight = v128.load(x), norm = matrixNorm1(A, d, work);
  factorise(A, d, pivots);
  solve(A, d, pivots, x, 16);
  matrixOf(x, n, rho, half);
  unpack(rho, 2 * d, arg(args, 2) + (s * d << 3), arg(args, 2) + (t * d << 3), both);
  const a = arg(args, 3) + s * 12, b = arg(args, 3) + t * 12;
  scatter2(a, b, residual(args, w, norm, weight), both);
  scatter2(a + 4, b + 4, reciprocalCondition(A, d, pivots, norm, work), both);
  scatter2(a + 8, b + 8, defect, both);
}

/** With Λ = A⁻ᵀ cotangent: H̄ = i(ρΛ - Λρ), L̄ = -2 Λ L ρ + L (ρΛ + Λρ). */
function backward(args: usize, s: usize, w: usize): void {
  const n = arg(args, 4), K = arg(args, 5), d = n * n, t = partner(args, s), both = t != s, half = halfOf(args);
  const A = systemAt(args, w), x = xAt(args, w), y = workAt(args, w), pivots = pivotsAt(args, w), one = d << 3;
  const rho = matrixAt(args, w, 0), lambda = matrixAt(args, w, 1), T = matrixAt(args, w, 2), S = matrixAt(args, w, 3), bar = matrixAt(args, w, 4);
  loadOperators(args, s, w);
  makeGenerator(args, w);
  assemble(args, w);
  factorise(A, d, pivots);
  solve(A, d, pivots, x, 16);
  matrixOf(x, n, rho, half);
  pack(arg(args, 7) + s * one, arg(args, 7) + t * one, 2 * d, T);
  coordinatesOf(T, n, y, half);
  solveTransposed(A, d, pivots, y, 16);
  matrixOf(y, n, lambda, half);
  multiply(rho, lambda, T, n, half);
  for (let i: usize = 0; i < n; i++)
    for (let j: usize = 0; j < n; j++) {
      const a = (i * n + j) << 4, b = (j * n + i) << 4;
      // Λρ is the adjoint of ρΛ.
      v128.store(bar + a, f64x2.neg(dadd(v128.load(T + a + half), v128.load(T + b + half))));
      v128.store(bar + a + half, dsub(v128.load(T + a), v128.load(T + b)));
      v128.store(S + a, dadd(v128.load(T + a), v128.load(T + b)));
      v128.store(S + a + half, dsub(v128.load(T + a + half), v128.load(T + b + half)));
    }
  unpack(bar, 2 * d, arg(args, 8) + s * one, arg(args, 8) + t * one, both);
  for (let k: usize = 0, L = jumpsAt(args, w); k < K; k++, L += 2 * half) {
    multiply(L, rho, T, n, half);
    multiply(lambda, T, bar, n, half);
    multiply(L, S, T, n, half);
    for (let i: usize = 0; i < 2 * half; i += 16) v128.store(bar + i, dsub(v128.load(T + i), dmul(f64x2.splat(2), v128.load(bar + i))));
    unpack(bar, 2 * d, arg(args, 9) + (s * K + k) * one, arg(args, 9) + (t * K + k) * one, both);
  }
}
