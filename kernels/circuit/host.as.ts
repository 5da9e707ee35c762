// The interpreter of a circuit: four samples on the lanes of a vector, from the first to the last stage, and back with
// gradients. Item = a block of samples of one population row; nothing but the shared sums crosses samples, and those
// are written for each block.
//
// args: 0 address of the call, words below. Offsets of the areas of a thread's scratch follow them (host.ts).

import { add, arg, mul, sumLanes, accumulate, cosSin } from "../runtime/host/lanes.as";
import { dense } from "./dense.as";
import { applySamplePhases, buildTable, isWire, monomial, monomialBack, parity, phaseGradients, samplePhases, signBits, termSum } from "./monomial.as";
import { expectations, expectationsBack, foldBits, gatherSome, loadState, scatterSome, storeState } from "./observe.as";
import { clear, contract, expand, wireVectors, wireVectorsBack } from "./product.as";
import { back1, back2, turn1, turn2, turn3 } from "./turns.as";

const WIRES = 0, PLAN = 1, ROWS = 2, ROW_BYTES = 3, SAMPLE = 4, SAMPLE_STRIDE = 5, COLUMNS = 6, BATCH = 7, BLOCKS = 8, BLOCK = 9;
const RE = 10, IM = 11, STATE_ROW = 12, STATE_SAMPLE = 13, OUT = 14, WORD_COUNT = 15, WORDS = 16, KEEP = 17;
const DY = 18, D_SAMPLE = 19, D_RE = 20, D_IM = 21, SUMS_OUT = 22, OWN_SCRATCH = 23, OWN_STRIDE = 24;
const PSI = 32, OTHER = 33, LAMBDA = 34, OTHER_LAMBDA = 35, TABLES = 36, PHASE_SUMS = 37, SUMS = 38, XS = 39, DXS = 40, VECTORS = 41, BARS = 42;
const TREE = 43, WORK = 44, TEMP = 45, BITS = 46, TRIG = 47;

/** Word `i` of the call. */
// @ts-ignore: decorator
@inline function word(call: usize, i: usize): usize { return <usize>load<u32>(call + (i << 2)); }
/** Word `i` of a record. */
// @ts-ignore: decorator
@inline function part(record: usize, i: usize): usize { return <usize>load<u32>(record + (i << 2)); }

const STAGE: usize = 64, HEADER: usize = 16;

// @ts-ignore: decorator
@inline function stageAt(plan: usize, s: usize): usize { return plan + HEADER + s * STAGE; }
// @ts-ignore: decorator
@inline function prefixAt(plan: usize): usize { return stageAt(plan, part(plan, 0)); }
/** A row's scale and flips of a stage. */
// @ts-ignore: decorator
@inline function flipsOf(stage: usize, row: usize): usize { return part(row + (part(stage, 13) << 2), 1); }

/** The table of a stage: one kept for each, or built when it is used. */
function tableOf(call: usize, scratch: usize, s: usize, row: usize): usize {
  const N = <usize>1 << word(call, WIRES), at = scratch + word(call, TABLES);
  if (word(call, KEEP) != 0) return at + s * (N << 3);
  const plan = word(call, PLAN);
  buildTable(stageAt(plan, s), plan, row, N, at, scratch + word(call, TEMP));
  return at;
}

/** c and s of the angle of a turn that differs between samples. */
function laneTrig(record: usize, row: usize, xs: usize, trig: usize): void {
  let half = v128.load_splat<f32>(row + (part(record, 1) << 2));
  const count = part(record, 3);
  for (let i: usize = 0; i < count; i++) {
    const at = record + 16 + (i << 3);
    half = add(half, mul(v128.load(xs + (part(at, 0) << 4)), v128.load_splat<f32>(at, 4)));
  }
  cosSin(half, trig);
}
// @ts-ignore: decorator
@inline function laneRecordBytes(record: usize): usize { return 16 + (part(record, 3) << 3); }

// @ts-ignore: decorator
@inline function tangent(record: usize, row: usize): v128 { return v128.load_splat<f32>(row + (part(record, 1) << 2)); }

