// Which parameters matter: PED-ANOVA, the Pearson divergence between the best rows and all of them, parameter by
// parameter (Watanabe, Bansal, Hutter, arXiv:2304.10255; conditional parameters: arXiv:2601.20800). Draws nothing.

import { parameterScales, type Scale } from "./scales.js";
import { decided, type View } from "./view.js";

/** The part of the rows that counts as best, and the least number of them. */
const TOP_PART = 0.1;
const LEAST_TOP = 5;

/** One parameter. */
export type Importance = {
  readonly scale: Scale;
  /** Share of the sum over all parameters, from 0 to 1. */
  readonly share: number;
};

function probabilities(counts: ArrayLike<number>): Float64Array {
  const bins = counts.length;
  let total = 0;
  for (let b = 0; b < bins; b++) total += counts[b]!;
  return Float64Array.from(counts, (count) => (count + 1 / bins) / (total + 1));
}

/**
 * `Σ_b p_all(b) (p_top(b)/p_all(b) − 1)²` with `p(b) = (c_b + 1/K)/(N + 1)` over the K bins.
 *
 * @param top - counts of the best rows by bin
 * @param all - counts of all rows, in the same bins
 */
export function pearsonDivergence(top: ArrayLike<number>, all: ArrayLike<number>): number {
  const [p, q] = [probabilities(top), probabilities(all)];
  return p.reduce((sum, one, b) => sum + q[b]! * (one / q[b]! - 1) ** 2, 0);
}

/** Counts of rows in the bins of a scale; rows without a value are in none. */
export function histogram({ bins, place }: Scale, rows: Int32Array): Int32Array {
  const counts = new Int32Array(bins);
  for (const row of rows) {
    const bin = Math.floor(place(row) * bins);
    if (Number.isNaN(bin)) continue;
    const inside = Math.min(bins - 1, Math.max(0, bin));
    counts[inside]!++;
  }
  return counts;
}

const sum = (counts: Int32Array): number => counts.reduce((a, b) => a + b, 0);

function divergence(scale: Scale, top: Int32Array, all: Int32Array): number {
  const [best, every] = [histogram(scale, top), histogram(scale, all)];
  const active = sum(every) / all.length;
  if (active === 0) return 0;
  // Where a parameter is not always active: how often it is among the best, squared, over how often at all.
  const share = sum(best) / top.length;
  return ((share * share) / active) * pearsonDivergence(best, every);
}

/** How many rows count as best of `n`. */
export function topCount(n: number): number {
  return Math.max(LEAST_TOP, Math.ceil(TOP_PART * n));
}

/**
 * The importance of each parameter for being among the best tenth, most important first. Rows of the first rung, those
 * that diverged among them: survivors of halving alone would say that what removed the others does not matter.
 */
export function importances(view: View): readonly Importance[] {
  const scales = parameterScales(view);
  const all = decided(view, view.first);
  const top = view.ranked.subarray(0, topCount(all.length));
  if (top.length === 0) return scales.map((scale) => ({ scale, share: 0 }));
  const raw = scales.map((scale) => divergence(scale, top, all));
  const total = raw.reduce((a, b) => a + b, 0) || 1;
  return scales
    .map((scale, i) => ({ scale, share: raw[i]! / total }))
    .sort((a, b) => b.share - a.share);
}
