// How many modes of a mixture with known centres a sample reaches, and how close it stays to them.

import { ArgumentError } from "../errors.js";
import { checkPoints, checkPositive, checkSameWidth, type Points } from "./samples.js";
import { squaredDistance } from "./squared-distance.js";

/** Samples assigned to the modes of a mixture. */
export type ModeCoverage = {
  /** Index of the nearest centre of every sample (the first one of equals). */
  readonly nearest: Int32Array;
  /** Fraction of samples within three standard deviations of their nearest centre. */
  readonly highQualityFraction: number;
  /** Such samples per centre. */
  readonly counts: Int32Array;
  /** Centres with at least `minCount` such samples. */
  readonly modesCovered: number;
};

/**
 * Assigns samples to their nearest centre; those within 3 standard deviations are of high quality, and a
 * mode is covered when it has at least `minCount` of them. Cost O(samples · centres · width).
 *
 * @param samples - points
 * @param centres - centres of the modes, of the same width
 * @param options - `std`, the standard deviation of a mode per coordinate; `minCount`, default 1
 * @returns assignments, counts and the two summary figures
 * @throws ShapeError if the widths differ; ArgumentError for an empty or non-finite set, `std` ≤ 0, or a
 *   `minCount` that is not a positive integer
 */
export function modeCoverage(
  samples: Points,
  centres: Points,
  options: { readonly std: number; readonly minCount?: number },
): ModeCoverage {
  const { std, minCount = 1 } = options;
  const n = checkPoints("modeCoverage", "samples", samples);
  const modes = checkPoints("modeCoverage", "centres", centres);
  checkSameWidth("modeCoverage", ["samples", "centres"], samples, centres);
  checkPositive("modeCoverage", "std", std);
  checkMinCount(minCount);
  const nearest = new Int32Array(n);
  const counts = new Int32Array(modes);
  const a = Float64Array.from(samples.values);
  const b = Float64Array.from(centres.values);
  for (let i = 0; i < n; i++) {
    const [mode, squared] = nearestCentre(a, i, b, samples.width);
    nearest[i] = mode;
    if (squared <= 9 * std * std) counts[mode] = counts[mode]! + 1;
  }
  return {
    nearest,
    counts,
    highQualityFraction: counts.reduce((sum, count) => sum + count, 0) / n,
    modesCovered: counts.filter((count) => count >= minCount).length,
  };
}

function checkMinCount(minCount: number): void {
  if (Number.isInteger(minCount) && minCount >= 1) return;
  throw new ArgumentError(
    `modeCoverage: argument \`minCount\` must be a positive integer, but is ${minCount}.`,
  );
}

function nearestCentre(
  samples: Float64Array,
  i: number,
  centres: Float64Array,
  width: number,
): [number, number] {
  let [mode, least] = [0, Infinity];
  for (let j = 0; j < centres.length / width; j++) {
    const squared = squaredDistance(samples, i, centres, j, width);
    if (squared < least) [mode, least] = [j, squared];
  }
  return [mode, least];
}
