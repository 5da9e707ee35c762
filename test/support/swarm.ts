// A model without tensors for the tests of sweeps: populations of chaotic counters, each of which depends on every
// earlier bit of its own. Parameters make single replicas diverge, fail, run out of memory, block or abort.

import { existsSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { BackendError, ConvergenceError } from "../../src/errors.js";
import type { Evaluation, ModelDefinition, Snapshot, TrainEvent } from "../../src/models/model.js";

type Many<T> = T | readonly T[];

/** The configuration of the swarm. */
export type SwarmConfig = {
  readonly seed: Many<number>;
  readonly replicas: number;
  readonly data: { readonly file: string | null };
  readonly model: {
    /** Numbers of a replica. */
    readonly size: number;
    readonly rate: Many<number>;
    readonly shift: Many<number>;
  };
  readonly train: {
    readonly steps: number;
    readonly reportEvery: number;
    /** Milliseconds an event takes. */
    readonly delay: number;
  };
  readonly faults: {
    /** Step at which a replica is not finite any more; 0: never. */
    readonly divergeAt: Many<number>;
    /** 1: throws; 2: aborts the process; 3: blocks it; 4: kills it; 5: blocks it for a while. */
    readonly kind: Many<number>;
    /** Step of the fault. */
    readonly at: number;
    /** The fault happens only where this file does not exist, and makes it. */
    readonly once: string | null;
    /** More replicas than this do not fit into memory. */
    readonly mostReplicas: number;
    readonly backendGone: boolean;
  };
};

const many = (value: z.ZodType<number>): z.ZodType<Many<number>> =>
  z.union([value, z.array(value)]);
const dynamic = { sweep: "dynamic" };

/** The schema of the swarm. */
export const swarmSchema: z.ZodType<SwarmConfig> = z.strictObject({
  seed: many(z.int().min(0)).default(1).meta(dynamic),
  replicas: z.int().min(1).max(4096).default(1),
  data: z.strictObject({ file: z.string().nullable().default(null) }).prefault({}),
  model: z
    .strictObject({
      size: z.int().min(1).default(2).meta({ sweep: "static" }),
      rate: many(z.number().min(0).max(4)).default(3.999).meta(dynamic),
      shift: many(z.number()).default(0).meta(dynamic),
    })
    .prefault({}),
  train: z
    .strictObject({
      steps: z.int().min(1).default(40),
      reportEvery: z.int().min(1).default(4),
      delay: z.number().min(0).default(0),
    })
    .prefault({}),
  faults: z
    .strictObject({
      divergeAt: many(z.number()).default(0).meta(dynamic),
      kind: many(z.number()).default(0).meta(dynamic),
      at: z.int().default(5),
      once: z.string().nullable().default(null),
      mostReplicas: z.int().default(1_000_000),
      backendGone: z.boolean().default(false),
    })
    .prefault({}),
});

const at = (value: Many<number>, p: number): number =>
  typeof value === "number" ? value : value[p]!;

function begin({ seed, replicas, model: { size, shift } }: SwarmConfig): Float32Array {
  return Float32Array.from({ length: replicas * size }, (_, i) => {
    const p = Math.floor(i / size);
    const own = (at(seed, p) % 1009) / 1009 + at(shift, p) + (i % size) / size;
    return Math.fround((own % 0.8) + 0.1);
  });
}

// The logistic map at its most chaotic: one wrong bit is a different number some forty steps later.
function advance(x: Float32Array, config: SwarmConfig, step: number): void {
  const { size, rate } = config.model;
  for (let i = 0; i < x.length; i++) {
    const p = Math.floor(i / size);
    const r = Math.fround(at(rate, p));
    const divergeAt = at(config.faults.divergeAt, p);
    x[i] = divergeAt > 0 && step >= divergeAt ? Number.NaN : Math.fround(r * x[i]! * (1 - x[i]!));
  }
}

/** How long a replica blocks its process for a while: four locks of the tests of queues. */
export const BLOCKED_MS = 4000;

function strike(kind: number): void {
  if (kind === 1) throw new Error("swarm: this replica cannot be trained");
  if (kind === 2) process.abort();
  if (kind === 3) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  if (kind === 4) process.kill(process.pid, "SIGKILL");
  if (kind === 5) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BLOCKED_MS);
}

