// The evaluation of a trained population: test distances of every replica, and the measures and arrays of the best.

import { lineFit, wasserstein1 } from "../../metrics/index.js";
import { column, histograms, pairs } from "./distances.js";
import { openSource } from "./source.js";
import { couplingShapes, perReplica, restore } from "./state.js";
import {
  bestOf,
  distancesToReal,
  GENERATION_EVENTS,
  generatedRows,
  realFloor,
  validationDistances,
} from "./validate.js";
import type { AngleSource } from "../../data/source.js";
import type { DataFiles, Evaluation, Measure, Snapshot } from "../model.js";
import type { DqganConfig, EvaluateConfig } from "./config.js";
import type { Distances } from "./distances.js";

/** Options of {@link evaluate}. */
export type EvaluateOptions = {
  readonly files?: DataFiles;
  /** Samples; default `evaluate.n`. */
  readonly n?: number;
  /** Added to every replica's seed for the samples drawn; default 0. */
  readonly seed?: number;
};

/** Hellinger distances that the paper states, by algorithm. */
const PUBLISHED = { 1: 0.137, 2: 0.094 } as const;

/** Points kept for a scatter plot. */
const SCATTER = 2000;

/** Evaluates the generators of a snapshot. The best replica is chosen by validation and scored on test data. */
export async function evaluate(
  config: DqganConfig,
  snapshot: Snapshot,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const source = openSource(config, options.files);
  const d = source.columns.length;
  const generator = restore(snapshot, "average", couplingShapes(config, d).generator);
  try {
    const n = options.n ?? config.evaluate.n;
    const seeds = perReplica(config, (seed) => seed + (options.seed ?? 0));
    const validation = await validationDistances(generator, config, source);
    const generated = await generatedRows(generator, config, {
      n,
      seeds,
      event: GENERATION_EVENTS.test,
    });
    const real = source.held("test", n, config.data.seed);
    const test = distancesToReal(generated, real, d, config);
    const best = bestOf(validation);
    const floor = realFloor(source, "test", n, config);
    const context: Context = {
      config,
      source,
      real,
      generated: generated[best]!,
      result: test[best]!,
      floor,
    };
    return {
      model: "dqgan",
      protocol: protocol(context, n, best),
      best,
      measures: measures(context),
      replicas: test.map((result, p) => replicaRow(result, validation[p]!, generated[p]!, real, d)),
      arrays: arrays(context),
    };
  } finally {
    generator.dispose();
    source.dispose();
  }
}

type Context = {
  readonly config: DqganConfig;
  readonly source: AngleSource;
  readonly real: Float32Array;
  readonly generated: Float32Array;
  readonly result: Distances;
  readonly floor: Distances;
};

function protocol({ config, source, real, generated }: Context, n: number, best: number): string[] {
  const { marginalBins, jointBins, validation } = config.evaluate;
  const d = source.columns.length;
  const count = (rows: number): string => rows.toLocaleString("en");
  return [
    `${count(generated.length / d)} generated and ${count(real.length / d)} held-out real samples of ${String(d)} columns.`,
    `Hellinger distances on [0, π]: ${String(marginalBins)} bins for each marginal, ${String(jointBins)} × ${String(jointBins)} for each pair of columns; outliers count in the edge bins.`,
    `Replica ${String(best)} of ${String(config.replicas)} has the smallest joint distance to ${count(validation)} validation samples; test samples played no part in the choice.`,
    `Floors are the same distances between two real samples (of ${count(n)} rows where the data has them).`,
    `The generator's input angles are ${config.model.latent}${config.model.latent === "normal" ? ", like the first column of the paper's line" : ""}.`,
    ...source.report,
  ];
}

function replicaRow(
  test: Distances,
  validation: Distances,
  generated: Float32Array,
  real: Float32Array,
  d: number,
): Record<string, number> {
  const perColumn = (name: string, value: (c: number) => number): [string, number][] =>
    Array.from({ length: d }, (_, c) => [`${name}.${String(c)}`, value(c)]);
  const distance = (c: number): number => wasserstein1(column(generated, c, d), column(real, c, d));
  const finite = !Number.isNaN(test.marginalDistance);
  return {
    validation: validation.jointDistance,
    jointDistance: test.jointDistance,
    marginalDistance: test.marginalDistance,
    ...Object.fromEntries(perColumn("distance", (c) => test.marginals[c]!)),
    ...Object.fromEntries(perColumn("w1", (c) => (finite ? distance(c) : NaN))),
  };
}

