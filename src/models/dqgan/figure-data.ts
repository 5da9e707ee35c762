// What a DQGAN's figures read from a history and an evaluation. Draws nothing.

import { columnPairs, has, metricRows } from "../run-figures.js";
import type { Series } from "../../figures/lines.js";
import type { Pair, ShownRun } from "../run-figures.js";
import type { DqganConfig } from "./config.js";
import type { RunWords } from "./figure-words.js";

/** All that is known of a run. */
export type Run = ShownRun & { readonly config: DqganConfig; readonly words: RunWords };

/** Which Hellinger distance: of the joint histograms, or the mean over the marginals. */
export type Distance = "joint" | "marginal";

/** The column pairs that have joint histograms. */
export function pairsOf(run: Run): Pair[] {
  return columnPairs(run).filter(([i, j]) => has(run, `jointReal.${String(i)}.${String(j)}`));
}

/** The distances of all replicas at the steps where they were validated. */
export function distanceRows(run: Run, kind: Distance): Series["rows"] {
  return metricRows(run, `${kind}Distance`);
}

/** "Hellinger distance 0.0597, floor 0.012, paper 0.094"; undefined where it was not measured. */
export function measureWords(run: Run, name: string): string | undefined {
  const measure = run.evaluation.measures.find((one) => one.name === name);
  if (measure === undefined) return undefined;
  const { value, floor, published } = measure;
  return [
    `Hellinger distance ${value.toPrecision(3)}`,
    ...(floor === undefined ? [] : [`floor ${floor.toPrecision(2)}`]),
    ...(published === undefined ? [] : [`paper ${String(published)}`]),
  ].join(", ");
}
