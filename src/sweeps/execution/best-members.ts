// Of rows that have ended, the best ones as they ended.

import { ranksBefore } from "../store/batch-text.js";
import type { Row, Study } from "../types.js";
import { pick, type Population } from "./population.js";

type Ranked = readonly [trial: number, value: number];

/** The best `most` of the trials that have a finite value. */
function bestOfRows(rows: readonly Row[], study: Study, most: number): ReadonlySet<number> {
  const goal = study.metrics[0]?.goal ?? "minimize";
  const values = rows.flatMap(({ t, s, v }): Ranked[] =>
    s === "ok" && v !== null ? [[t, v]] : [],
  );
  values.sort((a, b) => (ranksBefore(goal, a, b) ? -1 : 1));
  return new Set(values.slice(0, most).map(([trial]) => trial));
}

/**
 * The members of populations whose rows are the best.
 *
 * @param rows - at least those of the members that have ended
 * @param most - members; Infinity: all of them
 */
export function bestMembers(
  populations: readonly Population[],
  rows: readonly Row[],
  study: Study,
  most: number,
): readonly Population[] {
  if (most === Number.POSITIVE_INFINITY) return populations;
  const best = bestOfRows(rows, study, most);
  return populations.flatMap((population) => {
    const places = population.trials.flatMap(({ index }, p) => (best.has(index) ? [p] : []));
    if (places.length === population.trials.length) return [population];
    return places.length === 0 ? [] : [pick(population, places)];
  });
}
