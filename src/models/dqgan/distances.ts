// Hellinger distances between samples of angles, by the protocol of the evaluation: bins on [0, π], outliers in the
// edge bins.

import { hellinger, histogram, histogram2d, probabilities } from "../../metrics/index.js";
import type { EvaluateConfig } from "./config.js";

/** Histograms of one sample: every marginal, and every pair of columns. */
export type Histograms = {
  /** `[d][marginalBins]`, probabilities. */
  readonly marginals: readonly Float64Array[];
  /** One per pair i < j, `jointBins × jointBins` row-major, probabilities; in the order of {@link pairs}. */
  readonly joints: readonly Float64Array[];
};

/** Hellinger distances between two samples. */
export type Distances = {
  readonly marginals: readonly number[];
  readonly joints: readonly number[];
  /** Mean over the columns. */
  readonly marginalDistance: number;
  /** Mean over the pairs of columns; of a single column, its marginal distance. */
  readonly jointDistance: number;
};

/** Whether the generator of these rows has not diverged. */
export function isFiniteSample(rows: Float32Array): boolean {
  return rows.every(Number.isFinite);
}

/** The pairs i < j of d columns. */
export function pairs(d: number): [number, number][] {
  const columns = Array.from({ length: d }, (_, i) => i);
  return columns.flatMap((i) => columns.slice(i + 1).map((j): [number, number] => [i, j]));
}

/** Column c of row-major values with d columns. */
export function column(values: Float32Array, c: number, d: number): Float32Array {
  return Float32Array.from({ length: values.length / d }, (_, i) => values[i * d + c]!);
}

/** Histograms of a row-major sample of d angles per row. */
export function histograms(
  values: Float32Array,
  d: number,
  { marginalBins, jointBins }: EvaluateConfig,
): Histograms {
  const columns = Array.from({ length: d }, (_, c) => column(values, c, d));
  const range = { lo: 0, hi: Math.PI };
  return {
    marginals: columns.map((x) => probabilities(histogram(x, { ...range, bins: marginalBins }))),
    joints: pairs(d).map(([i, j]) =>
      probabilities(histogram2d(columns[i]!, columns[j]!, { ...range, bins: jointBins })),
    ),
  };
}

const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length;

/** Distances between two samples by their histograms. */
export function distances(a: Histograms, b: Histograms): Distances {
  const marginals = a.marginals.map((p, c) => hellinger(p, b.marginals[c]!));
  const joints = a.joints.map((p, k) => hellinger(p, b.joints[k]!));
  const marginalDistance = mean(marginals);
  return {
    marginals,
    joints,
    marginalDistance,
    jointDistance: joints.length > 0 ? mean(joints) : marginalDistance,
  };
}

/** Distances of a row-major sample to one whose histograms are known; NaN if it has diverged. */
export function distancesTo(
  target: Histograms,
  rows: Float32Array,
  d: number,
  bins: EvaluateConfig,
): Distances {
  if (isFiniteSample(rows)) return distances(histograms(rows, d, bins), target);
  const nan = (values: readonly unknown[]): number[] => values.map(() => NaN);
  return {
    marginals: nan(target.marginals),
    joints: nan(target.joints),
    marginalDistance: NaN,
    jointDistance: NaN,
  };
}