function turns(psi: usize, N: usize, stage: usize, plan: usize, row: usize): void {
  let left = part(stage, 9), at = plan + part(stage, 10);
  while (left > 0) {
    const r0 = at, r1 = at + 12, r2 = at + 24;
    if (left == 3 || left > 4) {
      turn3(psi, N, part(r0, 0), part(r1, 0), part(r2, 0), tangent(r0, row), tangent(r1, row), tangent(r2, row));
      left -= 3; at += 36;
    } else if (left > 1) {
      turn2(psi, N, part(r0, 0), part(r1, 0), tangent(r0, row), tangent(r1, row));
      left -= 2; at += 24;
    } else {
      turn1(psi, N, part(r0, 0), f32x4.splat(1), tangent(r0, row));
      left = 0;
    }
  }
}

function turnsBack(psi: usize, lambda: usize, N: usize, stage: usize, plan: usize, row: usize, sums: usize): void {
  const first = plan + part(stage, 10);
  let i = part(stage, 9);
  for (; i >= 2; i -= 2) {
    const r1 = first + (i - 1) * 12, r0 = r1 - 12;
    back2(psi, lambda, N, part(r0, 0), part(r1, 0), tangent(r0, row), tangent(r1, row), sums + (part(r0, 2) << 4), sums + (part(r1, 2) << 4));
  }
  if (i == 1) accumulate(sums + (part(first, 2) << 4), back1(psi, lambda, N, part(first, 0), f32x4.splat(1), tangent(first, row)));
}

/** One stage; returns where the state is. */
function forwardStage(call: usize, scratch: usize, s: usize, row: usize, psi: usize): usize {
  const plan = word(call, PLAN), stage = stageAt(plan, s), N = <usize>1 << word(call, WIRES), kind = <i32>part(stage, 2);
  const xs = scratch + word(call, XS), trig = scratch + word(call, TRIG), temp = scratch + word(call, TEMP);
  const other = scratch + word(call, PSI) + (scratch + word(call, OTHER) - psi);
  if (kind != 0) psi = monomial(psi, other, N, kind, part(stage, 0) != 0 ? plan + part(stage, 0) : 0, flipsOf(stage, row), tableOf(call, scratch, s, row));
  if (part(stage, 5) != 0) {
    samplePhases(N, <i32>part(stage, 5), plan + part(stage, 6), xs, temp);
    applySamplePhases(psi, N, temp, trig, false);
  }
  if (part(stage, 7) != 0) dense(psi, N, <i32>part(stage, 7), plan + part(stage, 8), false, temp);
  turns(psi, N, stage, plan, row);
  let lane = plan + part(stage, 12);
  for (let i = part(stage, 11); i > 0; i--, lane += laneRecordBytes(lane)) {
    laneTrig(lane, row, xs, trig);
    turn1(psi, N, part(lane, 0), v128.load(trig), v128.load(trig, 16));
  }
  return psi;
}

function lanesBack(call: usize, scratch: usize, stage: usize, row: usize, psi: usize, lambda: usize): void {
  const plan = word(call, PLAN), N = <usize>1 << word(call, WIRES), xs = scratch + word(call, XS), dxs = scratch + word(call, DXS), trig = scratch + word(call, TRIG);
  let lane = plan + part(stage, 12);
  for (let i = part(stage, 11); i > 0; i--, lane += laneRecordBytes(lane)) {
    laneTrig(lane, row, xs, trig);
    const twice = back1(psi, lambda, N, part(lane, 0), v128.load(trig), v128.load(trig, 16)), count = part(lane, 3), sum = <i32>part(lane, 2);
    for (let j: usize = 0; j < count; j++) {
      const at = lane + 16 + (j << 3);
      accumulate(dxs + (part(at, 0) << 4), mul(v128.load_splat<f32>(at, 4), twice));
    }
    if (sum >= 0) accumulate(scratch + word(call, SUMS) + (<usize>sum << 4), mul(f32x4.splat(0.5), twice));
  }
}

