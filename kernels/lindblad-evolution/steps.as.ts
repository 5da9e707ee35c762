// Steps y ← e^{σh} Σ g_k (hA)^k y / k! of two systems, each with a length, an error and an end of its own: Taylor's
// polynomial of the exponential, and the polynomials that Runge-Kutta methods are for a constant generator.

import { arg } from "../runtime/host/lanes.as";
import { dadd, dmul, dsub } from "../runtime/host/lu.as";
import { ACCEPTED, ADAPTIVE, DEGREE, ERROR, EXPONENTIAL, FACTOR, FAILED, FORWARD, MAX_STEPS, NEXT, NORM, POWERS, PROPOSED, REJECTED, REMAINING, SHIFT, STATUS, STEP, TAKEN, TIMES, WEIGHTS, Y, dsplat, flag, halfOf, region, setting } from "./layout.as";
import { apply, normOf } from "./superoperator.as";

const NEGLIGIBLE: f64 = 1e-18;

/** e^x to rounding. */
export function exponential(x: f64): f64 {
  const k = Math.round(x * 1.4426950408889634), r = x - k * 0.693147180369123816490 - k * 1.90821492927058770002e-10;
  let term: f64 = 1, sum: f64 = 1;
  for (let i = 1; i < 16; i++) {
    term *= r / <f64>i;
    sum += term;
  }
  const bits = <i64>Math.min(1023, Math.max(-1022, k)) + 1023;
  return sum * reinterpret<f64>(bits << 52);
}

/** x^(1/q) to four digits, for the lengths of steps. */
function root(x: f64, q: f64): f64 {
  const bits = reinterpret<i64>(x), e = <f64>((bits >> 52) & 2047) - 1023;
  const m = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000), t = (m - 1) / (m + 1), s = t * t;
  return exponential((e * 0.6931471805599453 + 2 * t * (1 + s * (1 / 3.0 + s * (0.2 + s / 7)))) / q);
}

/** e^{σh} of both lanes, h the length at STEP. */
export function growth(args: usize, w: usize): v128 {
  const h = v128.load(region(args, w, STATUS) + STEP);
  if (!flag(args, EXPONENTIAL)) return f64x2.splat(1);
  const x = dmul(v128.load(region(args, w, STATUS) + SHIFT), h);
  return f64x2.replace_lane(f64x2.splat(exponential(f64x2.extract_lane(x, 0))), 1, exponential(f64x2.extract_lane(x, 1)));
}

/** Powers v_k = (hA)^k y / k! from the one at POWERS on, h the length at STEP, until both lanes have no more of them; returns the last k. */
export function powers(args: usize, w: usize): usize {
  const status = region(args, w, STATUS), h = v128.load(status + STEP);
  const d = halfOf(args), first = region(args, w, POWERS), m = arg(args, DEGREE), early = flag(args, EXPONENTIAL);
  let size = f64x2.splat(0);
  for (let at = first; at < first + d; at += 16) size = f64x2.max(size, f64x2.abs(v128.load(at)));
  const least = dmul(size, f64x2.splat(NEGLIGIBLE));
  for (let k: usize = 1; k <= m; k++) {
    const v = first + k * d;
    v128.store(status + FACTOR, f64x2.div(h, f64x2.splat(<f64>k)));
    apply(args, w, FORWARD, v - d, v, status + FACTOR);
    if (!early) continue;
    let most = f64x2.splat(0);
    for (let at = v; at < v + d; at += 16) most = f64x2.max(most, f64x2.abs(v128.load(at)));
    // What is negligible stays so: a lane that has converged must not depend on its partner.
    const more = f64x2.gt(most, least);
    if (!v128.any_true(more)) return k;
    if (!i64x2.all_true(more)) for (let at = v; at < v + d; at += 16) v128.store(at, v128.and(v128.load(at), more));
  }
  return m;
}

/** A trial step of the length at STEP from Y to NEXT; returns its error in units of what is allowed. */
function trial(args: usize, w: usize): v128 {
  const d = halfOf(args), y = region(args, w, Y), first = region(args, w, POWERS), next = region(args, w, NEXT), error = region(args, w, ERROR), m = arg(args, DEGREE), g = arg(args, WEIGHTS), e = g + ((m + 1) << 3);
  memory.copy(first, y, d);
  const last = powers(args, w), scale = growth(args, w), adaptive = flag(args, ADAPTIVE);
  let most = f64x2.splat(0), total = f64x2.splat(0);
  const atol = f64x2.splat(setting(args, 0)), rtol = f64x2.splat(setting(args, 1));
  for (let i: usize = 0; i < d; i += 16) {
    let sum = f64x2.splat(0), off = f64x2.splat(0);
    for (let k: usize = 0, at = first + i; k <= last; k++, at += d) {
      const v = v128.load(at);
      sum = dadd(sum, dmul(dsplat(g + (k << 3)), v));
      off = dadd(off, dmul(dsplat(e + (k << 3)), v));
      most = f64x2.max(most, f64x2.abs(v));
    }
    const z = dmul(scale, sum), allowed = dadd(atol, dmul(rtol, f64x2.max(f64x2.abs(v128.load(y + i)), f64x2.abs(z)))), r = f64x2.div(dmul(scale, off), allowed);
    v128.store(next + i, z);
    total = dadd(total, dmul(r, r));
  }
  if (!adaptive) return f64x2.splat(0);
  // The rounding of the largest term counts beside the terms that were left out.
  const rounding = f64x2.div(dmul(dmul(most, scale), f64x2.splat(setting(args, 4))), atol);
  return dadd(f64x2.sqrt(f64x2.div(total, f64x2.splat(<f64>(d >> 4)))), rounding);
}

