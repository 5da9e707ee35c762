// The fused form of the sweeps for host memory: a call is cut into slices of items and sweeps that fit, each of which
// runs on all threads.

import {
  loadCoefficients,
  mostSweeps,
  scheduleOf,
  sharedByChains,
  sliceSchedule,
} from "./coefficients.js";
import { prepareSweeps } from "./prepare.js";
import type { HostForm } from "../runtime/define.js";
import type { HostPool } from "../runtime/host/pool.js";
import type { SweepAttrs, SweepCall, SweepResult } from "./contract.js";
import type { PreparedModel } from "./prepare.js";

/** Chains of an item. */
const LANES = 16;

/** Bytes of spins and records that a slice of items may have. */
const SLICE_BYTES = 2 ** 28;

/** Below this many spin decisions a slice stays on the calling thread. */
const SPLIT_ABOVE = 32768;

/** Scratch of a thread before its spins; see host.as.ts. */
const SCRATCH = 832;

/** Items first … last − 1, and the rows they hold. */
type Slice = {
  readonly first: number;
  readonly last: number;
  readonly row: number;
  readonly rows: number;
};

type Shape = {
  readonly n: number;
  readonly edges: number;
  readonly population: number;
  readonly perModel: number;
  readonly records: number;
};

function shapeOf({ model }: PreparedModel, { chains, sweeps, record }: SweepCall): Shape {
  return {
    n: model.graph.n,
    edges: model.graph.edges.length / 2,
    population: model.population,
    perModel: Math.ceil(chains / LANES),
    records: record === undefined ? 0 : Math.floor(sweeps / record.every),
  };
}

/** Runs a call. Memory of the pool is released before and after. */
export function runSweeps(pool: HostPool, prepared: PreparedModel, call: SweepCall): SweepResult {
  const most = mostSweeps(prepared, call);
  if (call.sweeps <= most) return runSlices(pool, prepared, call);
  return runParts(pool, prepared, call, most);
}

/** Many tables: some sweeps at a time, whole records of them where there are any. */
function runParts(
  pool: HostPool,
  prepared: PreparedModel,
  call: SweepCall,
  most: number,
): SweepResult {
  const every = call.record?.every ?? 1;
  const step = Math.max(every, most - (most % every));
  const parts: SweepResult[] = [];
  let { spins } = call;
  for (let from = 0; from < call.sweeps; from += step) {
    const to = Math.min(call.sweeps, from + step);
    const part = runSlices(pool, prepared, {
      ...call,
      ...{ spins, firstSweep: call.firstSweep + from, sweeps: to - from },
      beta: sliceSchedule(scheduleOf(call), from, to),
      ...(call.scale && { scale: call.scale.subarray(from, to) }),
    });
    ({ spins } = part);
    parts.push(part);
  }
  return joined(parts);
}

function joined(parts: readonly SweepResult[]): SweepResult {
  const last = parts[parts.length - 1]!;
  const samples = new Int8Array(parts.reduce((sum, part) => sum + part.samples.length, 0));
  const energies = new Float64Array(parts.reduce((sum, part) => sum + part.energies.length, 0));
  let [s, e] = [0, 0];
  for (const part of parts) {
    samples.set(part.samples, s);
    energies.set(part.energies, e);
    [s, e] = [s + part.samples.length, e + part.energies.length];
  }
  const added = (pick: (part: SweepResult) => Float64Array): Float64Array =>
    parts.map(pick).reduce((a, b) => a.map((x, i) => x + b[i]!));
  return {
    spins: last.spins,
    samples,
    energies,
    spinSums: added((r) => r.spinSums),
    edgeSums: added((r) => r.edgeSums),
  };
}

function emptyResult({ n, edges, population, records }: Shape, call: SweepCall): SweepResult {
  const rows = population * call.chains;
  return {
    spins: call.spins.slice(),
    samples: new Int8Array(call.record?.spins === true ? records * rows * n : 0),
    energies: new Float64Array(call.record?.energies === true ? records * rows : 0),
    spinSums: new Float64Array(call.moments === true ? population * n : 0),
    edgeSums: new Float64Array(call.moments === true ? population * edges : 0),
  };
}

function runSlices(pool: HostPool, prepared: PreparedModel, call: SweepCall): SweepResult {
  const shape = shapeOf(prepared, call);
  const result = emptyResult(shape, call);
  if (call.sweeps === 0) return result;
  const items = shape.population * shape.perModel;
  const step = Math.max(
    pool.threads,
    Math.floor(SLICE_BYTES / (LANES * shape.n * (1 + shape.records))),
  );
  const rowOf = (item: number): number =>
    Math.floor(item / shape.perModel) * call.chains +
    Math.min(call.chains, (item % shape.perModel) * LANES);
  for (let first = 0; first < items; first += step) {
    const last = Math.min(items, first + step);
    const [row, end] = [rowOf(first), rowOf(last)];
    try {
      runSlice(pool, prepared, call, shape, { first, last, row, rows: end - row }, result);
    } finally {
      pool.release();
    }
  }
  return result;
}

function loadWords(pool: HostPool, words: Uint32Array): number {
  const at = pool.alloc(4 * words.length);
  pool.u32(at, words.length).set(words);
  return at;
}

function loadDoubles(pool: HostPool, values: Float64Array): number {
  const at = pool.alloc(8 * values.length);
  pool.f64(at, values.length).set(values);
  return at;
}

