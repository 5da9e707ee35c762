// LU factorisation with partial pivoting, solves and a condition estimate, for two systems in float64 or four in float32
// on the lanes of a vector: T = f64 or f32. Matrices are row-major, one vector per entry; pivots differ per lane, so rows
// are swapped lane by lane.
// AssemblyScript without strings, arrays, classes or static data, as in lanes.as.ts.

// @ts-ignore: decorator
@inline export function dadd(a: v128, b: v128): v128 { return f64x2.add(a, b); }
// @ts-ignore: decorator
@inline export function dsub(a: v128, b: v128): v128 { return f64x2.sub(a, b); }
// @ts-ignore: decorator
@inline export function dmul(a: v128, b: v128): v128 { return f64x2.mul(a, b); }
/** Adds to what is at `at`. */
// @ts-ignore: decorator
@inline export function daccumulate(at: usize, x: v128): void { v128.store(at, dadd(v128.load(at), x)); }
/** Two f32 values of two systems as f64. */
// @ts-ignore: decorator
@inline export function gather2(a: usize, b: usize): v128 { return f64x2.promote_low_f32x4(v128.load_lane<f32>(b, v128.load_zero<f32>(a), 1)); }
/** The lanes as f32 to two addresses; the second only if `both`. */
// @ts-ignore: decorator
@inline export function scatter2(a: usize, b: usize, x: v128, both: bool): void {
  const y = f32x4.demote_f64x2_zero(x);
  v128.store_lane<f32>(a, y, 0);
  if (both) v128.store_lane<f32>(b, y, 1);
}
/** Adds to what is at `at`. */
// @ts-ignore: decorator
@inline function accumulate<T>(at: usize, x: v128): void { v128.store(at, v128.add<T>(v128.load(at), x)); }

/** Swaps, in one lane, `count` entries `step` bytes apart. */
// @ts-ignore: decorator
@inline function swapLane<T>(a: usize, b: usize, count: usize, step: usize): void {
  for (const end = a + count * step; a < end; a += step, b += step) {
    const t = load<T>(a);
    store<T>(a, load<T>(b));
    store<T>(b, t);
  }
}

/** Brings, in each lane, the largest |entry| of column k at or below row k to row k, and notes its row. */
function pivot<T>(A: usize, n: usize, k: usize, pivots: usize): void {
  const row = n << 4, col = A + k * row + (k << 4);
  let best = v128.abs<T>(v128.load(col)), which = v128.splat<T>(<T>k), q = col + row;
  for (let i = k + 1; i < n; i++, q += row) {
    const v = v128.abs<T>(v128.load(q)), larger = v128.gt<T>(v, best);
    best = v128.bitselect(v, best, larger);
    which = v128.bitselect(v128.splat<T>(<T>i), which, larger);
  }
  v128.store(pivots + (k << 4), which);
  for (let lane: usize = 0; lane < 16; lane += sizeof<T>()) {
    const p = <usize>load<T>(pivots + (k << 4) + lane);
    if (p != k) swapLane<T>(A + k * row + lane, A + p * row + lane, n, 16);
  }
}

/** Columns of a panel, whose steps reach the rest of the matrix together. */
const PANEL: usize = 4;

/** Steps k0 … k1 - 1 of the elimination on their own columns: pivots, multipliers, whole rows swapped. */
function eliminatePanel<T>(A: usize, n: usize, k0: usize, k1: usize, pivots: usize): void {
  const row = n << 4;
  for (let k = k0; k < k1; k++) {
    pivot<T>(A, n, k, pivots);
    const rk = A + k * row + (k << 4), inverse = v128.div<T>(v128.splat<T>(<T>1), v128.load(rk)), end = rk + ((k1 - k) << 4);
    for (let i = k + 1, d = row; i < n; i++, d += row) {
      const f = v128.mul<T>(v128.load(rk + d), inverse);
      v128.store(rk + d, f);
      for (let q = rk + 16; q < end; q += 16) v128.store(q + d, v128.sub<T>(v128.load(q + d), v128.mul<T>(f, v128.load(q))));
    }
  }
}

