// Steady states of Lindblad equations and their vector-Jacobian products (README.md), in float64 between float32
// doors. Hermitian matrices are real vectors of their coordinates in the orthonormal basis E_ii, (E_ij + E_ji)/√2,
// i(E_ij - E_ji)/√2, i < j; in it the Liouvillian is a real matrix of d = n² rows. From REFINED on, four systems are
// factorised in float32 and their solutions refined; where that fails, and below, two are factorised in float64.
// Item = four systems, the last one again if their number is no multiple. Nothing crosses lanes.
//
// args: 0 H f32 [B, 2, n, n], 1 jumps f32 [B, K, 2, n, n], 2 rho f32 [B, 2, n, n], 3 report f32 [B, 3], 4 n, 5 K, 6 B,
// and for the gradient 7 cotangent of rho, 8 HBar, 9 jumpsBar.
// Scratch: a frame (frame.as.ts) with factors, and behind it either a copy of its matrix or two frames without factors.

import { arg } from "../runtime/host/lanes.as";
import { dadd, dmul, dsub, factorise, matrixNorm1, norm1, reciprocalCondition, scatter2, solve, solveTransposed } from "../runtime/host/lu.as";
import { assemble } from "./assembly.as";
import { endOf, halfOf, jumpsAt, matrixAt, pack, pivotsAt, systemAt, systemBytes, unpack, workAt, xAt } from "./frame.as";
import { coordinatesOf, matrixOf, multiply } from "./matrices.as";
import { loadOperators, makeGenerator } from "./operators.as";
import { factoriseFour, highLanes, isRegular, lowLanes, rcondOf, refine } from "./refined.as";

/** Dimension from which float32 factors and refinement cost less. */
const REFINED: usize = 5;

export function lindbladSteadyState(args: usize, lo: i32, hi: i32, scratch: usize): void {
  for (let item = lo; item < hi; item++) forward(args, <usize>item << 2, scratch);
}

export function lindbladSteadyStateGradient(args: usize, lo: i32, hi: i32, scratch: usize): void {
  for (let item = lo; item < hi; item++) backward(args, <usize>item << 2, scratch);
}

/** s, or the last system. */
// @ts-ignore: decorator
@inline function existing(args: usize, s: usize): usize { return min(s, arg(args, 6) - 1); }

/** The states of an item: four at once, and those that this leaves, by twos. */
function forward(args: usize, s: usize, w: usize): void {
  const left = arg(args, 4) < REFINED ? 15 : forwardFour(args, s, w);
  for (let i: usize = 0; i < 4; i += 2) {
    const a = leftOf(args, s + i, left >> <i32>i), b = leftOf(args, s + i + 1, left >> <i32>(i + 1));
    if (a || b) forwardTwo(args, a ? s + i : s + i + 1, b ? s + i + 1 : s + i, w);
  }
}

/** The same for gradients. */
function backward(args: usize, s: usize, w: usize): void {
  const left = arg(args, 4) < REFINED ? 15 : backwardFour(args, s, w);
  for (let i: usize = 0; i < 4; i += 2) {
    const a = leftOf(args, s + i, left >> <i32>i), b = leftOf(args, s + i + 1, left >> <i32>(i + 1));
    if (a || b) backwardTwo(args, a ? s + i : s + i + 1, b ? s + i + 1 : s + i, w);
  }
}

/** Whether system s is there, and left by its bit. */
// @ts-ignore: decorator
@inline function leftOf(args: usize, s: usize, bit: i32): bool { return s < arg(args, 6) && (bit & 1) != 0; }

/** States and reports by refinement; returns the bits of the systems for which it failed, whose results mean nothing. */
function forwardFour(args: usize, s: usize, w: usize): i32 {
  const low = endOf(args, w), high = pivotsAt(args, low);
  const a = loadOperators(args, s, existing(args, s + 1), low), b = loadOperators(args, existing(args, s + 2), existing(args, s + 3), high);
  makeGenerator(args, low);
  makeGenerator(args, high);
  factoriseFour(args, w, low, high, true);
  const done = v128.and(isRegular(args, w), refine(args, w, low, high, false)), r = rcondOf(args, w);
  writeState(args, low, s, existing(args, s + 1), lowLanes(r), a);
  writeState(args, high, existing(args, s + 2), existing(args, s + 3), highLanes(r), b);
  return ~i32x4.bitmask(done) & 15;
}

/** State and report of two systems, from their frame; their residual is in its matrix 3. */
function writeState(args: usize, u: usize, s: usize, t: usize, rcond: v128, defect: v128): void {
  const n = arg(args, 4), d = n * n, R = matrixAt(args, u, 0), a = arg(args, 3) + s * 12, b = arg(args, 3) + t * 12;
  matrixOf(xAt(args, u), n, R, halfOf(args));
  unpack(R, 2 * d, arg(args, 2) + (s * d << 3), arg(args, 2) + (t * d << 3));
  scatter2(a, b, v128.load(matrixAt(args, u, 3)), true);
  scatter2(a + 4, b + 4, rcond, true);
  scatter2(a + 8, b + 8, defect, true);
}

