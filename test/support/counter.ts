// A model without tensors for the tests of runs and the command line: a chaotic counter whose every step depends
// on all earlier bits, so that a resumed training that is not exact cannot hide.

import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { ConvergenceError } from "../../src/errors.js";
import type { Evaluation, ModelDefinition, Snapshot, TrainEvent } from "../../src/models/model.js";

/** The configuration of the counter. */
export type CounterConfig = {
  readonly seed: number;
  readonly size: number;
  readonly data: { readonly file: string | null };
  readonly train: {
    readonly steps: number;
    readonly reportEvery: number;
    readonly delay: number;
    readonly rate: number | readonly number[];
    readonly schedule: "cosine" | "constant";
    readonly divergeAt: number | null;
  };
};

const rate = z.union([z.number().positive(), z.array(z.number().positive()).min(1)]);

const train: z.ZodType<CounterConfig["train"]> = z
  .strictObject({
    steps: z.int().min(1).default(20).describe("steps to count"),
    reportEvery: z.int().min(1).default(1).describe("steps between events"),
    delay: z.number().min(0).default(0).describe("milliseconds a step takes"),
    rate: rate.default(0.5).describe("how far a step goes"),
    schedule: z.enum(["cosine", "constant"]).default("constant").describe("rate over the steps"),
    divergeAt: z.int().nullable().default(null).describe("step at which to diverge"),
  })
  .prefault({});

/** The schema of the counter. */
export const counterSchema: z.ZodType<CounterConfig> = z.strictObject({
  seed: z.int().min(0).default(1).describe("where the count starts"),
  size: z.int().min(1).default(3).describe("numbers that count together"),
  data: z
    .strictObject({ file: z.string().nullable().default(null).describe("CSV file") })
    .prefault({}),
  train,
});

/** Presets of the counter. */
export const counterPresets: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  quick: { train: { steps: 5 } },
  big: { size: 1000, train: { steps: 8 } },
};

function start(
  { seed, size, data }: CounterConfig,
  files: Readonly<Record<string, string>>,
): Float32Array {
  const extra = data.file === null ? 0 : (files[data.file] ?? "").length / 1000;
  return Float32Array.from({ length: size }, (_, i) =>
    Math.fround(((seed + i + extra) % 1.7) / 2 + 0.1),
  );
}

// The logistic map at its most chaotic: one wrong bit is a different number some forty steps later.
function advance(x: Float32Array): void {
  x.forEach((value, i) => (x[i] = Math.fround(3.999 * value * (1 - value))));
}

async function* events(
  config: CounterConfig,
  options: Parameters<ModelDefinition<CounterConfig>["train"]>[1] = {},
): AsyncGenerator<TrainEvent, void, void> {
  const { steps, reportEvery, delay, divergeAt } = config.train;
  const x = options.resume?.tensors["x"]?.values.slice() ?? start(config, options.files ?? {});
  let step = options.resume?.step ?? 0;
  let sum = 0;
  while (step < steps) {
    advance(x);
    step += 1;
    sum += x[0] ?? 0;
    if (delay > 0) await setTimeout(delay);
    if (step === divergeAt)
      throw new ConvergenceError(`counter: step ${step.toString()} diverged.`);
    if (step % reportEvery !== 0 && step < steps) continue;
    const metrics = { countDistance: [...x], countFloor: [...x].map(() => 0.01) };
    const snapshot: Snapshot = { step, tensors: { x: { shape: [x.length], values: x.slice() } } };
    yield { step, steps, losses: { sum: [sum] }, metrics, snapshot: async () => snapshot };
    sum = 0;
  }
}

function evaluate(snapshot: Snapshot, n: number): Evaluation {
  const values = [...(snapshot.tensors["x"]?.values ?? [])];
  return {
    model: "counter",
    columns: ["count"],
    rows: { test: n, validation: n },
    protocol: [`The last count of ${values.length.toString()} numbers, ${n.toString()} times.`],
    best: 0,
    measures: [
      {
        name: "countDistance",
        label: "count distance",
        value: values[0] ?? NaN,
        floor: 0.01,
        published: 0.094,
      },
      { name: "broken", label: "not a number", value: Number.NaN, note: "on purpose" },
    ],
    replicas: values.map((value) => ({ validation: value })),
    arrays: { x: values },
  };
}

const figure = {
  $schema: "https://vega.github.io/schema/vega-lite/v6.json",
  data: { values: [{ step: 1, count: 2 }] },
  mark: "point",
  encoding: {
    x: { field: "step", type: "quantitative" },
    y: { field: "count", type: "quantitative" },
  },
};

/** The counter as a model. */
export const counter: ModelDefinition<CounterConfig> = {
  name: "counter",
  numericsVersion: 1,
  title: "A chaotic counter",
  schema: counterSchema,
  presets: counterPresets,
  train: events,
  evaluate: async (_config, snapshot, options) => evaluate(snapshot, options?.n ?? 100),
  sample: async (config, snapshot, { n, seed = 0, replica = 0 }) => ({
    columns: ["count", 'the "other", count'],
    values: Float32Array.from({ length: 2 * n }, (_, i) =>
      Math.fround(
        (snapshot.tensors["x"]?.values[replica] ?? NaN) + (i + seed) / (10 * config.size),
      ),
    ),
  }),
  figures: () => [{ name: "count", caption: "The count.", spec: figure }],
};
