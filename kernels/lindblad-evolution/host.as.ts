// Evolution of Lindblad equations with constant generators, and its vector-Jacobian product (README.md), in float64
// between float32 doors. Item = one pair of systems, the last one twice if their number is odd. Nothing crosses lanes.
// Arguments and scratch memory: layout.as.ts.

import { arg } from "../runtime/host/lanes.as";
import { daccumulate, dadd, dmul, dsub, scatter2 } from "../runtime/host/lu.as";
import { pullStep, scatterOuter } from "./adjoint.as";
import { ACCEPTED, CHECKPOINTS, COTANGENT, COUNTS, DEFECT_H, DEFECT_RHO, DIMENSION, D_EXPECTATIONS, D_STATES, EXPECTATIONS, FAILED, INSTANTS, MATRIX, MAY_PROPAGATE, OBSERVABLES, OBSERVABLES_BAR, OBSERVABLES_IN, OBSERVED, OBSERVED_BAR, OUTER, OVERLAP, PROPOSED, REJECTED, REPORT, RHO0_BAR, RHO0_IN, STATES, STATUS, STORE, TAKEN, WINDOW, WINDOW_LENGTH, Y, coordinatesOf, defectOf, flag, halfOf, matrixOf, pack, partner, region, unpack } from "./layout.as";
import { planRun, propagate } from "./propagator.as";
import { advance, beginInterval, beginSteps } from "./steps.as";
import { assemble, loadOperators } from "./superoperator.as";

export function lindbladEvolution(args: usize, lo: i32, hi: i32, scratch: usize): void {
  for (let item = lo; item < hi; item++) forward(args, <usize>item << 1, scratch);
}

export function lindbladEvolutionGradient(args: usize, lo: i32, hi: i32, scratch: usize): void {
  for (let item = lo; item < hi; item++) backward(args, <usize>item << 1, scratch);
}

/** Largest relative deviation of H from a Hermitian matrix; and of ρ₀ from one, and of its trace from 1. */
const HERMITIAN: f64 = 1e-5, STATE: f64 = 1e-4;

/** Where x is above a bound, or not a number. */
// @ts-ignore: decorator
@inline function exceeds(x: v128, bound: f64): v128 { return v128.not(f64x2.le(x, f64x2.splat(bound))); }

/** What the samples have come to: the numbers of `contract.ts`. */
function verdictOf(args: usize, w: usize): v128 {
  const status = region(args, w, STATUS), H = v128.load(status + DEFECT_H), rho = v128.load(status + DEFECT_RHO), sum = dadd(H, rho);
  let v = v128.and(f64x2.splat(1), v128.load(status + FAILED));
  v = v128.bitselect(f64x2.splat(2), v, exceeds(H, HERMITIAN));
  v = v128.bitselect(f64x2.splat(3), v, exceeds(rho, STATE));
  return v128.bitselect(f64x2.splat(4), v, f64x2.ne(dsub(sum, sum), f64x2.splat(0)));
}

/** Operators, observables and state of a pair, the latter at Y. */
function begin(args: usize, s: usize, w: usize, transposed: bool): void {
  const n = arg(args, DIMENSION), half = halfOf(args), R = region(args, w, MATRIX), status = region(args, w, STATUS), one = n * n * 2, M = arg(args, OBSERVED);
  loadOperators(args, s, w);
  assemble(args, w, transposed);
  for (let m: usize = 0; m < M; m++) {
    pack(args, OBSERVABLES_IN, s, M * one, m * one, one, R);
    coordinatesOf(R, n, region(args, w, OBSERVABLES) + m * half, half);
  }
  pack(args, RHO0_IN, s, one, 0, one, R);
  let trace = f64x2.splat(-1);
  for (let i: usize = 0; i < n; i++) trace = dadd(trace, v128.load(R + ((i * n + i) << 4)));
  const off = defectOf(R, n, half, true), defect = v128.load(status + DEFECT_H);
  v128.store(status + DEFECT_RHO, dadd(off, f64x2.abs(trace)));
  coordinatesOf(R, n, region(args, w, Y), half);
  // Of what is not a problem, or has no numbers, nothing is integrated.
  const refused = v128.or(exceeds(defect, HERMITIAN), exceeds(v128.load(status + DEFECT_RHO), STATE));
  v128.store(status + FAILED, refused);
  beginSteps(args, w);
}

/** NaN to the lanes of Y that have failed. */
function spoil(args: usize, w: usize): void {
  const failed = v128.load(region(args, w, STATUS) + FAILED), y = region(args, w, Y);
  for (let at = y; at < y + halfOf(args); at += 16) v128.store(at, v128.bitselect(f64x2.splat(NaN), v128.load(at), failed));
}

/** State and expectation values of time i. */
function record(args: usize, s: usize, w: usize, i: usize): void {
  const n = arg(args, DIMENSION), d = n * n, half = halfOf(args), T = arg(args, INSTANTS), M = arg(args, OBSERVED), R = region(args, w, MATRIX), y = region(args, w, Y);
  const store = flag(args, STORE), kept = store ? T : 1, t = partner(args, s);
  spoil(args, w);
  if (store || i + 1 == T) {
    matrixOf(y, n, R, half);
    unpack(args, STATES, s, kept * 2 * d, (store ? i : 0) * 2 * d, 2 * d, R);
  }
  for (let m: usize = 0, o = region(args, w, OBSERVABLES); m < M; m++) {
    let sum = f64x2.splat(0);
    for (let at = y; at < y + half; at += 16, o += 16) sum = dadd(sum, dmul(v128.load(o), v128.load(at)));
    const out = arg(args, EXPECTATIONS);
    scatter2(out + (((s * M + m) * T + i) << 2), out + (((t * M + m) * T + i) << 2), sum, t != s);
  }
}