/** Phases that differ between samples: their gradients, then both states back. */
function samplePhasesBack(call: usize, scratch: usize, stage: usize, psi: usize, lambda: usize): void {
  const plan = word(call, PLAN), N = <usize>1 << word(call, WIRES), temp = scratch + word(call, TEMP), trig = scratch + word(call, TRIG), dxs = scratch + word(call, DXS);
  memory.fill(temp, 0, N << 4);
  phaseGradients(psi, lambda, N, temp);
  const count = part(stage, 5), terms = plan + part(stage, 6);
  for (let i: usize = 0; i < count; i++) {
    const term = terms + i * 20, total = termSum(temp, N, load<u32>(term), load<u32>(term, 4), part(term, 2), 0);
    accumulate(dxs + (part(term, 3) << 4), mul(mul(f32x4.splat(6.283185307179586), v128.load_splat<f32>(term, 16)), total));
  }
  samplePhases(N, <i32>count, terms, scratch + word(call, XS), temp);
  applySamplePhases(psi, N, temp, trig, true);
  applySamplePhases(lambda, N, temp, trig, true);
}

/** The sums of the shared terms of a stage, from the sums over samples of the gradients by the phases, which are lost. */
function reduceTerms(call: usize, scratch: usize, stage: usize, row: usize, gradients: usize): void {
  const n = word(call, WIRES), N = <usize>1 << n, count = part(stage, 3), bits = scratch + word(call, BITS);
  const terms = word(call, PLAN) + part(stage, 4), sums = scratch + word(call, SUMS) + (part(stage, 14) << 4), F = flipsOf(stage, row);
  if (count == 0) return;
  for (let i: usize = 0; i < count; i++) {
    const term = terms + (i << 4);
    if (!isWire(term)) accumulate(sums + (i << 4), termSum(gradients, N, load<u32>(term), load<u32>(term, 4), part(term, 2), F));
  }
  foldBits(gradients, n, bits);
  for (let i: usize = 0; i < count; i++) {
    const term = terms + (i << 4), z = part(term, 2);
    if (isWire(term)) accumulate(sums + (i << 4), v128.xor(signBits(parity(F, z)), v128.load(bits + (<usize>i32.ctz(<i32>z) << 4))));
  }
}

/** The way back over one stage; both states move alike, and where ψ is is returned. */
function backStage(call: usize, scratch: usize, s: usize, row: usize, psi: usize, lambda: usize): usize {
  const plan = word(call, PLAN), stage = stageAt(plan, s), N = <usize>1 << word(call, WIRES), kind = <i32>part(stage, 2), temp = scratch + word(call, TEMP);
  lanesBack(call, scratch, stage, row, psi, lambda);
  turnsBack(psi, lambda, N, stage, plan, row, scratch + word(call, SUMS));
  if (part(stage, 7) != 0) {
    dense(psi, N, <i32>part(stage, 7), plan + part(stage, 8), true, temp);
    dense(lambda, N, <i32>part(stage, 7), plan + part(stage, 8), true, temp);
  }
  if (part(stage, 5) != 0) samplePhasesBack(call, scratch, stage, psi, lambda);
  if (part(stage, 3) != 0) {
    const keep = word(call, KEEP) != 0, gradients = scratch + word(call, PHASE_SUMS) + (keep ? s * (N << 4) : 0);
    if (!keep) memory.fill(gradients, 0, N << 4);
    phaseGradients(psi, lambda, N, gradients);
    if (!keep) reduceTerms(call, scratch, stage, row, gradients);
  }
  if (kind == 0) return psi;
  const source = part(stage, 0) != 0 ? plan + part(stage, 0) : 0, F = flipsOf(stage, row), table = tableOf(call, scratch, s, row);
  monomialBack(lambda, scratch + word(call, LAMBDA) + (scratch + word(call, OTHER_LAMBDA) - lambda), N, kind, source, F, table);
  return monomialBack(psi, scratch + word(call, PSI) + (scratch + word(call, OTHER) - psi), N, kind, source, F, table);
}

