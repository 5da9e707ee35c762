// Factorisation of four systems in float32, and solutions refined with residuals in float64 until these are rounding
// (README.md, "Refinement"). The residuals come from the operators: no matrix in float64 is assembled.

import { arg } from "../runtime/host/lanes.as";
import { dadd, dmul, dsub, factorise, matrixNorm1, norm1, reciprocalCondition, solve, solveTransposed } from "../runtime/host/lu.as";
import { assemble } from "./assembly.as";
import { halfOf, jumpsAt, matrixAt, pivotsAt, systemAt, workAt, xAt } from "./frame.as";
import { accumulateHermitian, coordinatesOf, matrixOf, multiply } from "./matrices.as";

/** Residual, relative to ‖A‖ ‖x‖, that counts as rounding. */
const ROUNDING: f64 = 1e-14;
/** Corrections before a system is given up. Each takes a factor of 10 at the worst condition, 1e4 commonly. */
const CORRECTIONS: i32 = 6;
/** Below this times d, the size of the system, a reciprocal condition number found in float32 may be 0: 2 ε. */
const UNKNOWN: f64 = 2.4e-7;

/** What {@link factoriseFour} leaves in the first matrix of its frame: ‖A‖₁, ω and the reciprocal condition number. */
const NORM: usize = 0, WEIGHT: usize = 16, RCOND: usize = 32;

/** Two frames of two systems as one of four, and its factors; the reciprocal condition number if it is asked for. */
export function factoriseFour(args: usize, w: usize, low: usize, high: usize, condition: bool): void {
  const n = arg(args, 4), d = n * n, A = systemAt(args, w), work = workAt(args, w), pivots = pivotsAt(args, w), facts = matrixAt(args, w, 0);
  narrow(low, high, (xAt(args, w) - w) >> 4, w);
  assemble<f32>(args, w);
  const norm = matrixNorm1<f32>(A, d, work);
  v128.store(facts, norm, NORM);
  v128.store(facts, v128.load(xAt(args, w)), WEIGHT);
  factorise<f32>(A, d, pivots);
  if (condition) v128.store(facts, reciprocalCondition<f32>(A, d, pivots, norm, work), RCOND);
}

/** The reciprocal condition numbers that {@link factoriseFour} found. */
// @ts-ignore: decorator
@inline export function rcondOf(args: usize, w: usize): v128 { return v128.load(matrixAt(args, w, 0), RCOND); }

/** Whether a reciprocal condition number found in float32 says that the system is regular, lane by lane. */
// @ts-ignore: decorator
@inline export function isRegular(args: usize, w: usize): v128 {
  return f32x4.gt(rcondOf(args, w), f32x4.splat(<f32>(UNKNOWN * <f64>(arg(args, 4) * arg(args, 4)))));
}

/** `count` vectors of two frames as vectors of four float32. */
function narrow(low: usize, high: usize, count: usize, to: usize): void {
  for (const end = to + (count << 4); to < end; to += 16, low += 16, high += 16)
    v128.store(to, i64x2.shuffle(f32x4.demote_f64x2_zero(v128.load(low)), f32x4.demote_f64x2_zero(v128.load(high)), 0, 2));
}

// @ts-ignore: decorator
@inline export function lowLanes(x: v128): v128 { return f64x2.promote_low_f32x4(x); }
// @ts-ignore: decorator
@inline export function highLanes(x: v128): v128 { return f64x2.promote_low_f32x4(i64x2.shuffle(x, x, 1, 1)); }
/** Two masks of two lanes as one of four. */
// @ts-ignore: decorator
@inline function narrowMask(low: v128, high: v128): v128 { return i32x4.shuffle(low, high, 0, 2, 4, 6); }

/**
 * x of both frames, solution of A x = ω σ, or with `adjoint` of Aᵀ x = c with c in the frames' matrix 4. Returns the lanes
 * whose residual is rounding; it is stored, relative, in each frame's matrix 3.
 */