/** The steps of a panel on the columns from k1 on: its own rows first, then the others with all of them at once. */
function updateRest<T>(A: usize, n: usize, k0: usize, k1: usize): void {
  const row = n << 4, end = (n - k1) << 4, top = A + k0 * row + (k1 << 4);
  for (let r = k0 + 1; r < k1; r++)
    for (let s = k0; s < r; s++) subtractMultiple<T>(A + r * row + (k1 << 4), A + s * row + (k1 << 4), v128.load(A + r * row + (s << 4)), end);
  if (k1 - k0 < PANEL) return; // the last panel has nothing below it
  let i = k1;
  for (; i + 1 < n; i += 2) {
    const f = A + i * row + (k0 << 4), x = f + (PANEL << 4), y = x + row;
    const f0 = v128.load(f), f1 = v128.load(f, 16), f2 = v128.load(f, 32), f3 = v128.load(f, 48);
    const g0 = v128.load(f + row), g1 = v128.load(f + row, 16), g2 = v128.load(f + row, 32), g3 = v128.load(f + row, 48);
    for (let q: usize = 0; q < end; q += 16) {
      const u0 = v128.load(top + q), u1 = v128.load(top + row + q), u2 = v128.load(top + 2 * row + q), u3 = v128.load(top + 3 * row + q);
      v128.store(x + q, v128.sub<T>(v128.sub<T>(v128.sub<T>(v128.sub<T>(v128.load(x + q), v128.mul<T>(f0, u0)), v128.mul<T>(f1, u1)), v128.mul<T>(f2, u2)), v128.mul<T>(f3, u3)));
      v128.store(y + q, v128.sub<T>(v128.sub<T>(v128.sub<T>(v128.sub<T>(v128.load(y + q), v128.mul<T>(g0, u0)), v128.mul<T>(g1, u1)), v128.mul<T>(g2, u2)), v128.mul<T>(g3, u3)));
    }
  }
  if (i < n) for (let s = k0; s < k1; s++) subtractMultiple<T>(A + i * row + (k1 << 4), A + s * row + (k1 << 4), v128.load(A + i * row + (s << 4)), end);
}

/** a - f b over `bytes`. */
// @ts-ignore: decorator
@inline function subtractMultiple<T>(a: usize, b: usize, f: v128, bytes: usize): void {
  for (let q: usize = 0; q < bytes; q += 16) v128.store(a + q, v128.sub<T>(v128.load(a + q), v128.mul<T>(f, v128.load(b + q))));
}

/** P A = L U in place, L with unit diagonal below it; `pivots` takes n vectors. */
export function factorise<T>(A: usize, n: usize, pivots: usize): void {
  for (let k: usize = 0; k < n; k += PANEL) {
    const end = min<usize>(k + PANEL, n);
    eliminatePanel<T>(A, n, k, end, pivots);
    updateRest<T>(A, n, k, end);
  }
}

/** Σ a_i b_i over `count` vectors, b `step` bytes apart. */
// @ts-ignore: decorator
@inline function dotRow<T>(a: usize, b: usize, count: usize, step: usize): v128 {
  let even = v128.splat<T>(<T>0), odd = v128.splat<T>(<T>0);
  const half = count & ~1;
  for (let i: usize = 0; i < half; i += 2, a += 32, b += step << 1) {
    even = v128.add<T>(even, v128.mul<T>(v128.load(a), v128.load(b)));
    odd = v128.add<T>(odd, v128.mul<T>(v128.load(a, 16), v128.load(b + step)));
  }
  if (count != half) even = v128.add<T>(even, v128.mul<T>(v128.load(a), v128.load(b)));
  return v128.add<T>(even, odd);
}

/** b - f a over `count` vectors, b `step` bytes apart. */
// @ts-ignore: decorator
@inline function subtractRow<T>(a: usize, b: usize, count: usize, step: usize, f: v128): void {
  for (let i: usize = 0; i < count; i++, a += 16, b += step) v128.store(b, v128.sub<T>(v128.load(b), v128.mul<T>(f, v128.load(a))));
}

/** x = A⁻¹ b in place, from the factors; the n entries of b are `step` bytes apart. */
export function solve<T>(A: usize, n: usize, pivots: usize, b: usize, step: usize): void {
  const row = n << 4;
  for (let k: usize = 0; k < n; k++)
    for (let lane: usize = 0; lane < 16; lane += sizeof<T>()) {
      const p = <usize>load<T>(pivots + (k << 4) + lane);
      if (p != k) swapLane<T>(b + k * step + lane, b + p * step + lane, 1, 16);
    }
  for (let i: usize = 1; i < n; i++) {
    const at = b + i * step;
    v128.store(at, v128.sub<T>(v128.load(at), dotRow<T>(A + i * row, b, i, step)));
  }
  for (let i = n; i-- > 0;) {
    const at = b + i * step, diagonal = A + i * row + (i << 4);
    const rest = dotRow<T>(diagonal + 16, at + step, n - 1 - i, step);
    v128.store(at, v128.div<T>(v128.sub<T>(v128.load(at), rest), v128.load(diagonal)));
  }
}

