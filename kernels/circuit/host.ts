// The fused forms for host memory: lays out a call for host.as.ts, runs it, and adds up what the blocks leave.

import { sizeOf } from "../runtime/define.js";
import { sizesOf } from "./contract.js";
import { planOf } from "./plan.js";
import { fillRow } from "./rows.js";
import { scratchLayout } from "./scratch.js";
import type { HostCall, HostForm } from "../runtime/define.js";
import type { HostPool } from "../runtime/host/pool.js";
import type { CircuitAttrs, CircuitGradAttrs, CircuitSizes } from "./contract.js";
import type { Plan, PlanKind } from "./plan.js";

/** Words of a call before the offsets of the scratch, as in host.as.ts. */
const CALL = 32;

/** Nanoseconds of one amplitude and primitive, for the decision to wake the other threads. */
const COST = { value: 0.5, gradient: 2 };
const WAKE_ABOVE = 50_000;

const NOT_GIVEN = new Float32Array(0);

function kindOf({ output }: CircuitAttrs, given: boolean): PlanKind {
  if (output === "state") return { prefix: !given, output };
  return { prefix: !given, output: output.every(({ x }) => x === 0) ? "Z words" : "words" };
}

/** Samples of a work item: enough to pay for its tables, few enough for all threads; never of the number of threads. */
function blockOf(wires: number): number {
  if (wires > 12) return wires > 15 ? 4 : 16;
  return 4 * Math.min(128, Math.max(16, 2 ** (11 - wires)));
}

/** Bytes between rows of an axis, 0 where it is shared. */
function stride(size: number, bytes: number): number {
  return size > 1 ? bytes : 0;
}

type Rows = { readonly at: number; readonly factors: Float64Array };

/** The rows of all replicas. */
function loadRows(pool: HostPool, plan: Plan, sharedAt: number, P: number, columns: number): Rows {
  const at = pool.alloc(4 * P * plan.row);
  const factors = new Float64Array(P * plan.sums);
  const floats = pool.f32(at, P * plan.row);
  const ints = new Int32Array(floats.buffer, at, P * plan.row);
  const table = pool.f32(sharedAt, P * columns);
  for (let p = 0; p < P; p++) {
    const [from, to] = [p * plan.row, (p + 1) * plan.row];
    fillRow(plan, table.subarray(p * columns, (p + 1) * columns), {
      floats: floats.subarray(from, to),
      ints: ints.subarray(from, to),
      factors: factors.subarray(p * plan.sums, (p + 1) * plan.sums),
    });
  }
  return { at, factors };
}

/** Addresses and sizes of a call that both forms have. */
type Prepared = CircuitSizes & {
  readonly plan: Plan;
  readonly rows: Rows;
  readonly items: number;
  readonly blocks: number;
  readonly words: number[];
};

function loadState(
  { inputs }: HostCall<CircuitAttrs>,
  { P, B, N }: CircuitSizes,
  given: boolean,
): number[] {
  if (!given) return [0, 0, 0, 0];
  const [rows, samples] = inputs["re"]!.shape as [number, number];
  const row = P > 1 ? stride(rows, 4 * N * samples) : 0;
  const [re, im] = [inputs["re"]!.load(), inputs["im"]!.load()];
  return [re, im, row, B > 1 ? stride(samples, 4 * N) : 0];
}

function loadWords(pool: HostPool, { output }: CircuitAttrs): [count: number, at: number] {
  if (output === "state") return [-1, 0];
  const at = pool.alloc(8 * output.length);
  pool.u32(at, 2 * output.length).set(output.flatMap(({ x, z }) => [x, z]));
  return [output.length, at];
}

function prepare(call: HostCall<CircuitAttrs>, out: number): Prepared {
  const { pool, inputs, attrs } = call;
  const { program } = attrs;
  const given = sizeOf(inputs["re"]!.shape) > 0;
  const plan = planOf(program, kindOf(attrs, given));
  const shapes = { shared: inputs["shared"]!.shape, sample: inputs["sample"]!.shape };
  const sizes = sizesOf(shapes, attrs);
  const { P, B } = sizes;
  const rows = loadRows(pool, plan, inputs["shared"]!.load(), P, program.shared);
  const planAt = pool.alloc(4 * plan.words.length);
  pool.u32(planAt, plan.words.length).set(plan.words);
  const sample = inputs["sample"]!.load();
  const block = blockOf(program.wires);
  const blocks = Math.ceil(B / block);
  const words = [
    ...[program.wires, planAt, rows.at, 4 * plan.row],
    ...[sample, stride(shapes.sample[0]!, 4 * B * program.sample), program.sample],
    ...[B, blocks, block],
    ...loadState(call, sizes, given),
    ...[out, ...loadWords(pool, attrs)],
  ];
  return { ...sizes, plan, rows, items: P * blocks, blocks, words };
}

