// The propagator of an interval as a dense matrix, by scaling and squaring, for lanes where that is less work than the
// action of the exponential: small systems, stiff ones, and grids of many equal intervals.

import { arg } from "../runtime/host/lanes.as";
import { dadd, dmul } from "../runtime/host/lu.as";
import { ACCEPTED, DENSE, DIMENSION, FORWARD, HALVINGS, INSTANTS, NEXT, NORM, PROPAGATED, REMAINING, SHIFT, STATUS, TIMES, Y, halfOf, region } from "./layout.as";
import { exponential } from "./steps.as";

/** Degree of the polynomial: 1/17! is below rounding. */
const DEGREE: i32 = 16;
/** Powers that the action takes for each unit of norm and time, measured. */
const POWERS_EACH: f64 = 3.5, POWERS_LEAST: f64 = 16;

/** C = A B of d rows, one vector an entry. */
function multiply(A: usize, B: usize, C: usize, d: usize): void {
  const row = d << 4;
  for (let i: usize = 0; i < d; i++, A += row, C += row) {
    let j: usize = 0;
    for (; j + 4 <= d; j += 4) {
      let x = f64x2.splat(0), y = x, z = x, u = x;
      for (let a = A, b = B + (j << 4); a < A + row; a += 16, b += row) {
        const f = v128.load(a);
        x = dadd(x, dmul(f, v128.load(b)));
        y = dadd(y, dmul(f, v128.load(b, 16)));
        z = dadd(z, dmul(f, v128.load(b, 32)));
        u = dadd(u, dmul(f, v128.load(b, 48)));
      }
      v128.store(C + (j << 4), x);
      v128.store(C + (j << 4), y, 16);
      v128.store(C + (j << 4), z, 32);
      v128.store(C + (j << 4), u, 48);
    }
    for (; j < d; j++) {
      let x = f64x2.splat(0);
      for (let a = A, b = B + (j << 4); a < A + row; a += 16, b += row) x = dadd(x, dmul(v128.load(a), v128.load(b)));
      v128.store(C + (j << 4), x);
    }
  }
}

/** Matrix i of the dense region. */
// @ts-ignore: decorator
@inline function dense(args: usize, w: usize, i: usize): usize { return region(args, w, DENSE) + i * halfOf(args) * (halfOf(args) >> 4); }

/** Halvings left to the state: 2^j products with it cost no more than the last squarings. */
function leftOver(d: usize): i32 {
  let j = 0;
  while ((<usize>1 << (j + 1)) <= d) j++;
  return j;
}

/** How often norm · span must be halved to be at most 1. */
function halvings(x: f64): i32 {
  let s = 0;
  for (; x > 1 && s < 60; s++) x *= 0.5;
  return s;
}

/** Intervals from i on that are as long as it. */
function equalIntervals(args: usize, i: usize): usize {
  const times = arg(args, TIMES), T = arg(args, INSTANTS), span = f64.load(times + (i << 3), 8) - f64.load(times + (i << 3)), end = f64.load(times + ((T - 1) << 3));
  let count: usize = 1;
  for (let k = i + 1; k + 1 < T; k++, count++)
    if (Math.abs(f64.load(times + (k << 3), 8) - f64.load(times + (k << 3)) - span) > 1e-12 * end) break;
  return count;
}

/** Whether the propagator is less work than the action, for one lane with `entries` of norm `norm`. */
function pays(d: f64, norm: f64, entries: f64, span: f64, count: f64): bool {
  const s = halvings(norm * span), j = Math.min(<f64>s, <f64>leftOver(<usize>d));
  const made = (6 + <f64>s - j) * d * d * d, used = <f64>(1 << <i32>j) * d * d;
  return made + count * used < count * (POWERS_LEAST + POWERS_EACH * norm * span) * (entries + 2 * d);
}