/** x = A⁻ᵀ b in place, from the factors of A. */
export function solveTransposed<T>(A: usize, n: usize, pivots: usize, b: usize, step: usize): void {
  const row = n << 4;
  for (let k: usize = 0; k < n; k++) {
    const at = b + k * step, diagonal = A + k * row + (k << 4);
    const y = v128.div<T>(v128.load(at), v128.load(diagonal));
    v128.store(at, y);
    subtractRow<T>(diagonal + 16, at + step, n - 1 - k, step, y);
  }
  for (let k = n; k-- > 0;) subtractRow<T>(A + k * row, b, k, step, v128.load(b + k * step));
  for (let k = n; k-- > 0;)
    for (let lane: usize = 0; lane < 16; lane += sizeof<T>()) {
      const p = <usize>load<T>(pivots + (k << 4) + lane);
      if (p != k) swapLane<T>(b + k * step + lane, b + p * step + lane, 1, 16);
    }
}

/** Σ |x_i|. */
export function norm1<T>(x: usize, n: usize): v128 {
  let total = v128.splat<T>(<T>0);
  for (let i: usize = 0; i < n; i++, x += 16) total = v128.add<T>(total, v128.abs<T>(v128.load(x)));
  return total;
}

/** Largest column sum of |A|; `work` takes n vectors. */
export function matrixNorm1<T>(A: usize, n: usize, work: usize): v128 {
  memory.fill(work, 0, n << 4);
  for (let i: usize = 0; i < n; i++)
    for (let j: usize = 0; j < n; j++, A += 16) accumulate<T>(work + (j << 4), v128.abs<T>(v128.load(A)));
  let most = v128.splat<T>(<T>0);
  for (let j: usize = 0; j < n; j++) most = v128.max<T>(most, v128.load(work + (j << 4)));
  return most;
}

/** The unit vector of the largest |z_i|, per lane, to `x`. */
function unitOfLargest<T>(z: usize, n: usize, x: usize): void {
  let best = v128.splat<T>(<T>-1), which = v128.splat<T>(<T>0);
  for (let i: usize = 0; i < n; i++) {
    const v = v128.abs<T>(v128.load(z + (i << 4))), larger = v128.gt<T>(v, best);
    best = v128.bitselect(v, best, larger);
    which = v128.bitselect(v128.splat<T>(<T>i), which, larger);
  }
  for (let i: usize = 0; i < n; i++)
    v128.store(x + (i << 4), v128.and(v128.eq<T>(which, v128.splat<T>(<T>i)), v128.splat<T>(<T>1)));
}

/**
 * 1 / (‖A‖₁ ‖A⁻¹‖₁) with one step of Hager's estimate of the second norm (Higham, Accuracy and Stability, 15.3), from
 * the factors and the first norm; 0 where it is not a number. `work` takes 2 n vectors.
 */
// @ts-ignore: decorator
@inline export function reciprocalCondition<T>(A: usize, n: usize, pivots: usize, norm: v128, work: usize): v128 {
  const z = work + (n << 4), one = v128.splat<T>(<T>1), sign = v128.splat<T>(<T>-0.0);
  for (let i: usize = 0; i < n; i++) v128.store(work + (i << 4), v128.splat<T>(<T>(1 / <f64>n)));
  solve<T>(A, n, pivots, work, 16);
  let most = norm1<T>(work, n);
  for (let i: usize = 0; i < n; i++) v128.store(z + (i << 4), v128.bitselect(v128.load(work + (i << 4)), one, sign));
  solveTransposed<T>(A, n, pivots, z, 16);
  unitOfLargest<T>(z, n, work);
  solve<T>(A, n, pivots, work, 16);
  most = v128.max<T>(most, norm1<T>(work, n));
  const r = v128.div<T>(one, v128.mul<T>(norm, most));
  return v128.and(r, v128.gt<T>(r, v128.splat<T>(<T>0)));
}