function measures(context: Context): Measure[] {
  const { config, source, result, floor, real, generated } = context;
  const d = source.columns.length;
  const published =
    config.data.file === null ? { published: PUBLISHED[config.model.algorithm] } : {};
  const joint: Measure = {
    name: "jointDistance",
    label: "Hellinger distance, joint",
    value: result.jointDistance,
    floor: floor.jointDistance,
    ...published,
  };
  const marginal: Measure = {
    name: "marginalDistance",
    label: "Hellinger distance, mean of marginals",
    value: result.marginalDistance,
    floor: floor.marginalDistance,
    ...published,
  };
  const other = source.held("floor", real.length / d, config.data.seed);
  const perColumn = source.columns.flatMap((name, c): Measure[] => [
    {
      name: `distance.${String(c)}`,
      label: `Hellinger distance, ${name}`,
      value: result.marginals[c]!,
      floor: floor.marginals[c]!,
    },
    {
      name: `w1.${String(c)}`,
      label: `Wasserstein-1, ${name} (rad)`,
      value: finiteOr(generated, () => wasserstein1(column(generated, c, d), column(real, c, d))),
      floor: wasserstein1(column(other, c, d), column(real, c, d)),
    },
  ]);
  return [
    ...(d > 1 ? [joint] : []),
    marginal,
    ...perColumn,
    ...(d === 2 ? lineMeasures(context) : []),
  ];
}

function finiteOr(values: Float32Array, f: () => number): number {
  return values.every(Number.isFinite) ? f() : NaN;
}

/** The line through the samples; `floor` is not a floor here but what the real samples give, so it goes into the note. */
function lineMeasures({ real, generated, source }: Context): Measure[] {
  const fit = (values: Float32Array): ReturnType<typeof lineFit> =>
    lineFit(column(values, 0, 2), column(values, 1, 2));
  const wanted = fit(real);
  const got = generated.every(Number.isFinite) ? fit(generated) : undefined;
  const [x, y] = source.columns;
  const row = (name: keyof typeof wanted, label: string, title: string): Measure => ({
    name: title,
    label: `${label} of ${y!} on ${x!}`,
    value: got?.[name] ?? NaN,
    note: `real: ${wanted[name].toPrecision(4)}`,
  });
  return [
    row("slope", "slope", "slope"),
    row("intercept", "intercept (rad)", "intercept"),
    row("residualStd", "residual standard deviation (rad)", "residualStd"),
    row("r", "correlation", "correlation"),
  ];
}

function edges(bins: number): number[] {
  return Array.from({ length: bins + 1 }, (_, i) => (Math.PI * i) / bins);
}

/** Histograms, edges and points of real and generated samples, for figures. */
function arrays({ config, source, real, generated }: Context): Record<string, number[]> {
  const d = source.columns.length;
  const finite = generated.every(Number.isFinite);
  const of = (values: Float32Array): ReturnType<typeof histograms> =>
    histograms(values, d, config.evaluate);
  const samples = { Real: of(real), ...(finite && { Generated: of(generated) }) };
  const entries = Object.entries(samples).flatMap(([name, { marginals, joints }]) => [
    ...marginals.map((p, c): [string, number[]] => [`marginal${name}.${String(c)}`, Array.from(p)]),
    ...pairs(d).map(([i, j], k): [string, number[]] => [
      `joint${name}.${String(i)}.${String(j)}`,
      Array.from(joints[k]!),
    ]),
  ]);
  const { marginalBins, jointBins }: EvaluateConfig = config.evaluate;
  return {
    marginalEdges: edges(marginalBins),
    jointEdges: edges(jointBins),
    ...Object.fromEntries(entries),
    scatterReal: Array.from(real.subarray(0, SCATTER * d)),
    scatterGenerated: finite ? Array.from(generated.subarray(0, SCATTER * d)) : [],
  };
}