/** Sixteen bits a position, one for each chain; one set for all items if the mask has no chains. */
function loadClamped(
  pool: HostPool,
  { layout }: PreparedModel,
  call: SweepCall,
  { n, perModel }: Shape,
  slice: Slice,
): { at: number; stride: number } {
  const { clamped, chains } = call;
  if (clamped === undefined) return { at: 0, stride: 0 };
  const shared = clamped.length === n;
  const items = shared ? 1 : slice.last - slice.first;
  const bits = new Uint32Array(Math.ceil((items * n) / 2));
  const halves = new Uint16Array(bits.buffer);
  for (let i = 0; i < items; i++) {
    const item = slice.first + i;
    const chain = (item % perModel) * LANES;
    const row = Math.floor(item / perModel) * chains + chain;
    const lanes = shared ? LANES : Math.min(LANES, chains - chain);
    for (let at = 0; at < n; at++) {
      // Lanes without a chain are held, so that a node held in all chains is skipped.
      let word = (0xffff << lanes) & 0xffff;
      for (let l = 0; l < lanes; l++)
        if (clamped[(shared ? 0 : row + l) * (shared ? 0 : n) + layout.order[at]!] !== 0)
          word |= 1 << l;
      halves[i * n + at] = word;
    }
  }
  return { at: loadWords(pool, bits), stride: shared ? 0 : 2 * n };
}

/** Links, biases and their bounds, the ends of the small form as addresses. */
function loadModel(
  pool: HostPool,
  prepared: PreparedModel,
  small: boolean,
): { bounds: number; links: number; biases: number } {
  const words = small ? prepared.small! : prepared.float;
  const links = loadWords(pool, words.links);
  const bounds = loadWords(pool, small ? words.bounds.map((end) => end + links) : words.bounds);
  return { bounds, links, biases: loadWords(pool, words.biases) };
}

const KERNELS = { gibbs: "Gibbs", metropolis: "Metropolis" } as const;

function runSlice(
  pool: HostPool,
  prepared: PreparedModel,
  call: SweepCall,
  shape: Shape,
  slice: Slice,
  result: SweepResult,
): void {
  const { n, edges, population, perModel, records } = shape;
  const { first, last, row, rows } = slice;
  const small = prepared.small !== undefined && sharedByChains(call);
  const model = loadModel(pool, prepared, small);
  const order = loadWords(pool, new Uint32Array(prepared.layout.order));
  const coefficients = loadCoefficients(pool, prepared, call, small);
  const clamped = loadClamped(pool, prepared, call, shape, slice);
  const scale = call.scale === undefined ? 0 : loadFloats(pool, call.scale);
  const observed = result.energies.length > 0 || result.spinSums.length > 0;
  const energyBiases = observed ? loadDoubles(pool, prepared.biases) : 0;
  const energyCouplings = observed ? loadDoubles(pool, prepared.model.couplings) : 0;
  const ends = observed
    ? loadWords(
        pool,
        Uint32Array.from(prepared.ends, (p) => 16 * p),
      )
    : 0;
  const samples = result.samples.length > 0 ? pool.alloc(records * rows * n) : 0;
  const energies = result.energies.length > 0 ? pool.alloc(8 * records * rows) : 0;
  const items = last - first;
  const moments = result.spinSums.length > 0 ? pool.alloc(8 * items * (n + edges)) : 0;
  const spins = pool.alloc(rows * n);
  pool.i8(spins, rows * n).set(call.spins.subarray(row * n, (row + rows) * n));
  const args = [
    ...[
      spins,
      order,
      model.bounds,
      model.links,
      model.biases,
      n,
      call.chains,
      perModel,
      first,
      row,
    ],
    ...[call.seed, call.firstSweep, call.sweeps, call.chainOffset ?? 0],
    ...[coefficients.at, ...coefficients.strides, clamped.at, clamped.stride, scale],
    ...[4 * (2 * n + 1), 16 * edges, call.record?.every ?? 0, samples, rows],
    ...[energies, energyBiases, energyCouplings, ends, edges, moments],
  ];
  const form = small ? "Small" : prepared.mode === "exact" ? "Exact" : "Fast";
  const busy = items * LANES * n * call.sweeps;
  pool.run(`ising${form}${KERNELS[call.rule ?? "gibbs"]}`, args, items, {
    chunk: busy < SPLIT_ABOVE ? items : 1,
    scratch: SCRATCH + 16 * n + (small ? 0 : 64 * n) + (moments === 0 ? 0 : 16 * (n + edges)),
  });
  result.spins.set(pool.i8(spins, rows * n), row * n);
  const all = population * call.chains;
  for (let r = 0; r < records; r++) {
    if (samples !== 0)
      result.samples.set(pool.i8(samples + r * rows * n, rows * n), (r * all + row) * n);
    if (energies !== 0) result.energies.set(pool.f64(energies + 8 * r * rows, rows), r * all + row);
  }
  if (moments !== 0)
    addMoments(prepared, pool.f64(moments, items * (n + edges)), shape, slice, result);
}

function loadFloats(pool: HostPool, values: Float64Array): number {
  const at = pool.alloc(4 * values.length);
  pool.f32(at, values.length).set(values);
  return at;
}

/** Whole numbers: their sums do not depend on the order. */
function addMoments(
  { layout }: PreparedModel,
  sums: Float64Array,
  { n, edges, perModel }: Shape,
  { first, last }: Slice,
  { spinSums, edgeSums }: SweepResult,
): void {
  for (let item = first; item < last; item++) {
    const p = Math.floor(item / perModel);
    const from = (item - first) * (n + edges);
    for (let at = 0; at < n; at++) spinSums[p * n + layout.order[at]!]! += sums[from + at]!;
    for (let e = 0; e < edges; e++) edgeSums[p * edges + e]! += sums[from + n + e]!;
  }
}

/** Host form of `ZenoIsingSweeps`. */
export const sweepsHost: HostForm<SweepAttrs> = ({ pool, attrs: { model, mode, call } }) => [
  Float32Array.from(runSweeps(pool, prepareSweeps(model, mode), call).spins),
];
