// All rows that count as columns of numbers: what reports and exports work on. A million rows take some 150 MB.

import type { Parameter, ParameterValue, Row } from "../types.js";
import { choiceIndex } from "../values.js";
import { STATUS_CODES, type CommittedSet } from "./committed.js";
import type { Store } from "./store.js";

/** Numbers of which some are absent. */
export type NumberColumn = {
  readonly kind: "real" | "integer";
  readonly values: Float64Array;
  /** 1 where there is a value. */
  readonly present: Uint8Array;
};

/** Values out of a list. */
export type ChoiceColumn = {
  readonly kind: "choice";
  /** Index into `choices`, -1 for null. */
  readonly codes: Int32Array;
  readonly choices: readonly ParameterValue[];
};

/** One parameter of all rows. */
export type ParameterColumn = NumberColumn | ChoiceColumn;

/** Rows of a sweep, by trial and then by rung. */
export type Table = {
  readonly rows: number;
  readonly trial: Float64Array;
  /** Index into `STATUS_CODES`. */
  readonly status: Uint8Array;
  /** The first metric. */
  readonly value: NumberColumn;
  readonly metrics: ReadonlyMap<string, NumberColumn>;
  readonly steps: Float64Array;
  readonly rung: Int32Array;
  readonly generation: Int32Array;
  readonly parameters: ReadonlyMap<string, ParameterColumn>;
  /** Index into `batches`. */
  readonly batch: Int32Array;
  readonly batches: readonly string[];
  /** The row's share of the seconds of its batch. */
  readonly seconds: Float64Array;
};

/** An absent column of numbers. */
export function numberColumn(rows: number, kind: NumberColumn["kind"] = "real"): NumberColumn {
  return { kind, values: new Float64Array(rows).fill(Number.NaN), present: new Uint8Array(rows) };
}

/** An absent column of a parameter. */
export function parameterColumn(rows: number, parameter: Parameter): ParameterColumn {
  if (parameter.kind === "choice") {
    const choices = parameter.values;
    return { kind: "choice", codes: new Int32Array(rows).fill(-1), choices };
  }
  return numberColumn(rows, parameter.kind === "integer" ? "integer" : "real");
}

/** Puts a number into a column; nothing for null. */
export function setNumber(column: NumberColumn, at: number, value: number | null): void {
  if (value === null) return;
  column.values[at] = value;
  column.present[at] = 1;
}

/** Puts the value of a parameter into a column; nothing for null, be it inactive or a choice. */
export function setParameter(column: ParameterColumn, at: number, value: ParameterValue): void {
  if (value === null) return;
  if (column.kind === "choice") column.codes[at] = choiceIndex(column.choices, value);
  else setNumber(column, at, typeof value === "number" ? value : null);
}

/** The value of a parameter; null where it is inactive. */
export function parameterAt(column: ParameterColumn, at: number): ParameterValue {
  if (column.kind === "choice") return column.choices[column.codes[at]!] ?? null;
  return column.present[at] === 1 ? column.values[at]! : null;
}

/** A table of `rows` rows that are still to be filled in. */
export function emptyTable(
  rows: number,
  parameters: Readonly<Record<string, Parameter>>,
  batches: readonly string[],
): Table {
  const columns = Object.keys(parameters)
    .sort()
    .map((name) => [name, parameterColumn(rows, parameters[name]!)] as const);
  return {
    rows,
    trial: new Float64Array(rows),
    status: new Uint8Array(rows),
    value: numberColumn(rows),
    metrics: new Map(),
    steps: new Float64Array(rows),
    rung: new Int32Array(rows),
    generation: new Int32Array(rows),
    parameters: new Map(columns),
    batch: new Int32Array(rows),
    batches,
    seconds: new Float64Array(rows),
  };
}

/** The column of a metric, which is made when it is met first. */
export function metricColumn(table: Table, name: string): NumberColumn {
  const metrics = table.metrics as Map<string, NumberColumn>;
  const column = metrics.get(name) ?? numberColumn(table.rows);
  metrics.set(name, column);
  return column;
}

/** Position of the first row of each trial, so that rows need no sorting. */
function firstRows(committed: CommittedSet): Int32Array {
  const end = Math.max(0, ...committed.rungs.map((rung) => committed.end(rung)));
  const first = new Int32Array(end + 1);
  for (const rung of committed.rungs) {
    for (let trial = 0; trial < end; trial++) {
      if (committed.has(rung, trial)) first[trial + 1]!++;
    }
  }
  for (let trial = 0; trial < end; trial++) first[trial + 1]! += first[trial]!;
  return first;
}

function rowsBelow(committed: CommittedSet, rung: number, trial: number): number {
  let count = 0;
  for (const lower of committed.rungs) if (lower < rung && committed.has(lower, trial)) count++;
  return count;
}

function fill(table: Table, at: number, row: Row): void {
  table.trial[at] = row.t;
  table.status[at] = STATUS_CODES.indexOf(row.s);
  table.steps[at] = row.n;
  setNumber(table.value, at, row.v);
  for (const name in row.m) setNumber(metricColumn(table, name), at, row.m[name]!);
  for (const [name, column] of table.parameters) setParameter(column, at, row.p[name] ?? null);
}

/**
 * All rows that count, read batch after batch, every byte checked.
 *
 * @throws DataError where a batch is damaged
 */
export function readTable(store: Store): Table {
  const { committed, batches } = store.scan();
  const first = firstRows(committed);
  const ids = [...batches.keys()].sort();
  const table = emptyTable(first.at(-1) ?? 0, store.lock.study.parameters, ids);
  for (const [index, id] of ids.entries()) {
    const { rung, generation, seconds, rows } = batches.get(id)!.header;
    for (const row of store.rows(id)) {
      if (committed.batch(rung, row.t) !== id) continue;
      const at = first[row.t]! + rowsBelow(committed, rung, row.t);
      fill(table, at, row);
      table.rung[at] = rung;
      table.generation[at] = generation;
      table.batch[at] = index;
      table.seconds[at] = seconds / rows;
    }
  }
  return table;
}
