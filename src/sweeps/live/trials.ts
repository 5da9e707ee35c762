// Rows of a table, asked for by their place in the ranking: the page holds only those that can be seen.

import type { Store } from "../store/store.js";
import type { ParameterValue, Row } from "../types.js";
import { plainValue } from "../values.js";
import type { Aggregate } from "./aggregate.js";

/** One line of the table. */
export type LiveRow = {
  readonly rank: number;
  readonly trial: number;
  readonly value: number | null;
  readonly steps: number;
  /** Lists and groups as JSON. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
};

/** Answers for places of the ranking. */
export type LiveRows = {
  /** How many there are. */
  count(): number;
  rows(from: number, count: number): readonly LiveRow[];
};

const MOST_ROWS = 200;
/** Batches whose rows are kept: the best trials are spread over many. */
const MOST_KEPT = 24;

/** The ranking of an aggregate, made again where that has grown. */
export function liveRows(store: Store, aggregate: Aggregate): LiveRows {
  let ranked = new Int32Array(0);
  let version = -1;
  const kept = new Map<string, readonly Row[]>();
  const present = (): Int32Array => {
    if (version !== aggregate.version) ranked = Int32Array.from(aggregate.ranked());
    version = aggregate.version;
    return ranked;
  };
  const batch = (id: string): readonly Row[] => {
    const rows = kept.get(id) ?? store.rows(id);
    kept.delete(id);
    kept.set(id, rows);
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!);
    return rows;
  };
  return {
    count: () => present().length,
    rows(from, count) {
      const set = store.committed();
      const shown = present().subarray(from, from + Math.min(count, MOST_ROWS));
      return Array.from(shown).flatMap((trial, i) => {
        const id = set.batch(aggregate.rungOf(trial), trial);
        const row = id === undefined ? undefined : batch(id).find(({ t }) => t === trial);
        if (row === undefined) return [];
        const parameters = Object.fromEntries(
          Object.entries(row.p).map(([name, value]) => [name, plainValue(value)]),
        );
        return [{ rank: from + i + 1, trial, value: row.v, steps: row.n, parameters }];
      });
    },
  };
}
