// Reading finished points: the rows of a question, and the samples of one point. Knows the store's records only.

import type { Row } from "../harness.js";
import type { PointRecord } from "../campaign/store.js";

/** A value of a row that is a number; NaN where it is none, so that no comparison holds. */
export function numberOf(row: Row, column: string): number {
  const value = row[column];
  return typeof value === "number" ? value : NaN;
}

/** All rows of a question. */
export function rowsOf(records: readonly PointRecord[], question: string): Row[] {
  return records.filter((one) => one.question === question).flatMap(({ rows }) => rows);
}

/** Whether a row has these values. */
export function matches(row: Row, wanted: Row): boolean {
  return Object.entries(wanted).every(([key, value]) => row[key] === value);
}

/** The rows with these values. */
export function select(rows: readonly Row[], wanted: Row): Row[] {
  return rows.filter((row) => matches(row, wanted));
}

/** Points that gave no numbers, as rows that say why. */
export function withoutNumbers(records: readonly PointRecord[], question: string): Row[] {
  return records
    .filter((one) => one.question === question && one.status !== "done")
    .map(({ spec, status, reason }) => ({ ...spec, status, reason: reason ?? "" }));
}

/** The different values of a column, numbers ascending. */
export function valuesOf(rows: readonly Row[], column: string): (string | number)[] {
  const values = [...new Set(rows.map((row) => row[column]))].filter(
    (value) => typeof value === "string" || typeof value === "number",
  );
  return values.sort((a, b) => (typeof a === "number" && typeof b === "number" ? a - b : 0));
}
