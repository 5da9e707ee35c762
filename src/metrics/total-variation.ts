// The total variation distance of two discrete distributions, and its complement, the overlap.

import { normalizedPair } from "./normalized-pair.js";

/**
 * Total variation distance `½ Σ |p − q| = 1 − overlap`, in [0, 1].
 *
 * @param p - probabilities or counts; normalised to sum 1
 * @param q - the same for the other distribution, on the same bins
 * @returns the distance: 0 for equal, 1 for disjoint distributions
 * @throws ShapeError if the lengths differ; ArgumentError for negative or non-finite weights or a sum of 0
 */
export function totalVariation(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const [a, b] = normalizedPair("totalVariation", p, q);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return Math.min(sum / 2, 1);
}

/**
 * Overlap `Σ min(p, q)`, in [0, 1].
 *
 * @param p - probabilities or counts; normalised to sum 1
 * @param q - the same for the other distribution, on the same bins
 * @returns the overlap: 1 for equal, 0 for disjoint distributions
 * @throws ShapeError if the lengths differ; ArgumentError for negative or non-finite weights or a sum of 0
 */
export function overlap(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const [a, b] = normalizedPair("overlap", p, q);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.min(a[i]!, b[i]!);
  return Math.min(sum, 1);
}