/** The columns of the samples' table, a vector for each. */
function loadColumns(call: usize, scratch: usize, p: usize, sample: usize, lanes: i32): void {
  const count = word(call, COLUMNS), from = word(call, SAMPLE) + p * word(call, SAMPLE_STRIDE) + sample * (count << 2);
  for (let i: usize = 0; i < count; i++) v128.store(scratch + word(call, XS) + (i << 4), gatherSome(from + (i << 2), count << 2, lanes));
}

/** The state that four samples start from. */
function start(call: usize, scratch: usize, row: usize, p: usize, sample: usize, lanes: i32): void {
  const n = word(call, WIRES), N = <usize>1 << n, psi = scratch + word(call, PSI), plan = word(call, PLAN);
  if (word(call, RE) != 0) {
    const at = p * word(call, STATE_ROW) + sample * word(call, STATE_SAMPLE);
    loadState(word(call, RE) + at, word(call, IM) + at, word(call, STATE_SAMPLE), lanes, N, psi, false);
    return;
  }
  const vectors = scratch + word(call, VECTORS);
  wireVectors(<i32>part(plan, 1), prefixAt(plan), row, scratch + word(call, XS), n, vectors, scratch + word(call, TRIG) + 32);
  expand(vectors, 0, n, psi, scratch + word(call, TREE));
}

/** Forward for four samples; returns where the state is. */
function forward(call: usize, scratch: usize, p: usize, sample: usize, lanes: i32): usize {
  const row = word(call, ROWS) + p * word(call, ROW_BYTES), count = part(word(call, PLAN), 0);
  loadColumns(call, scratch, p, sample, lanes);
  start(call, scratch, row, p, sample, lanes);
  let psi = scratch + word(call, PSI);
  for (let s: usize = 0; s < count; s++) psi = forwardStage(call, scratch, s, row, psi);
  return psi;
}

function writeOutput(call: usize, scratch: usize, psi: usize, index: usize, lanes: i32): void {
  const n = word(call, WIRES), N = <usize>1 << n, count = word(call, WORD_COUNT);
  if (<i32>count >= 0) expectations(psi, n, word(call, WORDS), count, word(call, OUT) + index * (count << 2), lanes, scratch + word(call, TEMP), scratch + word(call, BITS));
  else {
    const to = word(call, OUT) + index * (N << 3);
    storeState(psi, N, to, to + (N << 2), N << 3, lanes);
  }
}

function loadCotangent(call: usize, scratch: usize, psi: usize, lambda: usize, index: usize, lanes: i32): void {
  const n = word(call, WIRES), N = <usize>1 << n, count = word(call, WORD_COUNT);
  if (<i32>count >= 0) expectationsBack(psi, n, word(call, WORDS), count, word(call, DY) + index * (count << 2), lanes, lambda, scratch + word(call, TEMP), scratch + word(call, BITS));
  else {
    const from = word(call, DY) + index * (N << 3);
    loadState(from, from + (N << 2), N << 3, lanes, N, lambda, true);
  }
}

/** The way back over what four samples start from. */
function startBack(call: usize, scratch: usize, index: usize, lambda: usize, lanes: i32): void {
  const n = word(call, WIRES), N = <usize>1 << n, plan = word(call, PLAN);
  if (word(call, RE) != 0) {
    const at = index * (N << 2);
    storeState(lambda, N, word(call, D_RE) + at, word(call, D_IM) + at, N << 2, lanes);
    return;
  }
  const bars = scratch + word(call, BARS);
  contract(lambda, 0, n, scratch + word(call, TREE), bars, scratch + word(call, WORK));
  wireVectorsBack(<i32>part(plan, 1), prefixAt(plan), scratch + word(call, VECTORS), bars, scratch + word(call, TRIG) + 32, scratch + word(call, SUMS), scratch + word(call, DXS));
}

