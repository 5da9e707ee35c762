// What every figure of a sweep looks at: the rows of its table by rung, each with a cost. Draws nothing.

import { STATUS_CODES } from "../store/committed.js";
import type { BatchSummary } from "../store/scan.js";
import type { Table } from "../store/table.js";
import type { Metric, RowStatus, Study } from "../types.js";

/** A sweep ready to be drawn. */
export type View = {
  readonly study: Study;
  readonly table: Table;
  /** The first metric of the study. */
  readonly metric: Metric;
  readonly batches: ReadonlyMap<string, BatchSummary>;
  /** Row of each trial at its first rung: all of them had the same steps, so that none is favoured. */
  readonly first: Int32Array;
  /** Row of each trial at its last rung. */
  readonly last: Int32Array;
  /** By row: the value where the metric is minimised, its negative where it is maximised; NaN without a finite one. */
  readonly cost: Float64Array;
  /** Rows of `first` with a finite value, best first. */
  readonly ranked: Int32Array;
};

const OK = STATUS_CODES.indexOf("ok");
const DIVERGED = STATUS_CODES.indexOf("diverged");

function costs(table: Table, metric: Metric): Float64Array {
  const sign = metric.goal === "minimize" ? 1 : -1;
  return table.value.values.map((value, row) =>
    table.status[row] === OK && Number.isFinite(value) ? sign * value : Number.NaN,
  );
}

function edges(table: Table): { readonly first: Int32Array; readonly last: Int32Array } {
  const { trial, rows } = table;
  const first: number[] = [];
  const last: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (row === 0 || trial[row] !== trial[row - 1]) first.push(row);
    if (row === rows - 1 || trial[row] !== trial[row + 1]) last.push(row);
  }
  return { first: Int32Array.from(first), last: Int32Array.from(last) };
}

/**
 * A table as figures see it.
 *
 * @param batches - headers and footers by id, as a scan finds them; times and machines come from there
 */
export function viewOf(
  study: Study,
  table: Table,
  batches: ReadonlyMap<string, BatchSummary>,
): View {
  const metric = study.metrics[0] ?? { name: "value", goal: "minimize" };
  const cost = costs(table, metric);
  const { first, last } = edges(table);
  const ranked = ranking({ cost }, first);
  return { study, table, metric, batches, first, last, cost, ranked };
}

/** Values of rows; `Float64Array.from` with a function takes ten times as long. */
export function at(values: Float64Array, rows: Int32Array): Float64Array {
  const found = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) found[i] = values[rows[i]!]!;
  return found;
}

/** Rows out of a list that have a finite value. */
export function judged({ cost }: Pick<View, "cost">, rows: Int32Array): Int32Array {
  return rows.filter((row) => Number.isFinite(cost[row]!));
}

/** Rows that say something about parameters: those with a value, and those that diverged. */
export function decided(view: View, rows: Int32Array): Int32Array {
  const { status } = view.table;
  return rows.filter((row) => Number.isFinite(view.cost[row]!) || status[row] === DIVERGED);
}

/** First position in ascending numbers that is not below a value. */
function lowerBound(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Rows of a list with a finite value, best first; equals by trial. Sorts numbers and looks rows up among them: for a
 * million rows that is several times faster than sorting rows by a rule.
 */
export function ranking(view: Pick<View, "cost">, rows: Int32Array): Int32Array {
  const { cost } = view;
  const found = judged(view, rows);
  const sorted = at(cost, found).sort();
  const equals = new Int32Array(found.length);
  const ranked = new Int32Array(found.length);
  for (const row of found) {
    // −0 sorts before 0 and compares equal: both find the first of them.
    const place = lowerBound(sorted, cost[row]!);
    ranked[place + equals[place]!++] = row;
  }
  return ranked;
}

/** Rows of a list by status. */
export function countsOf({ table }: View, rows: Int32Array): Record<RowStatus, number> {
  const counts: Record<RowStatus, number> = { ok: 0, diverged: 0, pruned: 0, error: 0 };
  for (const row of rows) counts[STATUS_CODES[table.status[row]!]!]++;
  return counts;
}

/** A count with its digits in threes. */
export function threes(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/gu, "\u202f");
}

/** `n = 768 trials (750 ok, 18 diverged)`: what stands below the title of every figure. */
export function countWords(view: View, rows: Int32Array): string {
  const parts = Object.entries(countsOf(view, rows)).filter(([, n]) => n > 0);
  const words = parts.map(([status, n]) => `${threes(n)} ${status}`).join(", ");
  return `n = ${threes(rows.length)} trials${words === "" ? "" : ` (${words})`}`;
}

/** Says which values a figure shows where halving gave some trials more steps. */
export function rungWords({ study }: View): string {
  if (study.halving === null) return `after ${threes(study.budget.max)} steps`;
  return `values after ${threes(study.budget.min)} steps, the first rung: survivors alone would mislead`;
}
