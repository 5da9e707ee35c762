// The Jensen-Shannon divergence of two discrete distributions, in nats, and the distance it defines.

import { normalizedPair } from "./normalized-pair.js";

/**
 * Jensen-Shannon divergence `½ KL(p‖m) + ½ KL(q‖m)`, `m = (p + q)/2`, natural logarithm, `0 ln 0 = 0`.
 *
 * @param p - probabilities or counts; normalised to sum 1
 * @param q - the same for the other distribution, on the same bins
 * @returns the divergence: 0 for equal, ln 2 for disjoint distributions
 * @throws ShapeError if the lengths differ; ArgumentError for negative or non-finite weights or a sum of 0
 */
export function jensenShannon(p: ArrayLike<number>, q: ArrayLike<number>): number {
  return divergence("jensenShannon", p, q);
}

/**
 * Jensen-Shannon distance `√JS`, a metric.
 *
 * @param p - probabilities or counts; normalised to sum 1
 * @param q - the same for the other distribution, on the same bins
 * @returns the distance: 0 for equal, √(ln 2) for disjoint distributions
 * @throws ShapeError if the lengths differ; ArgumentError for negative or non-finite weights or a sum of 0
 */
export function jsDistance(p: ArrayLike<number>, q: ArrayLike<number>): number {
  return Math.sqrt(divergence("jsDistance", p, q));
}

function divergence(where: string, p: ArrayLike<number>, q: ArrayLike<number>): number {
  const [a, b] = normalizedPair(where, p, q);
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const u = a[i]!;
    const v = b[i]!;
    const mean = (u + v) / 2;
    sum += entropyTerm(u, mean) + entropyTerm(v, mean);
  }
  return Math.min(Math.max(sum / 2, 0), Math.LN2);
}

function entropyTerm(p: number, m: number): number {
  return p === 0 ? 0 : p * Math.log(p / m);
}
