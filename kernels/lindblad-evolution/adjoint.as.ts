// The gradient of a step: the cotangent pulled through it, and its outer products with the powers, summed to the
// gradient by the matrix of 𝓛; and that gradient taken apart into those by H and the jump operators.

import { arg } from "../runtime/host/lanes.as";
import { daccumulate, dadd, dmul, dsub } from "../runtime/host/lu.as";
import { ADJOINTS, COTANGENT, DEGREE, DIMENSION, FACTOR, H_BAR, JUMPS_BAR, JUMP_COUNT, MATRIX, OPERATORS, OUTER, OVERLAP, POWERS, PRODUCT, STATUS, STEP, TRANSPOSED, WEIGHTS, dsplat, halfOf, matrixOf, region, unpack } from "./layout.as";
import { growth, powers } from "./steps.as";
import { apply } from "./superoperator.as";

const ROOT_HALF: f64 = 0.70710678118654752;

/**
 * The step that is kept at `from`, state and length. With v_k = (h/k) A v_{k-1} and y' = e^{σh} Σ g_k v_k:
 * w_m = g_m e^{σh} λ, w_{k-1} = g_{k-1} e^{σh} λ + (h/k) Aᵀ w_k, Ā = Σ (h/k) w_k v_{k-1}ᵀ, λ ← w_0.
 */
export function pullStep(args: usize, w: usize, from: usize): void {
  const d = halfOf(args), h = v128.load(from + d), status = region(args, w, STATUS), lambda = region(args, w, COTANGENT), W = region(args, w, ADJOINTS), g = arg(args, WEIGHTS);
  if (!v128.any_true(f64x2.ne(h, f64x2.splat(0)))) return;
  v128.store(status + STEP, h);
  memory.copy(region(args, w, POWERS), from, d);
  const last = powers(args, w), scale = growth(args, w);
  v128.store(status + FACTOR, f64x2.splat(1));
  for (let k = last; ; k--) {
    const c = dmul(scale, dsplat(g + (k << 3))), at = W + k * d;
    // The one above has been multiplied by h/k already.
    if (k < last) apply(args, w, TRANSPOSED, at + d, at, status + FACTOR);
    else memory.fill(at, 0, d);
    for (let i: usize = 0; i < d; i += 16) daccumulate(at + i, dmul(c, v128.load(lambda + i)));
    if (k == 0) break;
    const f = f64x2.div(h, f64x2.splat(<f64>k));
    for (let i: usize = 0; i < d; i += 16) v128.store(at + i, dmul(f, v128.load(at + i)));
  }
  memory.copy(lambda, W, d);
  addOuter(args, w, last);
}

/** OUTER += Σ_k w_k v_{k-1}ᵀ, four k at a time. */
function addOuter(args: usize, w: usize, last: usize): void {
  const d = halfOf(args), V = region(args, w, POWERS);
  for (let k: usize = 1; k <= last; k += 4) {
    const many = k + 3 <= last;
    for (let i: usize = 0, row = region(args, w, OUTER); i < d; i += 16, row += d) {
      const at = region(args, w, ADJOINTS) + k * d + i, v = V + (k - 1) * d;
      if (many) addFour(row, v, d, v128.load(at), v128.load(at + d), v128.load(at + 2 * d), v128.load(at + 3 * d));
      else for (let j = k; j <= last; j++) addOne(row, v + (j - k) * d, d, v128.load(at + (j - k) * d));
    }
  }
}

// @ts-ignore: decorator
@inline function addFour(row: usize, v: usize, d: usize, a: v128, b: v128, c: v128, e: v128): void {
  for (let i: usize = 0; i < d; i += 16) {
    const x = v + i, low = dadd(dmul(a, v128.load(x)), dmul(b, v128.load(x + d)));
    daccumulate(row + i, dadd(low, dadd(dmul(c, v128.load(x + 2 * d)), dmul(e, v128.load(x + 3 * d)))));
  }
}

// @ts-ignore: decorator
@inline function addOne(row: usize, v: usize, d: usize, a: v128): void {
  for (let i: usize = 0; i < d; i += 16) daccumulate(row + i, dmul(a, v128.load(v + i)));
}

/**
 * H̄ = i(S† - S) and L̄ = 2 Σ W L V - L (S + S†) with S = Σ V W, from OUTER = Σ w vᵀ: row b of it is the matrix V_b that
 * stands beside the basis matrix W = E_b.
 */