/** Runs all items; `tail` is what follows the words of `prepare`, from the flag of kept tables on. */
function runItems(
  call: HostCall<CircuitAttrs>,
  prepared: Prepared,
  tail: readonly number[],
  gradient: boolean,
): void {
  const { pool, attrs } = call;
  const { plan, items, P, B, N, words } = prepared;
  const layout = scratchLayout(attrs.program, plan, gradient);
  const own = items < pool.threads ? pool.alloc(items * layout.bytes + 64) : 0;
  const all = [...words, layout.keep ? 1 : 0, ...tail];
  while (all.length < CALL - 9) all.push(0);
  all.push(own, layout.bytes);
  while (all.length < CALL) all.push(0);
  all.push(...layout.offsets);
  const at = pool.alloc(4 * all.length);
  pool.u32(at, all.length).set(all);
  const cost = gradient ? COST.gradient : COST.value;
  const alone = P * B * N * (attrs.program.primitives.length + 4) * cost < WAKE_ABOVE;
  const options = {
    scratch: own === 0 ? layout.bytes : 0,
    chunk: alone ? items : Math.max(1, Math.ceil(items / (4 * pool.threads))),
  };
  pool.run(gradient ? "circuitGradient" : "circuitForward", [at], items, options);
}

/** Host form of `ZenoCircuit`. */
export const circuitHost: HostForm<CircuitAttrs> = (call) => {
  const { pool, shapes } = call;
  const size = sizeOf(shapes[0]!);
  const out = pool.alloc(4 * size);
  runItems(call, prepare(call, out), [], false);
  return [pool.f32(out, size)];
};

/** The gradient by the shared table: the sums of all blocks in order, in float64. */
function sharedGradient(
  { plan, rows, blocks, P }: Prepared,
  sums: Float64Array,
  columns: number,
): Float32Array {
  const total = new Float64Array(P * columns);
  const row = new Float64Array(plan.sums);
  for (let p = 0; p < P; p++) {
    row.fill(0);
    for (let b = 0; b < blocks; b++)
      for (let i = 0; i < plan.sums; i++) row[i]! += sums[(p * blocks + b) * plan.sums + i]!;
    for (const { sum, column, factor } of plan.shares)
      total[p * columns + column]! += factor * rows.factors[p * plan.sums + sum]! * row[sum]!;
  }
  return Float32Array.from(total);
}

/** Sums over the axes [P, B] of `values` that the input has only once. */
function reduced(
  values: Float32Array,
  shape: readonly number[],
  { P, B }: CircuitSizes,
): Float32Array {
  const [rows, samples, width] = shape as [number, number, number];
  if (rows === P && samples === B) return values;
  const total = new Float64Array(rows * samples * width);
  for (let p = 0; p < P; p++)
    for (let b = 0; b < B; b++) {
      const to = ((rows === 1 ? 0 : p) * samples + (samples === 1 ? 0 : b)) * width;
      const from = (p * B + b) * width;
      for (let i = 0; i < width; i++) total[to + i]! += values[from + i]!;
    }
  return Float32Array.from(total);
}

/** Host form of `ZenoCircuitGrad`. */
export const circuitGradHost: HostForm<CircuitGradAttrs> = (call) => {
  const { pool, inputs, attrs } = call;
  const dy = inputs["dy"]!;
  const size = sizeOf(dy.shape);
  const out = attrs.withValue ? pool.alloc(4 * size) : 0;
  const prepared = prepare(call, out);
  const { P, B, N, plan, items } = prepared;
  const columns = attrs.program.sample;
  const given = sizeOf(inputs["re"]!.shape) > 0;
  const dSample = pool.alloc(4 * P * B * columns);
  const state = given ? P * B * N : 0;
  const [dRe, dIm] = [pool.alloc(4 * state), pool.alloc(4 * state)];
  const sums = pool.alloc(8 * items * plan.sums);
  runItems(call, prepared, [dy.load(), dSample, dRe, dIm, sums], true);
  const initial = (at: number): Float32Array =>
    given ? reduced(pool.f32(at, state), inputs["re"]!.shape, prepared) : NOT_GIVEN;
  return [
    sharedGradient(prepared, pool.f64(sums, items * plan.sums), attrs.program.shared),
    reduced(pool.f32(dSample, P * B * columns), inputs["sample"]!.shape, prepared),
    ...[initial(dRe), initial(dIm)],
    attrs.withValue ? pool.f32(out, size) : NOT_GIVEN,
  ];
};
