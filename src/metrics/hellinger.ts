// The Hellinger distance of two discrete distributions.

import { normalizedPair } from "./normalized-pair.js";

/**
 * Hellinger distance `D_H = √(½ Σ (√p − √q)²) = √(1 − Σ √(p q))`, in [0, 1].
 *
 * @param p - probabilities or counts; normalised to sum 1
 * @param q - the same for the other distribution, on the same bins
 * @returns the distance: 0 for equal, 1 for disjoint distributions
 * @throws ShapeError if the lengths differ; ArgumentError for negative or non-finite weights or a sum of 0
 */
export function hellinger(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const [a, b] = normalizedPair("hellinger", p, q);
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.sqrt(a[i]!) - Math.sqrt(b[i]!);
    sum += difference * difference;
  }
  return Math.min(Math.sqrt(sum / 2), 1);
}