export function scatterOuter(args: usize, s: usize, w: usize): void {
  const n = arg(args, DIMENSION), K = arg(args, JUMP_COUNT), half = halfOf(args), R = region(args, w, MATRIX), S = region(args, w, OVERLAP), P = region(args, w, PRODUCT), bars = region(args, w, POWERS);
  const jumps = region(args, w, OPERATORS) + 2 * half;
  memory.fill(S, 0, 2 * half);
  memory.fill(bars, 0, 2 * K * half);
  let row = region(args, w, OUTER);
  for (let i: usize = 0; i < n; i++, row += half) {
    matrixOf(row, n, R, half);
    addUnit(args, w, i, i, R, bars);
  }
  for (let i: usize = 0; i < n; i++)
    for (let j = i + 1; j < n; j++, row += 2 * half) {
      // E_ij stands beside (V₁ + i V₂)/√2, E_ji beside its adjoint.
      matrixOf(row, n, R, half);
      matrixOf(row + half, n, P, half);
      const c = f64x2.splat(ROOT_HALF);
      for (let at: usize = 0; at < half; at += 16) {
        const x = v128.load(R + at), y = v128.load(R + at + half), u = v128.load(P + at), v = v128.load(P + at + half);
        v128.store(R + at, dmul(c, dsub(x, v)));
        v128.store(R + at + half, dmul(c, dadd(y, u)));
      }
      addUnit(args, w, i, j, R, bars);
      adjoin(R, P, n, half);
      addUnit(args, w, j, i, P, bars);
    }
  finish(args, s, w, jumps, bars);
}

/** P = R†. */
function adjoin(R: usize, P: usize, n: usize, half: usize): void {
  for (let i: usize = 0; i < n; i++)
    for (let j: usize = 0; j < n; j++) {
      const a = (i * n + j) << 4, b = (j * n + i) << 4;
      v128.store(P + b, v128.load(R + a));
      v128.store(P + b + half, f64x2.neg(v128.load(R + a + half)));
    }
}

/** The terms of W = E_ij and V: column j of S gains column i of V, row i of every W L V gains row j of L times V. */
function addUnit(args: usize, w: usize, i: usize, j: usize, V: usize, bars: usize): void {
  const n = arg(args, DIMENSION), half = halfOf(args), S = region(args, w, OVERLAP);
  for (let a: usize = 0; a < n; a++) {
    daccumulate(S + ((a * n + j) << 4), v128.load(V + ((a * n + i) << 4)));
    daccumulate(S + ((a * n + j) << 4) + half, v128.load(V + ((a * n + i) << 4) + half));
  }
  for (let k: usize = 0, L = region(args, w, OPERATORS) + 2 * half, to = bars; k < arg(args, JUMP_COUNT); k++, L += 2 * half, to += 2 * half)
    for (let c: usize = 0; c < n; c++) {
      const x = v128.load(L + ((j * n + c) << 4)), y = v128.load(L + ((j * n + c) << 4) + half);
      if (v128.any_true(f64x2.ne(v128.or(x, y), f64x2.splat(0)))) addRow(to + ((i * n) << 4), V + ((c * n) << 4), n, half, x, y);
    }
}

/** row += (x + i y) · row of V. */
// @ts-ignore: decorator
@inline function addRow(to: usize, V: usize, n: usize, half: usize, x: v128, y: v128): void {
  for (const end = to + (n << 4); to < end; to += 16, V += 16) {
    const u = v128.load(V), v = v128.load(V + half);
    daccumulate(to, dsub(dmul(x, u), dmul(y, v)));
    daccumulate(to + half, dadd(dmul(x, v), dmul(y, u)));
  }
}

function finish(args: usize, s: usize, w: usize, jumps: usize, bars: usize): void {
  const n = arg(args, DIMENSION), d = n * n, K = arg(args, JUMP_COUNT), half = halfOf(args), R = region(args, w, MATRIX), S = region(args, w, OVERLAP), P = region(args, w, PRODUCT);
  for (let i: usize = 0; i < n; i++)
    for (let j: usize = 0; j < n; j++) {
      const a = (i * n + j) << 4, b = (j * n + i) << 4;
      const x = v128.load(S + a), y = v128.load(S + a + half), u = v128.load(S + b), v = v128.load(S + b + half);
      v128.store(R + a, dadd(y, v));
      v128.store(R + a + half, dsub(u, x));
      v128.store(P + a, dadd(x, u));
      v128.store(P + a + half, dsub(y, v));
    }
  unpack(args, H_BAR, s, 2 * d, 0, 2 * d, R);
  for (let k: usize = 0, L = jumps, bar = bars; k < K; k++, L += 2 * half, bar += 2 * half) {
    for (let i: usize = 0; i < n; i++)
      for (let j: usize = 0; j < n; j++) {
        let re = f64x2.splat(0), im = f64x2.splat(0);
        for (let c: usize = 0; c < n; c++) {
          const a = L + ((i * n + c) << 4), b = P + ((c * n + j) << 4);
          const x = v128.load(a), y = v128.load(a + half), u = v128.load(b), v = v128.load(b + half);
          re = dadd(re, dsub(dmul(x, u), dmul(y, v)));
          im = dadd(im, dadd(dmul(x, v), dmul(y, u)));
        }
        const at = (i * n + j) << 4, two = f64x2.splat(2);
        v128.store(R + at, dsub(dmul(two, v128.load(bar + at)), re));
        v128.store(R + at + half, dsub(dmul(two, v128.load(bar + at + half)), im));
      }
    unpack(args, JUMPS_BAR, s, K * 2 * d, k * 2 * d, 2 * d, R);
  }
}
