// A method for ask-and-tell that keeps no state: evolution strategy with a shrinking normal step around the best.

import type { Ask, AskContext, ToldRow } from "./ask.js";
import { normalQuantile } from "./normal-quantile.js";

/** Changes whenever the same rows would give other proposals: it is part of a study's identity. */
export const EVOLUTION_VERSION = "evolution 1";

const ELITE = 0.25;
const FIRST_STEP = 0.3;
const LEAST_STEP = 0.01;

// Points that leave [0, 1) are mirrored at its ends, so that no mass piles up there.
function reflected(x: number): number {
  const folded = Math.abs(x) % 2;
  return Math.min(folded > 1 ? 2 - folded : folded, 1 - 2 ** -53);
}

/** The best quarter of all rows so far, best first; ties by age. */
function elite(rows: readonly ToldRow[], { goal, count }: AskContext): readonly ToldRow[] {
  const sign = goal === "minimize" ? 1 : -1;
  const good = rows.filter(({ status, value }) => status === "ok" && Number.isFinite(value));
  const sorted = [...good].sort((a, b) => sign * (a.value - b.value));
  return sorted.slice(0, Math.max(1, Math.ceil(ELITE * count)));
}

// Per coordinate: as wide as the elite is, so that the search narrows where the elite agrees.
function steps(parents: readonly ToldRow[], n: number): readonly number[] {
  return Array.from({ length: n }, (_, d) => {
    const mean = parents.reduce((sum, { u }) => sum + u[d]!, 0) / parents.length;
    const variance = parents.reduce((sum, { u }) => sum + (u[d]! - mean) ** 2, 0) / parents.length;
    return Math.min(FIRST_STEP, Math.max(LEAST_STEP, Math.sqrt(variance)));
  });
}

/**
 * Generation 0 is uniform. Later ones mutate parents, drawn from the best quarter of all rows so far, by normal
 * steps as wide as these parents are spread.
 */
export const evolution: Ask = (generation, rows, context) => {
  const { names, count, uniform } = context;
  const n = names.length;
  const u = new Float64Array(count * n);
  const parents = generation === 0 ? [] : elite(rows, context);
  const widths = steps(parents, n);
  for (let i = 0; i < count; i++) {
    const parent = parents[Math.floor(uniform(i, n) * parents.length)];
    for (let d = 0; d < n; d++) {
      const x = uniform(i, d);
      const step = normalQuantile(Math.max(x, 2 ** -54)) * widths[d]!;
      u[i * n + d] = parent === undefined ? x : reflected(parent.u[d]! + step);
    }
  }
  return u;
};
