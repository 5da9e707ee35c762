// Distances between samples by the protocol of the evaluation: per column Wasserstein-1, Kolmogorov-Smirnov and overlap of
// histograms; of several columns the sliced Wasserstein-1 distance.

import {
  histogram,
  kolmogorovSmirnov,
  overlap,
  probabilities,
  slicedWasserstein1,
  wasserstein1,
} from "../../metrics/index.js";

/** Histogram bins of every column. */
export type HistogramBins = { readonly lo: number; readonly hi: number; readonly bins: number };

/** Distances of a sample to the target. */
export type Distances = {
  /** Wasserstein-1 of one column, sliced of several: by this replicas are compared. */
  readonly distance: number;
  /** Of each column. */
  readonly w1: readonly number[];
  readonly ks: readonly number[];
  readonly overlap: readonly number[];
};

/** Whether the generator of these rows has not diverged. */
export function isFiniteSample(rows: Float32Array): boolean {
  return rows.every(Number.isFinite);
}

/** Column c of row-major values with d columns. */
export function column(values: Float32Array, c: number, d: number): Float32Array {
  return Float32Array.from({ length: values.length / d }, (_, i) => values[i * d + c]!);
}

/** Probabilities of the bins of column c. */
export function histogramOf(
  rows: Float32Array,
  c: number,
  d: number,
  bins: HistogramBins,
): Float64Array {
  return probabilities(histogram(column(rows, c, d), bins));
}

/** Directions of the sliced distance. */
const DIRECTIONS = 32;

/** The distance by which replicas are compared; NaN of a sample that has diverged. */
export function distanceTo(target: Float32Array, rows: Float32Array, d: number): number {
  if (!isFiniteSample(rows)) return NaN;
  if (d === 1) return wasserstein1(rows, target);
  const [x, y] = [rows, target].map((values) => ({ values, width: d }));
  return slicedWasserstein1(x!, y!, { directions: DIRECTIONS });
}

/** All distances of a row-major sample to the target; NaN if it has diverged. */
export function distancesTo(
  target: Float32Array,
  rows: Float32Array,
  d: number,
  bins: HistogramBins,
): Distances {
  const columns = Array.from({ length: d }, (_, c) => c);
  if (!isFiniteSample(rows)) {
    const nan = columns.map(() => NaN);
    return { distance: NaN, w1: nan, ks: nan, overlap: nan };
  }
  const pairs = columns.map((c) => [column(rows, c, d), column(target, c, d)] as const);
  const w1 = pairs.map(([x, y]) => wasserstein1(x, y));
  return {
    distance: d === 1 ? w1[0]! : distanceTo(target, rows, d),
    w1,
    ks: pairs.map(([x, y]) => kolmogorovSmirnov(x, y)),
    overlap: columns.map((c) =>
      overlap(histogramOf(rows, c, d, bins), histogramOf(target, c, d, bins)),
    ),
  };
}

/** Mean, standard deviation, skewness and excess kurtosis of one column. */
export type Moments = {
  readonly mean: number;
  readonly std: number;
  readonly skewness: number;
  readonly kurtosis: number;
};

/** Moments of a sample, divided by n; all NaN if it is not finite. */
export function moments(x: Float32Array): Moments {
  const central = (m: number, power: number): number =>
    x.reduce((sum, value) => sum + (value - m) ** power, 0) / x.length;
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const std = Math.sqrt(central(mean, 2));
  return {
    mean,
    std,
    skewness: central(mean, 3) / std ** 3,
    kurtosis: central(mean, 4) / std ** 4 - 3,
  };
}
