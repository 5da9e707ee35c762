// The Kolmogorov-Smirnov distance: of two samples, and of a sample and a normal law. No p-values.

import { forEachCdfStep } from "./cdf-steps.js";
import { normalCdf, type NormalLaw } from "./normal-law.js";
import { checkPositive, sortedSamples } from "./samples.js";

/**
 * Two-sample Kolmogorov-Smirnov distance `sup |F_x − F_y|` over the pooled samples, with
 * right-continuous distribution functions (ties are counted together). Cost O(n log n).
 *
 * @param x - samples, any order
 * @param y - samples, any order and number
 * @returns the distance, in [0, 1]
 * @throws ArgumentError if a sample is empty or not finite
 */
export function kolmogorovSmirnov(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const a = sortedSamples("kolmogorovSmirnov", "x", x);
  const b = sortedSamples("kolmogorovSmirnov", "y", y);
  let largest = 0;
  forEachCdfStep(a, b, (difference) => {
    largest = Math.max(largest, Math.abs(difference));
  });
  return largest;
}

/**
 * One-sample Kolmogorov-Smirnov distance `sup |F_x − Φ((· − mean)/std)|`, on both sides of every jump.
 *
 * @param x - samples, any order
 * @param law - mean and standard deviation
 * @returns the distance, in [0, 1]
 * @throws ArgumentError if the sample is empty or not finite, or `std` is not positive
 */
export function kolmogorovSmirnovNormal(x: ArrayLike<number>, law: NormalLaw): number {
  const a = sortedSamples("kolmogorovSmirnovNormal", "x", x);
  checkPositive("kolmogorovSmirnovNormal", "std", law.std);
  let largest = 0;
  a.forEach((value, i) => {
    const cdf = normalCdf((value - law.mean) / law.std);
    largest = Math.max(largest, (i + 1) / a.length - cdf, cdf - i / a.length);
  });
  return largest;
}