function backward(call: usize, scratch: usize, p: usize, psi: usize, index: usize, lanes: i32): void {
  const row = word(call, ROWS) + p * word(call, ROW_BYTES), count = word(call, COLUMNS), dxs = scratch + word(call, DXS);
  const first = scratch + word(call, PSI), lambdas = scratch + word(call, LAMBDA), others = scratch + word(call, OTHER_LAMBDA);
  clear(dxs, count << 4);
  // λ lies in the buffer of its pair where ψ lies in its own.
  let lambda = psi == first ? lambdas : others;
  loadCotangent(call, scratch, psi, lambda, index, lanes);
  for (let s = part(word(call, PLAN), 0); s-- > 0;) {
    psi = backStage(call, scratch, s, row, psi, lambda);
    lambda = psi == first ? lambdas : others;
  }
  startBack(call, scratch, index, lambda, lanes);
  for (let i: usize = 0; i < count; i++) scatterSome(word(call, D_SAMPLE) + (index * count + i) * 4, count << 2, v128.load(dxs + (i << 4)), lanes);
}

function buildTables(call: usize, scratch: usize, row: usize): void {
  if (word(call, KEEP) == 0) return;
  const plan = word(call, PLAN), N = <usize>1 << word(call, WIRES), count = part(plan, 0);
  for (let s: usize = 0; s < count; s++) {
    const stage = stageAt(plan, s);
    if (part(stage, 2) != 0) buildTable(stage, plan, row, N, scratch + word(call, TABLES) + s * (N << 3), scratch + word(call, TEMP));
  }
}

/** The sums of a block in float64. */
function writeSums(call: usize, scratch: usize, row: usize, item: usize): void {
  const plan = word(call, PLAN), N = <usize>1 << word(call, WIRES), stages = part(plan, 0), count = part(plan, 2), sums = scratch + word(call, SUMS);
  if (word(call, KEEP) != 0)
    for (let s: usize = 0; s < stages; s++) reduceTerms(call, scratch, stageAt(plan, s), row, scratch + word(call, PHASE_SUMS) + s * (N << 4));
  for (let i: usize = 0; i < count; i++) store<f64>(word(call, SUMS_OUT) + (item * count + i) * 8, sumLanes(v128.load(sums + (i << 4))));
}

function clearSums(call: usize, scratch: usize): void {
  const plan = word(call, PLAN), N = <usize>1 << word(call, WIRES), stages = part(plan, 0);
  memory.fill(scratch + word(call, SUMS), 0, part(plan, 2) << 4);
  if (word(call, KEEP) == 0) return;
  for (let s: usize = 0; s < stages; s++)
    if (part(stageAt(plan, s), 3) != 0) memory.fill(scratch + word(call, PHASE_SUMS) + s * (N << 4), 0, N << 4);
}

/** Runs a block. */
function runBlock(call: usize, item: usize, scratch: usize, gradient: bool): void {
  const blocks = word(call, BLOCKS), B = word(call, BATCH), p = item / blocks, first = (item % blocks) * word(call, BLOCK), end = min<usize>(B, first + word(call, BLOCK));
  const row = word(call, ROWS) + p * word(call, ROW_BYTES);
  buildTables(call, scratch, row);
  if (gradient) clearSums(call, scratch);
  for (let sample = first; sample < end; sample += 4) {
    const lanes = <i32>min<usize>(4, end - sample), psi = forward(call, scratch, p, sample, lanes), index = p * B + sample;
    if (word(call, OUT) != 0) writeOutput(call, scratch, psi, index, lanes);
    if (gradient) backward(call, scratch, p, psi, index, lanes);
  }
  if (gradient) writeSums(call, scratch, row, item);
}

/** Few large items have scratch of their own, so that idle threads need none. */
// @ts-ignore: decorator
@inline function scratchOf(call: usize, item: usize, scratch: usize): usize {
  const own = word(call, OWN_SCRATCH);
  return own == 0 ? scratch : own + item * word(call, OWN_STRIDE);
}

export function circuitForward(args: usize, lo: i32, hi: i32, scratch: usize): void {
  const call = arg(args, 0);
  for (let item = lo; item < hi; item++) runBlock(call, item, scratchOf(call, item, scratch), false);
}

export function circuitGradient(args: usize, lo: i32, hi: i32, scratch: usize): void {
  const call = arg(args, 0);
  for (let item = lo; item < hi; item++) runBlock(call, item, scratchOf(call, item, scratch), true);
}
