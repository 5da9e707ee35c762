// The full steady state of the dissipative network and its vector-Jacobian product (README.md): a closed form for one
// input; with more, four samples on the lanes and a fixed point where it converges, for the others half of the state by LU
// or, with four inputs, GMRES, in float64, two samples on the lanes.
// Item = one block of up to 64 samples of one population row. Nothing crosses lanes, and nothing crosses items but the
// partial sums of J_bar, which the caller adds in order: results depend neither on threads nor on company.
//
// args: as of effectiveForward and effectiveGradient (kernels/effective-steady-state/host.as.ts).

import { gatherRows, inversePower, rateOf, scatterSome } from "../effective-steady-state/samples.as";
import { accumulate, add, arg, cosSin, det2, dot, mul, splat, sub, sumLanes } from "../runtime/host/lanes.as";
import { solveHalf } from "./half-system.as";
import { gmres } from "./krylov.as";
import { solveOne } from "./single-input.as";
import { barsAt, contract, COUPLINGS, CUT, endOf, fixedPoint, GAMMA, GAMMA_BAR, kappaOf, prepareSystem, stateAt, turn, UNIQUE, Z, Z_BAR } from "./system.as";

const BLOCK: i32 = 64;
const J_PER_SAMPLE: u32 = 2, GAMMA_ROWS: u32 = 4, GAMMA_SAMPLES: u32 = 8, Z_ROWS: u32 = 16, Z_SAMPLES: u32 = 32;
/** Flags from this bit on: 0 all components of r, 1 x, 2 y, 3 z. */
const OBSERVE_SHIFT: u32 = 8;
/** Steps of the fixed point before a lane is given up; what converges within them is then closer than 1e-6. */
const STEPS: i32 = 72;
/** Couplings so much stronger than the damping are not stepped at all, and so much stronger not answered. */
const STEPS_KAPPA: f32 = 0.8, MOST_KAPPA: f32 = 2000;
const STILL: f32 = 2e-7, ADJOINT_STILL: f32 = 1e-6;

// Scratch for N inputs: cosines and sines of theta and phi of a quad (4 N vectors), sums of theta_bar and phi_bar (2 N),
// of gamma_bar and z_bar (2), masks (4), partial sums of J_bar (9 M N), a system in float32, one in float64 with its basis.
export function exactForward(args: usize, lo: i32, hi: i32, scratch: usize): void { items<bool>(args, lo, hi, scratch); }
export function exactGradient(args: usize, lo: i32, hi: i32, scratch: usize): void { items<f32>(args, lo, hi, scratch); }

/** A = bool: value only; A = f32: with gradient. */
// @ts-ignore: decorator
@inline function items<A>(args: usize, lo: i32, hi: i32, scratch: usize): void {
  const N = arg(args, 6), outputs = arg(args, 7), B = <i32>arg(args, 8), perSample = (<u32>arg(args, 9) & J_PER_SAMPLE) != 0;
  const blocks = (B + BLOCK - 1) / BLOCK, sums = sumsAt(scratch, N), system = sums + outputs * N * 144;
  for (let item = lo; item < hi; item++) {
    const p = item / blocks, first = (item % blocks) * BLOCK, count = min<i32>(BLOCK, B - first);
    if (isFloat<A>()) memory.fill(sums, 0, outputs * N * 144);
    for (let k = 0; k < count; k += 4) {
      const left = min<i32>(4, count - k);
      prepareAngles(args, p, first + k, scratch);
      for (let m: usize = 0; m < outputs; m++) output<A>(args, p, first + k, left, m, scratch, system);
      if (isFloat<A>()) storeSampleBars(args, p, first + k, left, scratch);
    }
    if (!isFloat<A>() || perSample) continue;
    const to = arg(args, 13) + <usize>item * outputs * N * 72;
    for (let i: usize = 0; i < outputs * N * 9; i++) store<f64>(to + (i << 3), sumLanes(v128.load(sums + (i << 4))));
  }
}

// @ts-ignore: decorator
@inline function anglesBarAt(scratch: usize, N: usize): usize { return scratch + N * 64; }
// @ts-ignore: decorator
@inline function ratesBarAt(scratch: usize, N: usize): usize { return anglesBarAt(scratch, N) + N * 32; }
// @ts-ignore: decorator
@inline function masksAt(scratch: usize, N: usize): usize { return ratesBarAt(scratch, N) + 32; }
// @ts-ignore: decorator
@inline function sumsAt(scratch: usize, N: usize): usize { return masksAt(scratch, N) + 64; }

