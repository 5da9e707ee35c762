// Histograms on equal bins in one and two dimensions, and their normalisation. No distances.

import { ArgumentError } from "../errors.js";
import { checkSameLength, checkSamples } from "./samples.js";

/** What happens to samples outside `[lo, hi]`: counted in the edge bins, left out, or refused. */
export type Outliers = "clip" | "drop" | "error";

/** Equal bins on an interval, left closed; the last bin is closed on both sides. */
export type Bins = {
  readonly lo: number;
  readonly hi: number;
  /** Number of bins (per axis). */
  readonly bins: number;
  /** Default `"clip"`. */
  readonly outliers?: Outliers;
};

/**
 * Counts of samples per bin: `bin = clip(⌊(x − lo)/(hi − lo)·K⌋, 0, K − 1)`.
 *
 * @param x - samples
 * @param bins - interval, number of bins `K`, treatment of outliers
 * @returns `K` counts
 * @throws ArgumentError if `lo ≥ hi`, `K < 1`, there are no samples, one of them is not finite, or it
 *   lies outside and `outliers` is `"error"`
 */
export function histogram(x: ArrayLike<number>, bins: Bins): Float64Array {
  checkBins("histogram", bins);
  checkSamples("histogram", "x", x);
  checkOutliers("histogram", "x", x, bins);
  const counts = new Float64Array(bins.bins);
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    if (isCounted(value, bins)) increment(counts, binOf(value, bins));
  }
  return counts;
}

/**
 * Counts of points per square bin; the same interval and number of bins `K` on both axes.
 *
 * @param x - first coordinates (rows of the result)
 * @param y - second coordinates (columns of the result)
 * @param bins - interval, number of bins per axis, treatment of outliers; a point with one coordinate
 *   outside is an outlier
 * @returns `K × K` counts, row-major
 * @throws ShapeError if `x` and `y` differ in length; ArgumentError as in `histogram`
 */
export function histogram2d(x: ArrayLike<number>, y: ArrayLike<number>, bins: Bins): Float64Array {
  checkBins("histogram2d", bins);
  checkSameLength("histogram2d", ["x", "y"], x, y);
  for (const [name, values] of [
    ["x", x],
    ["y", y],
  ] as const) {
    checkSamples("histogram2d", name, values);
    checkOutliers("histogram2d", name, values, bins);
  }
  const counts = new Float64Array(bins.bins * bins.bins);
  for (let i = 0; i < x.length; i++) {
    const u = x[i]!;
    const v = y[i]!;
    if (!isCounted(u, bins) || !isCounted(v, bins)) continue;
    increment(counts, binOf(u, bins) * bins.bins + binOf(v, bins));
  }
  return counts;
}

/**
 * The edges between bins, both ends included.
 *
 * @param bins - interval and number of bins `K`
 * @returns `K + 1` edges from `lo` to `hi`
 * @throws ArgumentError if `lo ≥ hi` or `K < 1`
 */
export function binEdges(bins: Bins): Float64Array {
  checkBins("binEdges", bins);
  const { lo, hi, bins: count } = bins;
  return Float64Array.from({ length: count + 1 }, (_, i) =>
    i === count ? hi : lo + ((hi - lo) * i) / count,
  );
}

/**
 * Weights divided by their sum.
 *
 * @param counts - counts or other non-negative weights
 * @returns probabilities, in the same order
 * @throws ArgumentError if there are none, one is negative or not finite, or all are 0
 */
export function probabilities(counts: ArrayLike<number>): Float64Array {
  return normalized("probabilities", "counts", counts);
}

/** `probabilities` in the name of another function: what the distances do with their arguments. */
export function normalized(where: string, name: string, weights: ArrayLike<number>): Float64Array {
  checkSamples(where, name, weights);
  const p = Float64Array.from(weights);
  const negative = p.findIndex((weight) => weight < 0);
  if (negative >= 0) {
    throw new ArgumentError(
      `${where}: argument \`${name}\` must not be negative, ` +
        `but \`${name}[${negative}]\` is ${p[negative]}.`,
    );
  }
  const sum = p.reduce((total, weight) => total + weight, 0);
  if (!(sum > 0 && Number.isFinite(sum))) {
    throw new ArgumentError(
      `${where}: argument \`${name}\` must have a positive, finite sum, but it is ${sum}.`,
    );
  }
  return p.map((weight) => weight / sum);
}

function checkBins(where: string, { lo, hi, bins }: Bins): void {
  if (!(Number.isFinite(lo) && Number.isFinite(hi) && lo < hi)) {
    throw new ArgumentError(
      `${where}: arguments \`lo\` and \`hi\` must be finite with lo < hi, ` +
        `but are ${lo} and ${hi}.`,
    );
  }
  if (!Number.isInteger(bins) || bins < 1) {
    throw new ArgumentError(
      `${where}: argument \`bins\` must be a positive integer, but is ${bins}.`,
    );
  }
}

function checkOutliers(where: string, name: string, x: ArrayLike<number>, bins: Bins): void {
  if (bins.outliers !== "error") return;
  const { lo, hi } = bins;
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    if (value >= lo && value <= hi) continue;
    throw new ArgumentError(
      `${where}: argument \`${name}\` must lie in [${lo}, ${hi}], but ` +
        `\`${name}[${i}]\` is ${value}. Use outliers: "clip" or "drop" to allow this.`,
    );
  }
}

function isCounted(value: number, { lo, hi, outliers }: Bins): boolean {
  return outliers !== "drop" || (value >= lo && value <= hi);
}

function binOf(value: number, { lo, hi, bins }: Bins): number {
  const bin = Math.floor(((value - lo) / (hi - lo)) * bins);
  return Math.min(Math.max(bin, 0), bins - 1);
}

function increment(counts: Float64Array, bin: number): void {
  counts[bin] = counts[bin]! + 1;
}