/** ‖A x - b‖₁ / (‖A‖₁ ‖x‖₁), b = ω σ, A a copy behind the factors. */
function residual(args: usize, w: usize, norm: v128, weight: v128): v128 {
  const n = arg(args, 4), d = n * n, A = endOf(args, w), x = xAt(args, w);
  let total = f64x2.splat(0);
  for (let i: usize = 0; i < d; i++) {
    let sum = i < n ? f64x2.neg(weight) : f64x2.splat(0);
    for (let j: usize = 0, a = A + ((i * d) << 4); j < d; j++, a += 16) sum = dadd(sum, dmul(v128.load(a), v128.load(x + (j << 4))));
    total = dadd(total, f64x2.abs(sum));
  }
  return f64x2.div(total, dmul(norm, norm1<f64>(x, d)));
}

/** The same for two systems, by factors in float64; s = t for one. */
function forwardTwo(args: usize, s: usize, t: usize, w: usize): void {
  const n = arg(args, 4), d = n * n, A = systemAt(args, w), x = xAt(args, w), work = workAt(args, w), pivots = pivotsAt(args, w);
  const defect = loadOperators(args, s, t, w);
  makeGenerator(args, w);
  assemble<f64>(args, w);
  memory.copy(endOf(args, w), A, systemBytes(args));
  const weight = v128.load(x), norm = matrixNorm1<f64>(A, d, work);
  factorise<f64>(A, d, pivots);
  solve<f64>(A, d, pivots, x, 16);
  v128.store(matrixAt(args, w, 3), residual(args, w, norm, weight));
  writeState(args, w, s, t, reciprocalCondition<f64>(A, d, pivots, norm, work), defect);
}

/** Gradients by refinement; returns the bits of the systems for which it failed. */
function backwardFour(args: usize, s: usize, w: usize): i32 {
  const low = endOf(args, w), high = pivotsAt(args, low), bytes = halfOf(args);
  const t = existing(args, s + 1), u = existing(args, s + 2), v = existing(args, s + 3);
  prepareGradient(args, low, s, t);
  prepareGradient(args, high, u, v);
  factoriseFour(args, w, low, high, false);
  let done = refine(args, w, low, high, false);
  const x = matrixAt(args, low, 4) + bytes, y = matrixAt(args, high, 4) + bytes;
  memory.copy(x, xAt(args, low), bytes);
  memory.copy(y, xAt(args, high), bytes);
  done = v128.and(done, refine(args, w, low, high, true));
  writeGradients(args, low, x, xAt(args, low), s, t);
  writeGradients(args, high, y, xAt(args, high), u, v);
  return ~i32x4.bitmask(done) & 15;
}

/** Operators of two systems, and the coordinates of the cotangent to the first half of their frame's matrix 4. */
function prepareGradient(args: usize, w: usize, s: usize, t: usize): void {
  const n = arg(args, 4), one = n * n << 3, T = matrixAt(args, w, 0);
  loadOperators(args, s, t, w);
  makeGenerator(args, w);
  pack(arg(args, 7) + s * one, arg(args, 7) + t * one, 2 * n * n, T);
  coordinatesOf(T, n, matrixAt(args, w, 4), halfOf(args));
}

/** The same for two systems, by factors in float64. */
function backwardTwo(args: usize, s: usize, t: usize, w: usize): void {
  const n = arg(args, 4), d = n * n, A = systemAt(args, w), x = xAt(args, w), y = matrixAt(args, w, 4), pivots = pivotsAt(args, w);
  prepareGradient(args, w, s, t);
  assemble<f64>(args, w);
  factorise<f64>(A, d, pivots);
  solve<f64>(A, d, pivots, x, 16);
  solveTransposed<f64>(A, d, pivots, y, 16);
  writeGradients(args, w, x, y, s, t);
}

/** From the coordinates of ρ at x and of Λ = A⁻ᵀ cotangent at y: H̄ = i(ρΛ - Λρ), L̄ = -2 Λ L ρ + L (ρΛ + Λρ). */
function writeGradients(args: usize, w: usize, x: usize, y: usize, s: usize, t: usize): void {
  const n = arg(args, 4), K = arg(args, 5), d = n * n, half = halfOf(args), one = d << 3;
  const rho = matrixAt(args, w, 0), lambda = matrixAt(args, w, 1), T = matrixAt(args, w, 2), S = matrixAt(args, w, 3), bar = matrixAt(args, w, 4);
  matrixOf(x, n, rho, half);
  matrixOf(y, n, lambda, half);
  multiply(rho, lambda, T, n, half, false);
  for (let i: usize = 0; i < n; i++)
    for (let j: usize = 0; j < n; j++) {
      const a = (i * n + j) << 4, b = (j * n + i) << 4;
      // Λρ is the adjoint of ρΛ.
      v128.store(bar + a, f64x2.neg(dadd(v128.load(T + a + half), v128.load(T + b + half))));
      v128.store(bar + a + half, dsub(v128.load(T + a), v128.load(T + b)));
      v128.store(S + a, dadd(v128.load(T + a), v128.load(T + b)));
      v128.store(S + a + half, dsub(v128.load(T + a + half), v128.load(T + b + half)));
    }
  unpack(bar, 2 * d, arg(args, 8) + s * one, arg(args, 8) + t * one);
  for (let k: usize = 0, L = jumpsAt(args, w); k < K; k++, L += 2 * half) {
    multiply(L, rho, T, n, half, false);
    multiply(lambda, T, bar, n, half, false);
    multiply(L, S, T, n, half, false);
    for (let i: usize = 0; i < 2 * half; i += 16) v128.store(bar + i, dsub(v128.load(T + i), dmul(f64x2.splat(2), v128.load(bar + i))));
    unpack(bar, 2 * d, arg(args, 9) + (s * K + k) * one, arg(args, 9) + (t * K + k) * one);
  }
}