/** Cosines and sines of a quad; sums over the outputs set to 0. */
function prepareAngles(args: usize, p: i32, sample: i32, scratch: usize): void {
  const N = arg(args, 6), B = <i32>arg(args, 8), row = <usize>p * <usize>B;
  for (let n: usize = 0; n < N; n++) {
    const at = scratch + n * 64;
    cosSin(gatherRows(arg(args, 0) + (n << 2), row, sample, B - 1, N << 2), at);
    if (arg(args, 1)) cosSin(gatherRows(arg(args, 1) + (n << 2), row, sample, B - 1, N << 2), at + 32);
    else { v128.store(at, f32x4.splat(1), 32); v128.store(at, f32x4.splat(0), 48); }
  }
  memory.fill(anglesBarAt(scratch, N), 0, N * 32 + 32);
}

/** Output m of a quad. */
function output<A>(args: usize, p: i32, sample: i32, left: i32, m: usize, scratch: usize, y: usize): void {
  const N = arg(args, 6), wanted = masksAt(scratch, N), solved = wanted + 16, power = wanted + 32, valid = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(left));
  prepareCouplings(args, p, sample, m, scratch, y);
  if (isFloat<A>()) loadCotangent(args, p, sample, left, m, y);
  prepareSystem<f32>(y, N);
  const kappa = kappaOf<f32>(y, N);
  v128.store(wanted, v128.and(v128.and(valid, v128.load(y, UNIQUE)), f32x4.le(kappa, f32x4.splat(MOST_KAPPA))));
  v128.store(solved, v128.load(wanted));
  if (N == 1) solveSingle<A>(y);
  else {
    v128.store(solved, v128.and(v128.load(wanted), f32x4.le(kappa, f32x4.splat(STEPS_KAPPA))));
    fixedPoint<f32, bool>(y, N, solved, STILL, STEPS);
    if (isFloat<A>()) {
      fixedPoint<f32, f32>(y, N, solved, ADJOINT_STILL, STEPS);
      turn<f32>(y);
      contract<f32>(y, N);
    }
    const open = v128.andnot(v128.load(wanted), v128.load(solved));
    if (v128.any_true(open)) solveOpen<A>(y, N, arg(args, isFloat<A>() ? 16 : 10), i32x4.bitmask(open), solved);
  }
  const state = stateAt(y, N), failed = v128.not(v128.and(v128.load(solved), isState(state)));
  for (let i: usize = 16; i < 64; i += 16) v128.store(state + i, v128.or(v128.load(state + i), failed)); // all bits set is NaN
  storeValue(args, p, sample, left, m, state);
  if (isFloat<A>()) addBars(args, p, sample, left, m, scratch, y, v128.and(valid, failed), valid, v128.load(power));
}

/** |r| is at most 1: what is not a number, or not a state, is no answer. */
// @ts-ignore: decorator
@inline function isState(state: usize): v128 {
  const x = v128.load(state, 16), y = v128.load(state, 32), z = v128.load(state, 48);
  return f32x4.le(dot(x, y, z, x, y, z), f32x4.splat(1.001));
}

/** The rows 2a, -2b, 2d of each input, z and gamma, with J and gamma divided by a power of two. */
function prepareCouplings(args: usize, p: i32, sample: i32, m: usize, scratch: usize, y: usize): void {
  const N = arg(args, 6), outputs = arg(args, 7), B = <i32>arg(args, 8), last = B - 1, row = <usize>p * <usize>B, flags = <u32>arg(args, 9), perSample = (flags & J_PER_SAMPLE) != 0;
  const J = arg(args, 2) + (perSample ? m : <usize>p * outputs + m) * N * 36, stride = outputs * N * 36;
  let most = f32x4.splat(0);
  for (let i: usize = 0; i < 9 * N; i++) most = f32x4.max(most, f32x4.abs(perSample ? gatherRows(J + (i << 2), row, sample, last, stride) : splat(J + (i << 2))));
  const power = inversePower(most), two = add(power, power);
  v128.store(masksAt(scratch, N) + 32, power);
  v128.store(y, rateOf(arg(args, 4), (flags & Z_ROWS) != 0, (flags & Z_SAMPLES) != 0, p, B, sample, last), Z);
  v128.store(y, mul(power, rateOf(arg(args, 3), (flags & GAMMA_ROWS) != 0, (flags & GAMMA_SAMPLES) != 0, p, B, sample, last)), GAMMA);
  for (let n: usize = 0; n < N; n++) {
    const trig = scratch + n * 64, ct = v128.load(trig), st = v128.load(trig, 16), cp = v128.load(trig, 32), sp = v128.load(trig, 48), c = y + COUPLINGS + n * 144;
    for (let l: usize = 0; l < 3; l++) {
      const j = J + n * 36 + (l << 2), to = c + (l << 4);
      const j1 = mul(two, perSample ? gatherRows(j, row, sample, last, stride) : splat(j)), j2 = mul(two, perSample ? gatherRows(j + 12, row, sample, last, stride) : splat(j + 12)), j3 = mul(two, perSample ? gatherRows(j + 24, row, sample, last, stride) : splat(j + 24));
      const e = add(mul(cp, j1), mul(sp, j2));
      v128.store(to, det2(st, ct, e, j3)); v128.store(to, det2(sp, cp, j2, j1), 48); v128.store(to, add(mul(st, e), mul(ct, j3)), 96);
    }
  }
}

