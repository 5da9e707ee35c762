// The Wasserstein-1 distance in one dimension: of two samples, and of a sample and a normal law.

import { forEachCdfStep } from "./cdf-steps.js";
import { normalQuantile, type NormalLaw } from "./normal-law.js";
import { checkPositive, sortedSamples } from "./samples.js";

/**
 * Wasserstein-1 distance `∫ |F_x − F_y|`; at equal sizes the mean distance of the sorted samples.
 * Cost O(n log n).
 *
 * @param x - samples, any order
 * @param y - samples, any order and number
 * @returns the distance, in the unit of the samples
 * @throws ArgumentError if a sample is empty or not finite
 */
export function wasserstein1(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const a = sortedSamples("wasserstein1", "x", x);
  const b = sortedSamples("wasserstein1", "y", y);
  if (a.length === b.length) return meanDistance(a, b);
  let integral = 0;
  forEachCdfStep(a, b, (difference, length) => {
    integral += Math.abs(difference) * length;
  });
  return integral;
}

/**
 * Wasserstein-1 distance of a sample to a normal law, represented by its quantiles at `(i + ½)/n`.
 *
 * @param x - samples, any order
 * @param law - mean and standard deviation
 * @returns the distance, in the unit of the samples
 * @throws ArgumentError if the sample is empty or not finite, or `std` is not positive
 */
export function wasserstein1Normal(x: ArrayLike<number>, law: NormalLaw): number {
  const a = sortedSamples("wasserstein1Normal", "x", x);
  checkPositive("wasserstein1Normal", "std", law.std);
  const quantiles = a.map((_, i) => law.mean + law.std * normalQuantile((i + 0.5) / a.length));
  return meanDistance(a, quantiles);
}

function meanDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}
