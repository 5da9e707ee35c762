// Values of rows for decisions between rungs: each batch is read once, and its values stay as numbers.

import { DataError } from "../../errors.js";
import type { Row, RowStatus } from "../types.js";
import type { CommittedSet } from "./committed.js";

/** What a decision needs of a row. */
export type Judged = {
  readonly t: number;
  readonly s: RowStatus;
  readonly v: number | null;
};

type Values = {
  /** Ascending. */
  readonly trials: Float64Array;
  readonly values: Float64Array;
  /** Rows without a value. */
  readonly empty: ReadonlySet<number>;
};

function valuesOf(rows: readonly Row[]): Values {
  return {
    trials: Float64Array.from(rows, ({ t }) => t),
    values: Float64Array.from(rows, ({ v }) => v ?? Number.NaN),
    empty: new Set(rows.filter(({ v }) => v === null).map(({ t }) => t)),
  };
}

function positionOf(trials: Float64Array, trial: number): number {
  let low = 0;
  let high = trials.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (trials[middle]! < trial) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The values of trials at a rung, of the rows that count. */
export type Judge = (
  committed: CommittedSet,
  rung: number,
  trials: readonly number[],
) => readonly Judged[];

/** A {@link Judge} that remembers what it read. */
export function judge(rowsOf: (batch: string) => readonly Row[]): Judge {
  const known = new Map<string, Values>();
  const valuesIn = (batch: string): Values => {
    const values = known.get(batch) ?? valuesOf(rowsOf(batch));
    known.set(batch, values);
    return values;
  };
  return (committed, rung, trials) =>
    trials.map((t) => {
      const batch = committed.batch(rung, t);
      const s = committed.status(rung, t);
      if (batch === undefined || s === undefined) {
        throw new DataError(`judged: trial ${t} must have a row at rung ${rung}, but has none.`);
      }
      const { trials: own, values, empty } = valuesIn(batch);
      return { t, s, v: empty.has(t) ? null : values[positionOf(own, t)]! };
    });
}