/** The cotangent of r, 0 in the lanes beyond the batch. */
function loadCotangent(args: usize, p: i32, sample: i32, left: i32, m: usize, y: usize): void {
  const outputs = arg(args, 7), last = <i32>arg(args, 8) - 1, row = <usize>p * arg(args, 8), observe = <usize>(<u32>arg(args, 9) >> OBSERVE_SHIFT), valid = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(left));
  memory.fill(y + CUT, 0, 48);
  if (observe) v128.store(y + CUT + (observe - 1 << 4), v128.and(valid, gatherRows(arg(args, 10) + (m << 2), row, sample, last, outputs << 2)));
  else for (let i: usize = 0; i < 3; i++) v128.store(y + CUT + (i << 4), v128.and(valid, gatherRows(arg(args, 10) + m * 12 + (i << 2), row, sample, last, outputs * 12)));
}

function storeValue(args: usize, p: i32, sample: i32, left: i32, m: usize, state: usize): void {
  const outputs = arg(args, 7), observe = <usize>(<u32>arg(args, 9) >> OBSERVE_SHIFT), at = <usize>p * arg(args, 8) + <usize>sample;
  if (observe) scatterSome(arg(args, 5) + (at * outputs + m << 2), outputs << 2, v128.load(state + (observe << 4)), left);
  else for (let i: usize = 0; i < 3; i++) scatterSome(arg(args, 5) + (at * outputs + m) * 12 + (i << 2), outputs * 12, v128.load(state + 16 + (i << 4)), left);
}

/** The four lanes of one input, two at a time in float64. */
function solveSingle<A>(y: usize): void {
  const wide = endOf(y, 1) + 64, work = endOf(wide, 1), state = stateAt(y, 1), wideState = stateAt(wide, 1);
  for (let half: usize = 0; half < 16; half += 8) {
    promote(y + half, wide, 2);
    if (isFloat<A>()) promote(y + CUT + half, wide + CUT, 3);
    promote(y + COUPLINGS + half, wide + COUPLINGS, 9);
    solveOne<A>(wide, work);
    demote(wideState + 16, state + 16 + half, 3);
    if (!isFloat<A>()) continue;
    contract<f64>(wide, 1);
    demote(wide + Z_BAR, y + Z_BAR + half, 2);
    demote(barsAt(wide, 1), barsAt(y, 1) + half, 9);
  }
}

/** Two neighbouring lanes of `count` vectors of float32, to float64. */
function promote(from: usize, to: usize, count: usize): void {
  for (let i: usize = 0; i < count << 4; i += 16) v128.store(to + i, f64x2.promote_low_f32x4(v128.load_zero<f64>(from + i)));
}
/** The reverse. */
function demote(from: usize, to: usize, count: usize): void {
  for (let i: usize = 0; i < count << 4; i += 16) v128.store_lane<f64>(to + i, f32x4.demote_f64x2_zero(v128.load(from + i)), 0);
}

/** Solves the lanes of `open`, two at a time in float64, and puts what they give into the float32 system. */
function solveOpen<A>(y: usize, N: usize, words: usize, open: i32, solved: usize): void {
  const wide = endOf(y, N) + 64, mask = endOf(wide, N), state = stateAt(y, N), wideState = stateAt(wide, N);
  while (open) {
    const a = <usize>ctz(open), rest = open & (open - 1), b = rest ? <usize>ctz(rest) : a;
    open = rest & (rest - 1);
    widen(y + Z, wide + Z, 2, a, b);
    widen(y + CUT, wide + CUT, 3, a, b);
    widen(y + COUPLINGS, wide + COUPLINGS, 9 * N, a, b);
    prepareSystem<f64>(wide, N);
    v128.store(mask, v128.eq<f64>(v128.splat<f64>(0), v128.splat<f64>(0)));
    if (words) solveHalf<f64, A>(wide, N, words, mask + 16);
    else gmres<f64, bool>(wide, N, mask);
    narrow(wideState + 16, state + 16, 3, a, b);
    if (isFloat<A>()) {
      if (!words) {
        gmres<f64, f32>(wide, N, mask);
        turn<f64>(wide);
      }
      contract<f64>(wide, N);
      narrow(wide + Z_BAR, y + Z_BAR, 2, a, b);
      narrow(barsAt(wide, N), barsAt(y, N), 9 * N, a, b);
    }
    if (load<i64>(mask)) store<i32>(solved + (a << 2), -1);
    if (load<i64>(mask, 8)) store<i32>(solved + (b << 2), -1);
  }
}