/** Nonzero entries of each lane. */
function entriesOf(args: usize, w: usize): v128 {
  const d = arg(args, DIMENSION) * arg(args, DIMENSION), end: usize = load<u32>(region(args, w, FORWARD) + (d << 2));
  let count = f64x2.splat(0);
  for (let p: usize = 0, v = region(args, w, FORWARD + 2); p < end; p++, v += 16) count = dadd(count, v128.and(f64x2.splat(1), f64x2.ne(v128.load(v), f64x2.splat(0))));
  return count;
}

/** Decides for the run of equal intervals that begins with i, and makes its propagator; returns how many there are. */
export function planRun(args: usize, w: usize, i: usize): usize {
  const n = arg(args, DIMENSION), count = equalIntervals(args, i), status = region(args, w, STATUS), times = arg(args, TIMES) + (i << 3), span = f64.load(times, 8) - f64.load(times);
  const norm = v128.load(status + NORM), entries = entriesOf(args, w), d = <f64>(n * n);
  const first = pays(d, f64x2.extract_lane(norm, 0), f64x2.extract_lane(entries, 0), span, <f64>count), second = pays(d, f64x2.extract_lane(norm, 1), f64x2.extract_lane(entries, 1), span, <f64>count);
  const mask = i64x2.replace_lane(i64x2.splat(first ? -1 : 0), 1, second ? -1 : 0);
  v128.store(status + PROPAGATED, mask);
  if (first || second) makePropagator(args, w, span);
  return count;
}

/** The matrix X = (𝓛 - σ) span / 2^s as dense rows, s of each lane noted less what is left to the state. */
function scaled(args: usize, w: usize, span: f64): void {
  const d = halfOf(args) >> 4, status = region(args, w, STATUS), norm = v128.load(status + NORM), X = dense(args, w, 0);
  const s0 = halvings(f64x2.extract_lane(norm, 0) * span), s1 = halvings(f64x2.extract_lane(norm, 1) * span);
  v128.store(status + HALVINGS, f64x2.replace_lane(f64x2.splat(<f64>s0), 1, <f64>s1));
  const factor = f64x2.replace_lane(f64x2.splat(span / <f64>((<u64>1) << s0)), 1, span / <f64>((<u64>1) << s1));
  memory.fill(X, 0, d * d << 4);
  const starts = region(args, w, FORWARD), columns = region(args, w, FORWARD + 1), values = region(args, w, FORWARD + 2);
  for (let row: usize = 0, p: usize = 0; row < d; row++)
    for (const end: usize = load<u32>(starts + (row << 2), 4); p < end; p++)
      v128.store(X + ((row * d) << 4) + load<u32>(columns + (p << 2)), dmul(factor, v128.load(values + (p << 4))));
}

/** P = c₀ + c₁ X + c₂ X² + c₃ X³ + P, c_k = 1/k! from k = first on. */
function addTerms(args: usize, w: usize, P: usize, first: i32): void {
  const d = halfOf(args) >> 4, size = d * d << 4, X = dense(args, w, 0);
  let c: f64 = 1;
  for (let k = 2; k <= first; k++) c /= <f64>k;
  for (let i: usize = 0; i < d; i++) v128.store(P + ((i * d + i) << 4), dadd(v128.load(P + ((i * d + i) << 4)), f64x2.splat(c)));
  const c1 = c / <f64>(first + 1), c2 = c1 / <f64>(first + 2), c3 = c2 / <f64>(first + 3);
  for (let at: usize = 0; at < size; at += 16) {
    const sum = dadd(dmul(f64x2.splat(c1), v128.load(X + at)), dmul(f64x2.splat(c2), v128.load(X + size + at)));
    v128.store(P + at, dadd(v128.load(P + at), dadd(sum, dmul(f64x2.splat(c3), v128.load(X + 2 * size + at)))));
  }
}

