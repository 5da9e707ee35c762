// The measures of a tested replica, each beside its floor and what the paper states.

import { lineFit, wasserstein1 } from "../../metrics/index.js";
import { dqganSchema } from "./config.js";
import { column, isFiniteSample } from "./distances.js";
import type { AngleSource } from "../../data/source.js";
import type { Measure } from "../model.js";
import type { DqganConfig } from "./config.js";
import type { Distances } from "./distances.js";

/** The samples of one replica in the test, and their distances to the real ones. */
export type TestedReplica = {
  /** `n × d`, row-major. */
  readonly generated: Float32Array;
  readonly distances: Distances;
  /** Wasserstein-1 distance of every column. */
  readonly w1: readonly number[];
};

/** A test of the best replica. */
export type Test = {
  readonly config: DqganConfig;
  readonly source: AngleSource;
  readonly real: Float32Array;
  readonly floor: Distances;
  readonly tested: TestedReplica;
};

/** Hellinger distances that the paper states, by algorithm. */
const PUBLISHED = { 1: 0.137, 2: 0.094 } as const;

/** Wasserstein-1 distances between the columns of two samples, radians; NaN if the first has diverged. */
export function wassersteinOf(rows: Float32Array, real: Float32Array, d: number): number[] {
  const finite = isFiniteSample(rows);
  return Array.from({ length: d }, (_, c) =>
    finite ? wasserstein1(column(rows, c, d), column(real, c, d)) : NaN,
  );
}

/** All measures: Hellinger distances, then per column, then the line through two columns. */
export function measures(test: Test): Measure[] {
  const { source } = test;
  return [
    ...hellingerMeasures(test),
    ...columnMeasures(test),
    ...(source.columns.length === 2 ? lineMeasures(test) : []),
  ];
}

function hellingerMeasures({ config, source, floor, tested }: Test): Measure[] {
  const published = isPapersLine(config) ? { published: PUBLISHED[config.model.algorithm] } : {};
  const of = (name: "jointDistance" | "marginalDistance", label: string): Measure => ({
    name,
    label: `Hellinger distance, ${label}`,
    value: tested.distances[name],
    floor: floor[name],
    ...published,
  });
  const joint = source.columns.length > 1 ? [of("jointDistance", "joint")] : [];
  return [...joint, of("marginalDistance", "mean of marginals")];
}

/** Whether the data are those of the paper, so that its numbers may stand beside ours. */
function isPapersLine({ data }: DqganConfig): boolean {
  const paper = dqganSchema.parse({}).data;
  const law = ["file", "slope", "intercept", "mean", "std", "noise"] as const;
  return law.every((name) => data[name] === paper[name]);
}

function columnMeasures({ config, source, real, floor, tested }: Test): Measure[] {
  const d = source.columns.length;
  const other = source.held("floor", real.length / d, config.data.seed);
  const w1Floor = wassersteinOf(other, real, d);
  return source.columns.flatMap((name, c): Measure[] => [
    {
      name: `distance.${String(c)}`,
      label: `Hellinger distance, ${name}`,
      value: tested.distances.marginals[c]!,
      floor: floor.marginals[c]!,
    },
    {
      name: `w1.${String(c)}`,
      label: `Wasserstein-1, ${name} (rad)`,
      value: tested.w1[c]!,
      floor: w1Floor[c]!,
    },
  ]);
}

type Line = ReturnType<typeof lineFit>;

/** The line through the samples. What the real ones give is no floor, so it goes into the note. */
function lineMeasures({ config, real, source, tested: { generated } }: Test): Measure[] {
  const fit = (rows: Float32Array): Line => lineFit(column(rows, 0, 2), column(rows, 1, 2));
  const wanted = fit(real);
  const got = isFiniteSample(generated) ? fit(generated) : undefined;
  const [x, y] = source.columns as [string, string];
  const scaled = config.data.file === null ? "" : ", as angles";
  const of = (part: keyof Line, name: string, label: string): Measure => ({
    name,
    label: `${label} of ${y} on ${x}${scaled}`,
    value: got?.[part] ?? NaN,
    note: `real: ${wanted[part].toPrecision(4)}`,
  });
  return [
    of("slope", "slope", "slope"),
    of("intercept", "intercept", "intercept (rad)"),
    of("residualStd", "residualStd", "residual standard deviation (rad)"),
    of("r", "correlation", "correlation"),
  ];
}