/** Lanes a and b of `count` vectors of float32, to float64. */
function widen(from: usize, to: usize, count: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < count << 4; i += 16) {
    store<f64>(to + i, <f64>load<f32>(from + i + (a << 2)));
    store<f64>(to + i, <f64>load<f32>(from + i + (b << 2)), 8);
  }
}
/** The reverse. */
function narrow(from: usize, to: usize, count: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < count << 4; i += 16) {
    store<f32>(to + i + (b << 2), <f32>load<f64>(from + i, 8));
    store<f32>(to + i + (a << 2), <f32>load<f64>(from + i));
  }
}

/** The gradients by the rows a, b, d, to those by J and the angles; NaN in the lanes of `failed`. */
function addBars(args: usize, p: i32, sample: i32, left: i32, m: usize, scratch: usize, y: usize, failed: v128, valid: v128, power: v128): void {
  const N = arg(args, 6), outputs = arg(args, 7), at = <usize>p * arg(args, 8) + <usize>sample, perSample = (<u32>arg(args, 9) & J_PER_SAMPLE) != 0;
  const angles = anglesBarAt(scratch, N), rates = ratesBarAt(scratch, N), sums = sumsAt(scratch, N) + m * N * 144, half = f32x4.splat(0.5), two = f32x4.splat(2);
  accumulate(rates, v128.or(failed, v128.and(valid, mul(power, v128.load(y, GAMMA_BAR)))));
  accumulate(rates + 16, v128.or(failed, v128.and(valid, v128.load(y, Z_BAR))));
  for (let n: usize = 0; n < N; n++) {
    const trig = scratch + n * 64, ct = v128.load(trig), st = v128.load(trig, 16), cp = v128.load(trig, 32), sp = v128.load(trig, 48), c = y + COUPLINGS + n * 144, bar = barsAt(y, N) + n * 144;
    let thetaBar = f32x4.splat(0), phiBar = thetaBar;
    for (let l: usize = 0; l < 48; l += 16) {
      const a = mul(half, v128.load(c + l)), b = mul(f32x4.splat(-0.5), v128.load(c + 48 + l)), d = mul(half, v128.load(c + 96 + l));
      const aBar = v128.or(failed, v128.and(valid, mul(two, v128.load(bar + l)))), bBar = v128.or(failed, v128.and(valid, mul(f32x4.splat(-2), v128.load(bar + 48 + l)))), dBar = v128.or(failed, v128.and(valid, mul(two, v128.load(bar + 96 + l))));
      const eBar = det2(st, ct, aBar, dBar); // st d_bar - ct a_bar, by e = cp r1 + sp r2
      thetaBar = add(thetaBar, sub(mul(aBar, d), mul(dBar, a)));
      phiBar = add(phiBar, sub(mul(eBar, b), mul(bBar, det2(st, ct, a, d))));
      const j1 = mul(power, det2(cp, sp, bBar, eBar)), j2 = mul(power, add(mul(sp, eBar), mul(cp, bBar))), j3 = mul(power, add(mul(st, aBar), mul(ct, dBar)));
      if (perSample) {
        const to = arg(args, 13) + ((at * outputs + m) * N + n) * 36 + (l >> 2), stride = outputs * N * 36;
        scatterSome(to, stride, j1, left); scatterSome(to + 12, stride, j2, left); scatterSome(to + 24, stride, j3, left);
      } else { accumulate(sums + n * 144 + l, j1); accumulate(sums + n * 144 + 48 + l, j2); accumulate(sums + n * 144 + 96 + l, j3); }
    }
    accumulate(angles + n * 32, thetaBar); accumulate(angles + n * 32 + 16, phiBar);
  }
}

/** The sums over the outputs, to the gradients of angles and rates. */
function storeSampleBars(args: usize, p: i32, sample: i32, left: i32, scratch: usize): void {
  const N = arg(args, 6), at = <usize>p * arg(args, 8) + <usize>sample, angles = anglesBarAt(scratch, N), rates = ratesBarAt(scratch, N);
  for (let n: usize = 0; n < N; n++) {
    scatterSome(arg(args, 11) + (at * N + n << 2), N << 2, v128.load(angles + n * 32), left);
    if (arg(args, 12)) scatterSome(arg(args, 12) + (at * N + n << 2), N << 2, v128.load(angles + n * 32, 16), left);
  }
  if (arg(args, 14)) scatterSome(arg(args, 14) + (at << 2), 4, v128.load(rates), left);
  if (arg(args, 15)) scatterSome(arg(args, 15) + (at << 2), 4, v128.load(rates, 16), left);
}
