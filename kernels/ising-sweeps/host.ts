// The fused form of the sweeps for host memory: a call is cut into slices of items and sweeps that fit, each of which
// runs on all threads.

import { mostSweeps, scheduleOf, sliceSchedule } from "./coefficients.js";
import { formOf, LANES, loadArguments } from "./load.js";
import { prepareSweeps } from "./prepare.js";
import type { HostForm } from "../runtime/define.js";
import type { HostPool } from "../runtime/host/pool.js";
import type { SweepAttrs, SweepCall, SweepResult } from "./contract.js";
import type { Outputs, Shape, Slice } from "./load.js";
import type { PreparedModel } from "./prepare.js";

/** Bytes of spins and records that a slice of items may have. */
const SLICE_BYTES = 2 ** 28;

/** Below this many spin decisions a slice stays on the calling thread. */
const SPLIT_ABOVE = 32768;

/** Scratch of a thread before its spins; see host.as.ts. */
const SCRATCH = 832;

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

const KERNELS = { gibbs: "Gibbs", metropolis: "Metropolis" } as const;

function runSlice(
  pool: HostPool,
  prepared: PreparedModel,
  call: SweepCall,
  shape: Shape,
  slice: Slice,
  result: SweepResult,
): void {
  const { n, edges } = shape;
  const items = slice.last - slice.first;
  const form = formOf(prepared, call);
  const outputs = allocateOutputs(pool, call, shape, slice, result);
  const args = loadArguments(pool, prepared, call, form, shape, slice, outputs);
  const busy = items * LANES * n * call.sweeps;
  const sums = outputs.moments === 0 ? 0 : 16 * (n + edges);
  pool.run(`ising${form}${KERNELS[call.rule ?? "gibbs"]}`, args, items, {
    chunk: busy < SPLIT_ABOVE ? items : 1,
    scratch: SCRATCH + 16 * n + (form === "Small" ? 0 : 64 * n) + sums,
  });
  readOutputs(pool, prepared, call, shape, slice, outputs, result);
}

function allocateOutputs(
  pool: HostPool,
  call: SweepCall,
  { n, edges, records }: Shape,
  { first, last, row, rows }: Slice,
  result: SweepResult,
): Outputs {
  const spins = pool.alloc(rows * n);
  pool.i8(spins, rows * n).set(call.spins.subarray(row * n, (row + rows) * n));
  const unless0 = (length: number, bytes: number): number => (length === 0 ? 0 : pool.alloc(bytes));
  return {
    spins,
    samples: unless0(result.samples.length, records * rows * n),
    energies: unless0(result.energies.length, 8 * records * rows),
    moments: unless0(result.spinSums.length, 8 * (last - first) * (n + edges)),
  };
}

function readOutputs(
  pool: HostPool,
  prepared: PreparedModel,
  { chains }: SweepCall,
  shape: Shape,
  slice: Slice,
  { spins, samples, energies, moments }: Outputs,
  result: SweepResult,
): void {
  const { n, edges, population, records } = shape;
  const { row, rows } = slice;
  result.spins.set(pool.i8(spins, rows * n), row * n);
  for (let r = 0; r < records; r++) {
    const at = r * population * chains + row;
    if (samples !== 0) result.samples.set(pool.i8(samples + r * rows * n, rows * n), at * n);
    if (energies !== 0) result.energies.set(pool.f64(energies + 8 * r * rows, rows), at);
  }
  if (moments === 0) return;
  const sums = pool.f64(moments, (slice.last - slice.first) * (n + edges));
  addMoments(prepared, sums, shape, slice, result);
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