export function refine(args: usize, w: usize, low: usize, high: usize, adjoint: bool): v128 {
  const facts = matrixAt(args, w, 0), norm = v128.load(facts, NORM), weight = v128.load(facts, WEIGHT);
  const n = arg(args, 4), d = n * n, A = systemAt(args, w), z = xAt(args, w), pivots = pivotsAt(args, w);
  const x0 = xAt(args, low), x1 = xAt(args, high), r0 = workAt(args, low), r1 = workAt(args, high);
  memory.fill(x0, 0, d << 4);
  memory.fill(x1, 0, d << 4);
  startOf(args, low, lowLanes(weight), adjoint);
  startOf(args, high, highLanes(weight), adjoint);
  let active = i32x4.splat(-1);
  for (let k = 0; k < CORRECTIONS && v128.any_true(active); k++) {
    narrow(r0, r1, d, z);
    if (adjoint) solveTransposed<f32>(A, d, pivots, z, 16);
    else solve<f32>(A, d, pivots, z, 16);
    for (let i: usize = 0; i < d << 4; i += 16) {
      // A lane that is done stays as it is: its bits do not depend on its neighbours.
      const correction = v128.and(v128.load(z + i), active);
      v128.store(x0 + i, dadd(v128.load(x0 + i), lowLanes(correction)));
      v128.store(x1 + i, dadd(v128.load(x1 + i), highLanes(correction)));
    }
    const a = residual(args, low, lowLanes(norm), lowLanes(weight), adjoint);
    const b = residual(args, high, highLanes(norm), highLanes(weight), adjoint);
    active = v128.and(active, v128.not(narrowMask(a, b)));
  }
  return v128.not(active);
}

/** The right-hand side, the residual of x = 0. */
function startOf(args: usize, u: usize, weight: v128, adjoint: bool): void {
  const n = arg(args, 4), r = workAt(args, u);
  if (adjoint) {
    memory.copy(r, matrixAt(args, u, 4), halfOf(args));
    return;
  }
  memory.fill(r, 0, halfOf(args));
  for (let i: usize = 0; i < n; i++) v128.store(r + (i << 4), weight);
}

/** The residual of the frame's x to its work, its relative size to its matrix 3, and the lanes where that is rounding. */
function residual(args: usize, u: usize, norm: v128, weight: v128, adjoint: bool): v128 {
  const n = arg(args, 4), d = n * n, x = xAt(args, u), r = workAt(args, u), M = matrixAt(args, u, 2);
  let trace = f64x2.splat(0);
  for (let i: usize = 0; i < n; i++) trace = dadd(trace, v128.load(x + (i << 4)));
  matrixOf(x, n, matrixAt(args, u, 0), halfOf(args));
  image(args, u, adjoint, M);
  coordinatesOf(M, n, r, halfOf(args));
  for (let i: usize = 0; i < n; i++) {
    // ω σ (1|x) = ω Tr X, or ω |1) (σ|x): the same number.
    const at = r + (i << 4);
    v128.store(at, dadd(v128.load(at), dmul(weight, trace)));
  }
  const c = matrixAt(args, u, 4);
  for (let i: usize = 0; i < d; i++) {
    const at = r + (i << 4), b = adjoint ? v128.load(c + (i << 4)) : i < n ? weight : f64x2.splat(0);
    v128.store(at, dsub(b, v128.load(at)));
  }
  const size = norm1<f64>(r, d), scale = dmul(norm, norm1<f64>(x, d));
  v128.store(matrixAt(args, u, 3), f64x2.div(size, scale));
  return f64x2.le(size, dmul(f64x2.splat(ROUNDING), scale));
}

/** A matrix whose Hermitian part is K X + X K† + Σ L X L†, or that of its adjoint, X K + K† X + Σ L† X L; X is in matrix 0. */
function image(args: usize, u: usize, adjoint: bool, M: usize): void {
  const n = arg(args, 4), half = halfOf(args), X = matrixAt(args, u, 0), T = matrixAt(args, u, 1);
  multiply(adjoint ? X : u, adjoint ? u : X, M, n, half, true);
  for (let L = jumpsAt(args, u); L < xAt(args, u); L += 2 * half) {
    multiply(adjoint ? X : L, adjoint ? L : X, T, n, half, false);
    accumulateHermitian(T, L, M, n, half, adjoint);
  }
}
