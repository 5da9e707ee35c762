// Exponentials of real matrices by scaling and squaring, in float64 between float32 doors: two matrices on the lanes.
// Item = one pair, the last one twice if their number is odd. Nothing crosses lanes.
//
// args: 0 a f32 [B, n, n], 1 exp(a), 2 n, 3 B. Scratch: six matrices of n² vectors, X to X⁴, P and Q.

import { arg } from "../runtime/host/lanes.as";
import { dadd, dmul, gather2, scatter2 } from "../runtime/host/lu.as";

/** Degree of the polynomial: 1/17! is below rounding. */
const DEGREE: i32 = 16;

export function matrixExponential(args: usize, lo: i32, hi: i32, scratch: usize): void {
  for (let item = lo; item < hi; item++) exponentialOf(args, <usize>item << 1, scratch);
}

/** C = A B. */
function multiply(A: usize, B: usize, C: usize, n: usize): void {
  const row = n << 4;
  for (let i: usize = 0; i < n; i++, A += row, C += row)
    for (let j: usize = 0; j < n; j++) {
      let x = f64x2.splat(0);
      for (let a = A, b = B + (j << 4); a < A + row; a += 16, b += row) x = dadd(x, dmul(v128.load(a), v128.load(b)));
      v128.store(C + (j << 4), x);
    }
}

/** How often a norm must be halved to be at most 1. */
function halvings(x: f64): i32 {
  let s = 0;
  for (; x > 1 && s < 60; s++) x *= 0.5;
  return s;
}

/** Largest row sum of |X|. */
function rowNorm(X: usize, n: usize): v128 {
  let most = f64x2.splat(0);
  for (let i: usize = 0; i < n; i++) {
    let sum = f64x2.splat(0);
    for (let j: usize = 0; j < n; j++, X += 16) sum = dadd(sum, f64x2.abs(v128.load(X)));
    most = f64x2.max(most, sum);
  }
  return most;
}

/** P += c_k + c_{k+1} X + c_{k+2} X² + c_{k+3} X³, c_k = 1/k!. */
function addTerms(X: usize, P: usize, n: usize, first: i32): void {
  const size = n * n << 4;
  let c: f64 = 1;
  for (let k = 2; k <= first; k++) c /= <f64>k;
  for (let i: usize = 0; i < n; i++) v128.store(P + ((i * n + i) << 4), dadd(v128.load(P + ((i * n + i) << 4)), f64x2.splat(c)));
  const c1 = c / <f64>(first + 1), c2 = c1 / <f64>(first + 2), c3 = c2 / <f64>(first + 3);
  for (let at: usize = 0; at < size; at += 16) {
    const sum = dadd(dmul(f64x2.splat(c1), v128.load(X + at)), dmul(f64x2.splat(c2), v128.load(X + size + at)));
    v128.store(P + at, dadd(v128.load(P + at), dadd(sum, dmul(f64x2.splat(c3), v128.load(X + 2 * size + at)))));
  }
}

function exponentialOf(args: usize, s: usize, X: usize): void {
  const n = arg(args, 2), t = s + 1 < arg(args, 3) ? s + 1 : s, count = n * n, size = count << 4, P = X + 4 * size, Q = P + size;
  for (let i: usize = 0; i < count; i++) v128.store(X + (i << 4), gather2(arg(args, 0) + ((s * count + i) << 2), arg(args, 0) + ((t * count + i) << 2)));
  const norm = rowNorm(X, n), s0 = halvings(f64x2.extract_lane(norm, 0)), s1 = halvings(f64x2.extract_lane(norm, 1));
  const scale = f64x2.replace_lane(f64x2.splat(1 / <f64>((<u64>1) << s0)), 1, 1 / <f64>((<u64>1) << s1));
  for (let at: usize = 0; at < size; at += 16) v128.store(X + at, dmul(scale, v128.load(X + at)));
  for (let k: usize = 1; k < 4; k++) multiply(X + (k - 1) * size, X, X + k * size, n);
  let c: f64 = 1;
  for (let k = 2; k <= DEGREE; k++) c /= <f64>k;
  for (let at: usize = 0; at < size; at += 16) v128.store(P + at, dmul(f64x2.splat(c), v128.load(X + 3 * size + at)));
  // Paterson and Stockmeyer: a polynomial in X⁴ whose coefficients are polynomials of degree 3.
  addTerms(X, P, n, 12);
  for (let first = 8; first >= 0; first -= 4) {
    multiply(P, X + 3 * size, Q, n);
    memory.copy(P, Q, size);
    addTerms(X, P, n, first);
  }
  for (let k = 0; k < max(s0, s1); k++) {
    const more = i64x2.replace_lane(i64x2.splat(k < s0 ? -1 : 0), 1, k < s1 ? -1 : 0);
    multiply(P, P, Q, n);
    for (let at: usize = 0; at < size; at += 16) v128.store(P + at, v128.bitselect(v128.load(Q + at), v128.load(P + at), more));
  }
  for (let i: usize = 0; i < count; i++) scatter2(arg(args, 1) + ((s * count + i) << 2), arg(args, 1) + ((t * count + i) << 2), v128.load(P + (i << 4)), t != s);
}
