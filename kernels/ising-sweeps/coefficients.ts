// What the kernel is told of the temperature: one 32-bit entry a sweep, model and chain; in exact mode the address of a
// table of thresholds.

import { finiteBeta, thresholds } from "./rounding.js";
import type { HostPool } from "../runtime/host/pool.js";
import type { BetaSchedule, SweepCall, SweepRule } from "./contract.js";
import type { PreparedModel } from "./prepare.js";
import type { IntegerModel } from "./rounding.js";

/** Bytes of the thresholds of one temperature in the small form: two parities, three planes. */
const PLANES = 96;

/** Entries of all tables of one call: 16 MiB. */
const CALL_ENTRIES = 2 ** 22;

/** Tables that a model keeps. */
const KEPT_TABLES = 64;

/** Address of the entries and the bytes from one sweep, model and chain to the next. */
export type Coefficients = {
  readonly at: number;
  readonly strides: readonly [number, number, number];
};

/** The schedule of a call; a number stands for all. */
export function scheduleOf({ beta }: Pick<SweepCall, "beta">): BetaSchedule {
  return typeof beta === "number" ? { shape: [1, 1, 1], values: Float64Array.of(beta) } : beta;
}

/** Whether all chains of a model have one temperature, which the small form needs. */
export function sharedByChains(call: SweepCall): boolean {
  return scheduleOf(call).shape[2] === 1;
}

/** How many sweeps may share a call before its tables become too large. */
export function mostSweeps({ integers, small }: PreparedModel, call: SweepCall): number {
  const { shape } = scheduleOf(call);
  if (shape[0] === 1 || integers.length === 0) return Infinity;
  const entries =
    small && sharedByChains(call)
      ? PLANES / 4
      : 2 * Math.max(...integers.map((m) => m.largestField)) + 1;
  return Math.max(1, Math.floor(CALL_ENTRIES / (entries * integers.length * shape[2])));
}

/** The part of a schedule from one sweep to another. */
export function sliceSchedule(
  { shape, values }: BetaSchedule,
  from: number,
  to: number,
): BetaSchedule {
  const [sweeps, models, chains] = shape;
  if (sweeps === 1) return { shape, values };
  const width = models * chains;
  return { shape: [to - from, models, chains], values: values.subarray(from * width, to * width) };
}

/** Writes the coefficients of a call into the pool's memory. */
export function loadCoefficients(
  pool: HostPool,
  prepared: PreparedModel,
  call: SweepCall,
  small: boolean,
): Coefficients {
  const { shape, values } = scheduleOf(call);
  const [sweeps, models, chains] = shape;
  const exact = prepared.mode === "exact";
  // Tables belong to a model: then there is an entry for each.
  const count = exact ? prepared.model.population : models;
  const entries = new Uint32Array(sweeps * count * chains);
  const floats = new Float32Array(entries.buffer);
  const tables = exact ? tableLoader(pool, prepared, call.rule ?? "gibbs", small) : null;
  for (let t = 0; t < sweeps; t++)
    for (let p = 0; p < count; p++)
      for (let c = 0; c < chains; c++) {
        const beta = values[(t * models + (models === 1 ? 0 : p)) * chains + c]!;
        const at = (t * count + p) * chains + c;
        if (tables === null)
          floats[at] = Math.fround(-2.8853900817779268 * Math.fround(finiteBeta(beta)));
        else entries[at] = tables(p, beta);
      }
  const at = pool.alloc(4 * entries.length);
  pool.u32(at, entries.length).set(entries);
  const stride = (size: number, bytes: number): number => (size === 1 ? 0 : bytes);
  return {
    at,
    strides: [stride(sweeps, 4 * count * chains), stride(count, 4 * chains), stride(chains, 4)],
  };
}

function tableLoader(
  pool: HostPool,
  prepared: PreparedModel,
  rule: SweepRule,
  small: boolean,
): (p: number, beta: number) => number {
  const known = prepared.integers.map(() => new Map<number, number>());
  return (p, beta) => {
    const integer = prepared.integers[p]!;
    let at = known[p]!.get(beta);
    if (at === undefined) {
      const table = tableOf(prepared, rule, p, beta);
      at = small ? loadPlanes(pool, table, integer) : loadTable(pool, table, integer);
      known[p]!.set(beta, at);
    }
    return at;
  };
}

/** Exponentials are dear: the tables of a constant temperature are computed once, those of a schedule not kept for long. */
export function tableOf(
  { integers, tables }: PreparedModel,
  rule: SweepRule,
  p: number,
  beta: number,
): Int32Array {
  const key = `${rule} ${p} ${beta}`;
  const table = tables.get(key) ?? thresholds(rule, beta, integers[p]!);
  if (tables.size >= KEPT_TABLES) tables.clear();
  tables.set(key, table);
  return table;
}

/** The base that `decideExact` adds to 4 · the bits of (f + 1.5 · 2^23). */
function loadTable(pool: HostPool, table: Int32Array, { largestField }: IntegerModel): number {
  const at = pool.alloc(4 * table.length);
  pool.u32(at, table.length).set(table);
  return (at + 4 * largestField - 4 * 0x4b400000) >>> 0;
}

/** Entry i of a plane is a byte of the threshold of field 2 i − offset. */
function loadPlanes(pool: HostPool, table: Int32Array, { largestField }: IntegerModel): number {
  const bytes = new Uint8Array(PLANES);
  for (const parity of [0, 1]) {
    const offset = largestField + ((largestField + parity) % 2);
    for (let i = 0; i < 16; i++) {
      const threshold = table[2 * i - offset + largestField] ?? 0;
      for (const plane of [0, 1, 2]) bytes[48 * parity + 16 * plane + i] = threshold >> (8 * plane);
    }
  }
  const at = pool.alloc(PLANES);
  pool.u32(at, PLANES / 4).set(new Uint32Array(bytes.buffer));
  return at;
}