function fail({ faults, replicas }: SwarmConfig, step: number): void {
  if (step !== faults.at) return;
  for (let p = 0; p < replicas; p++) {
    const kind = at(faults.kind, p);
    if (kind === 0 || (faults.once !== null && existsSync(faults.once))) continue;
    if (faults.once !== null) writeFileSync(faults.once, "");
    strike(kind);
  }
}

async function* events(
  config: SwarmConfig,
  { resume, until }: Parameters<ModelDefinition<SwarmConfig>["train"]>[1] = {},
): AsyncGenerator<TrainEvent, void, void> {
  const { replicas, model, train, faults } = config;
  if (faults.backendGone) throw new BackendError("swarm: the device is gone.");
  if (replicas > faults.mostReplicas) throw new RangeError("Array buffer allocation failed");
  const { size } = model;
  const x = resume?.tensors["x"]?.values.slice() ?? begin(config);
  const last = until ?? train.steps;
  const sums = new Float64Array(replicas);
  let counted = 0;
  const first = (p: number): number => x[p * size]!;
  const all = Array.from({ length: replicas }, (_, p) => p);
  for (let step = resume?.step ?? 0; step < last;) {
    step++;
    fail(config, step);
    advance(x, config, step);
    all.forEach((p) => (sums[p]! += first(p)));
    counted++;
    if (step % train.reportEvery !== 0 && step !== last) continue;
    if (train.delay > 0) await setTimeout(train.delay);
    const losses = { sum: all.map((p) => sums[p]! / counted) };
    sums.fill(0);
    counted = 0;
    if (all.every((p) => Number.isNaN(first(p))))
      throw new ConvergenceError(`swarm: nothing is finite at step ${step}.`, { step });
    const snapshot: Snapshot = {
      step,
      tensors: { x: { shape: [replicas, size], values: x.slice() } },
    };
    const metrics = { distance: all.map((p) => Math.abs(first(p) - 0.5)) };
    yield {
      step,
      steps: train.steps,
      losses,
      ...(step === last && { metrics }),
      snapshot: async () => snapshot,
    };
  }
}

function firsts({ tensors }: Snapshot): number[] {
  const { shape = [0], values = new Float32Array() } = tensors["x"] ?? {};
  const size = values.length / shape[0]!;
  return Array.from({ length: shape[0]! }, (_, p) => values[p * size]!);
}

function measure(snapshot: Snapshot, n: number): Evaluation {
  const distances = firsts(snapshot).map((x) => Math.abs(x - 0.5));
  return {
    model: "swarm",
    columns: ["count"],
    rows: { test: n, validation: n },
    protocol: [],
    best: 0,
    measures: [{ name: "distance", label: "distance", value: distances[0]! }],
    replicas: distances.map((distance) => ({ distance })),
    arrays: {},
  };
}

const FIGURE = {
  $schema: "https://vega.github.io/schema/vega-lite/v6.json",
  data: { values: [{ x: 1, y: 2 }] },
  mark: "point",
  encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
};

/** The swarm as a model. */
export const swarm: ModelDefinition<SwarmConfig> = {
  name: "swarm",
  title: "Chaotic counters",
  numericsVersion: 3,
  schema: swarmSchema,
  presets: {},
  train: events,
  evaluate: async (_config, snapshot, { n = 1 } = {}) => measure(snapshot, n),
  sample: async (_config, snapshot, { n }) => ({
    columns: ["count"],
    values: new Float32Array(n).fill(firsts(snapshot)[0]!),
  }),
  figures: () => [{ name: "count", caption: "The count.", spec: FIGURE }],
};
