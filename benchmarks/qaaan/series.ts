// The finished trainings of the acceptance as series over seeds: one for each row, number of steps and score.

import type { PointRecord } from "../campaign/store.js";
import type { Row } from "../harness.js";
import type { Part, Training, TrainingRow } from "./rows.js";

/** All finished trainings of one row. */
export type RowRecords = {
  readonly row: TrainingRow;
  readonly records: readonly { readonly seed: number; readonly record: PointRecord }[];
};

/**
 * Whether two rows are the same training: the headline is part of the table, and a shorter training is the beginning of a longer
 * one, since no rate changes on the way.
 */
function keyOf({ part: _, steps: __, ...row }: TrainingRow): string {
  return JSON.stringify(row);
}

/** Finished trainings by row, in the order in which rows were begun. */
export function byRow(records: readonly PointRecord[], parts: readonly Part[]): RowRecords[] {
  const rows = new Map<string, { row: TrainingRow; records: RowRecords["records"][number][] }>();
  for (const record of records) {
    const { seed, ...row } = record.spec as unknown as Training;
    if (record.status !== "done" || !parts.includes(row.part)) continue;
    const known = rows.get(keyOf(row)) ?? { row, records: [] };
    known.records.push({ seed, record });
    rows.set(keyOf(row), known);
  }
  return [...rows.values()];
}

/** Numbers of steps at which any of the rows was scored, rising. */
export function stepsOf(rows: readonly RowRecords[]): number[] {
  const all = rows.flatMap(({ records }) => records.flatMap(({ record }) => record.rows));
  return [...new Set(all.map((row) => row["steps"] as number))].sort((a, b) => a - b);
}

/** What was measured of a training after so many steps. */
function rowAt({ rows }: PointRecord, steps: number): Row | undefined {
  return rows.find((row) => row["steps"] === steps);
}

/** One number of every seed after so many steps. */
export function valuesOf(of: RowRecords, steps: number, name: string): Map<number, number> {
  const found = of.records.flatMap(({ seed, record }): [number, number][] => {
    const value = rowAt(record, steps)?.[name];
    return typeof value === "number" && Number.isFinite(value) ? [[seed, value]] : [];
  });
  return new Map(found.sort(([a], [b]) => a - b));
}

/** The row that has all these fields, if it was trained. */
export function find(
  rows: readonly RowRecords[],
  wanted: Partial<TrainingRow>,
): RowRecords | undefined {
  const entries = Object.entries(wanted) as [keyof TrainingRow, unknown][];
  return rows.find(({ row }) => entries.every(([key, value]) => row[key] === value));
}