function forward(args: usize, s: usize, w: usize): void {
  const T = arg(args, INSTANTS), status = region(args, w, STATUS), t = partner(args, s), out = arg(args, REPORT);
  begin(args, s, w, false);
  record(args, s, w, 0);
  const plans = flag(args, MAY_PROPAGATE);
  for (let i: usize = 1, planned: usize = 1; i < T; i++) {
    if (plans && i == planned) planned += planRun(args, w, i - 1);
    beginInterval(args, w, i - 1);
    if (plans) propagate(args, w);
    while (advance(args, w)) continue;
    record(args, s, w, i);
  }
  const a = out + s * 12, b = out + t * 12, both = t != s;
  scatter2(a, b, v128.load(status + ACCEPTED), both);
  scatter2(a + 4, b + 4, v128.load(status + REJECTED), both);
  scatter2(a + 8, b + 8, verdictOf(args, w), both);
}

/** Where the steps of interval i begin: the state, and the length that was proposed. */
// @ts-ignore: decorator
@inline function checkpoint(args: usize, w: usize, i: usize): usize { return region(args, w, CHECKPOINTS) + i * (halfOf(args) + 32); }

function saveCheckpoint(args: usize, w: usize, i: usize): void {
  const at = checkpoint(args, w, i), d = halfOf(args), status = region(args, w, STATUS);
  memory.copy(at, region(args, w, Y), d);
  v128.store(at + d, v128.load(status + PROPOSED));
  v128.store(at + d, v128.load(status + FAILED), 16);
}

/** Takes the steps of interval i again up to `end`, and keeps those from `first` on. */
function replay(args: usize, w: usize, i: usize, first: u32, end: u32): void {
  const at = checkpoint(args, w, i), d = halfOf(args), status = region(args, w, STATUS), y = region(args, w, Y);
  memory.copy(y, at, d);
  v128.store(status + PROPOSED, v128.load(at + d));
  v128.store(status + FAILED, v128.load(at + d, 16));
  beginInterval(args, w, i);
  let to = region(args, w, WINDOW);
  for (let k: u32 = 0; k < end; k++) {
    if (k >= first) memory.copy(to, y, d);
    advance(args, w);
    if (k < first) continue;
    v128.store(to + d, v128.load(status + TAKEN));
    to += d + 16;
  }
}

/** Adds the cotangents of time i to λ, and what they say of the observables, whose state is the checkpoint. */
function addCotangents(args: usize, s: usize, w: usize, i: usize): void {
  const n = arg(args, DIMENSION), d = n * n, half = halfOf(args), T = arg(args, INSTANTS), M = arg(args, OBSERVED), lambda = region(args, w, COTANGENT), R = region(args, w, MATRIX);
  const store = flag(args, STORE), y = checkpoint(args, w, i), spare = region(args, w, OVERLAP);
  if (store || i + 1 == T) {
    pack(args, D_STATES, s, (store ? T : 1) * 2 * d, (store ? i : 0) * 2 * d, 2 * d, R);
    coordinatesOf(R, n, spare, half);
    for (let at: usize = 0; at < half; at += 16) daccumulate(lambda + at, v128.load(spare + at));
  }
  for (let m: usize = 0; m < M; m++) {
    pack(args, D_EXPECTATIONS, s, M * T, m * T + i, 1, spare);
    const c = v128.load(spare), o = region(args, w, OBSERVABLES) + m * half, bar = region(args, w, OBSERVED_BAR) + m * half;
    for (let at: usize = 0; at < half; at += 16) {
      daccumulate(lambda + at, dmul(c, v128.load(o + at)));
      daccumulate(bar + at, dmul(c, v128.load(y + at)));
    }
  }
}

function backward(args: usize, s: usize, w: usize): void {
  const n = arg(args, DIMENSION), d = n * n, half = halfOf(args), T = arg(args, INSTANTS), M = arg(args, OBSERVED), counts = region(args, w, COUNTS), length = <u32>arg(args, WINDOW_LENGTH);
  const R = region(args, w, MATRIX), lambda = region(args, w, COTANGENT), window = region(args, w, WINDOW);
  begin(args, s, w, true);
  memory.fill(lambda, 0, half);
  memory.fill(region(args, w, OUTER), 0, d * half);
  memory.fill(region(args, w, OBSERVED_BAR), 0, M * half);
  saveCheckpoint(args, w, 0);
  for (let i: usize = 0; i + 1 < T; i++) {
    beginInterval(args, w, i);
    let count: u32 = 0;
    while (advance(args, w)) count++;
    store<u32>(counts + (i << 2), count);
    spoil(args, w);
    saveCheckpoint(args, w, i + 1);
  }
  addCotangents(args, s, w, T - 1);
  for (let i = T - 1; i-- > 0;) {
    for (let end = load<u32>(counts + (i << 2)); end > 0;) {
      const first = end > length ? end - length : 0;
      replay(args, w, i, first, end);
      for (let k = end; k-- > first;) pullStep(args, w, window + <usize>(k - first) * (half + 16));
      end = first;
    }
    addCotangents(args, s, w, i);
  }
  scatterOuter(args, s, w);
  matrixOf(lambda, n, R, half);
  unpack(args, RHO0_BAR, s, 2 * d, 0, 2 * d, R);
  for (let m: usize = 0; m < M; m++) {
    matrixOf(region(args, w, OBSERVED_BAR) + m * half, n, R, half);
    unpack(args, OBSERVABLES_BAR, s, M * 2 * d, m * 2 * d, 2 * d, R);
  }
}