/** P to the power of 2, in lanes that have halvings left beyond `rest`. */
function square(args: usize, w: usize, P: usize, Q: usize, rest: f64): void {
  const d = halfOf(args) >> 4, status = region(args, w, STATUS), more = f64x2.gt(v128.load(status + HALVINGS), f64x2.splat(rest));
  multiply(P, P, Q, d);
  for (let at: usize = 0; at < d * d << 4; at += 16) v128.store(P + at, v128.bitselect(v128.load(Q + at), v128.load(P + at), more));
  v128.store(status + HALVINGS, f64x2.sub(v128.load(status + HALVINGS), v128.and(f64x2.splat(1), more)));
}

/** Taylor's polynomial of degree 16 from X² to X⁴ (Paterson and Stockmeyer), squared until the state may do the rest. */
function makePropagator(args: usize, w: usize, span: f64): void {
  const d = halfOf(args) >> 4, size = d * d << 4, status = region(args, w, STATUS), X = dense(args, w, 0), P = dense(args, w, 4), Q = dense(args, w, 5);
  scaled(args, w, span);
  for (let k: usize = 1; k < 4; k++) multiply(X + (k - 1) * size, X, X + k * size, d);
  let c: f64 = 1;
  for (let k = 2; k <= DEGREE; k++) c /= <f64>k;
  for (let at: usize = 0; at < size; at += 16) v128.store(P + at, dmul(f64x2.splat(c), v128.load(X + 3 * size + at)));
  addTerms(args, w, P, 12);
  for (let first = 8; first >= 0; first -= 4) {
    multiply(P, X + 3 * size, Q, d);
    memory.copy(P, Q, size);
    addTerms(args, w, P, first);
  }
  const s = v128.load(status + HALVINGS), shift = v128.load(status + SHIFT);
  const s0 = f64x2.extract_lane(s, 0), s1 = f64x2.extract_lane(s, 1);
  const g0 = exponential(f64x2.extract_lane(shift, 0) * span / <f64>((<u64>1) << <i32>s0)), g1 = exponential(f64x2.extract_lane(shift, 1) * span / <f64>((<u64>1) << <i32>s1));
  const growth = f64x2.replace_lane(f64x2.splat(g0), 1, g1);
  for (let at: usize = 0; at < size; at += 16) v128.store(P + at, dmul(growth, v128.load(P + at)));
  const rest = <f64>leftOver(d);
  while (v128.any_true(f64x2.gt(v128.load(status + HALVINGS), f64x2.splat(rest)))) square(args, w, P, Q, rest);
}

/** Takes the lanes that have a propagator through the interval that has begun. */
export function propagate(args: usize, w: usize): void {
  const d = halfOf(args) >> 4, status = region(args, w, STATUS), mask = v128.and(v128.load(status + PROPAGATED), f64x2.gt(v128.load(status + REMAINING), f64x2.splat(0)));
  if (!v128.any_true(mask)) return;
  const s = v128.load(status + HALVINGS), t0 = 1 << <i32>f64x2.extract_lane(s, 0), t1 = 1 << <i32>f64x2.extract_lane(s, 1), y = region(args, w, Y), z = region(args, w, NEXT);
  for (let k = 0; k < max(t0, t1); k++) {
    const lane = i64x2.replace_lane(i64x2.splat(k < t0 ? -1 : 0), 1, k < t1 ? -1 : 0), on = v128.and(mask, lane);
    for (let i: usize = 0, a = dense(args, w, 4); i < d; i++) {
      let even = f64x2.splat(0), odd = even;
      for (let j: usize = 0; j < d; j++, a += 16) {
        const x = dmul(v128.load(a), v128.load(y + (j << 4)));
        if (j & 1) odd = dadd(odd, x);
        else even = dadd(even, x);
      }
      v128.store(z + (i << 4), dadd(even, odd));
    }
    for (let i: usize = 0; i < d << 4; i += 16) v128.store(y + i, v128.bitselect(v128.load(z + i), v128.load(y + i), on));
  }
  v128.store(status + REMAINING, v128.andnot(v128.load(status + REMAINING), mask));
  v128.store(status + ACCEPTED, dadd(v128.load(status + ACCEPTED), v128.and(f64x2.splat(1), mask)));
}