/** The factor by which a step may grow or must shrink, between 1/5 and 5. */
function factor(error: f64, order: f64): f64 {
  if (!(error < 1e300)) return 0.2;
  return Math.min(5, Math.max(0.2, 0.9 / root(Math.max(error, 1e-30), order)));
}

/** The first length of a step, and counts at 0. */
export function beginSteps(args: usize, w: usize): void {
  const status = region(args, w, STATUS), zero = f64x2.splat(0);
  const reach = f64x2.splat(flag(args, EXPONENTIAL) ? 6 : 0.3);
  const norm = normOf(args, w);
  v128.store(status + NORM, norm);
  v128.store(status + PROPOSED, f64x2.div(reach, f64x2.max(norm, f64x2.splat(1e-30))));
  v128.store(status + ACCEPTED, zero);
  v128.store(status + REJECTED, zero);
}

/** Prepares the interval from time i to the next. */
export function beginInterval(args: usize, w: usize, i: usize): void {
  const status = region(args, w, STATUS), times = arg(args, TIMES) + (i << 3), span = f64.load(times + 8) - f64.load(times);
  v128.store(status + REMAINING, v128.andnot(f64x2.splat(span), v128.load(status + FAILED)));
  if (!flag(args, ADAPTIVE)) v128.store(status + PROPOSED, f64x2.splat(span / Math.max(1, Math.ceil(span / setting(args, 2) - 1e-9))));
}

/** One step, or attempt, of each lane that has not reached the end of the interval; false if none is left. */
export function advance(args: usize, w: usize): bool {
  const status = region(args, w, STATUS), left = v128.load(status + REMAINING), open = f64x2.gt(left, f64x2.splat(0));
  if (!v128.any_true(open)) return false;
  const wanted = v128.load(status + PROPOSED), ends = f64x2.ge(dmul(wanted, f64x2.splat(1.000001)), left);
  const h = v128.and(v128.bitselect(left, wanted, ends), open);
  v128.store(status + STEP, h);
  const error = trial(args, w);
  const good = v128.and(open, f64x2.le(error, f64x2.splat(1))), bad = v128.andnot(open, good), one = f64x2.splat(1);
  for (let y = region(args, w, Y), next = region(args, w, NEXT), end = y + halfOf(args); y < end; y += 16, next += 16)
    v128.store(y, v128.bitselect(v128.load(next), v128.load(y), good));
  v128.store(status + TAKEN, v128.and(h, good));
  v128.store(status + ACCEPTED, dadd(v128.load(status + ACCEPTED), v128.and(one, good)));
  v128.store(status + REJECTED, dadd(v128.load(status + REJECTED), v128.and(one, bad)));
  v128.store(status + REMAINING, v128.bitselect(v128.andnot(dsub(left, h), ends), left, good));
  if (flag(args, ADAPTIVE)) propose(args, w, h, error, open, v128.and(good, ends));
  return true;
}

/** The next lengths; and lanes that have had all their steps fail. */
function propose(args: usize, w: usize, h: v128, error: v128, open: v128, ended: v128): void {
  const status = region(args, w, STATUS), order = setting(args, 3), wanted = v128.load(status + PROPOSED);
  const f = f64x2.replace_lane(f64x2.splat(factor(f64x2.extract_lane(error, 0), order)), 1, factor(f64x2.extract_lane(error, 1), order));
  const next = dmul(h, f);
  // A step that the end of the interval cut short says nothing against longer ones.
  v128.store(status + PROPOSED, v128.bitselect(v128.bitselect(f64x2.max(next, wanted), next, ended), wanted, open));
  const steps = dadd(v128.load(status + ACCEPTED), v128.load(status + REJECTED)), failed = v128.and(open, f64x2.ge(steps, f64x2.splat(<f64>arg(args, MAX_STEPS))));
  const lost = v128.and(failed, f64x2.gt(v128.load(status + REMAINING), f64x2.splat(0)));
  v128.store(status + FAILED, v128.or(v128.load(status + FAILED), lost));
  v128.store(status + REMAINING, v128.andnot(v128.load(status + REMAINING), lost));
}
