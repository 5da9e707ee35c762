// Which columns and rows of a CSV file are learned from: named or all numeric columns, complete rows.

import { DataError } from "../errors.js";
import type { CsvColumn, CsvTable } from "./csv.js";

/** The columns and rows that are used, and sentences about those that are not. */
export type CsvSelection = {
  readonly columns: readonly CsvColumn[];
  /** Indices of the rows without missing values in these columns. */
  readonly rows: Int32Array;
  readonly report: readonly string[];
};

/**
 * Chooses columns by name, or all that hold numbers, and the rows that are complete in them.
 *
 * A column without any number (labels) is left out when no names are given; one that mixes numbers and
 * text is an error, so that a typing mistake never removes a column.
 *
 * @param name - of the file, for errors and the report
 * @param table - the parsed file
 * @param names - columns to use, in this order; null: all that hold numbers
 * @returns columns, rows and report
 * @throws DataError, naming line and column, if a column is missing, not numeric or empty
 */
export function selectCsv(
  name: string,
  table: CsvTable,
  names: readonly string[] | null,
): CsvSelection {
  const columns = names === null ? numericColumns(name, table) : namedColumns(name, table, names);
  for (const column of columns) checkNumeric(name, table, column);
  const rows = completeRows(table, columns);
  return {
    columns,
    rows,
    report: [
      `${name}: ${counted(table.rows, "row")}; ${counted(columns.length, "column")} used: ${list(columns)}.`,
      ...ignoredColumns(table, columns, names === null),
      ...skippedComments(table),
      ...droppedRows(table, columns, rows.length),
    ],
  };
}

function numericColumns(name: string, table: CsvTable): CsvColumn[] {
  const columns = table.columns.filter((column) => column.numbers > 0);
  if (columns.length > 0) return columns;
  const first = table.columns[0]!;
  throw new DataError(
    `${name}: must have a column of numbers, but has none; line ${table.lines[0]!} starts with ` +
      `"${first.text?.cell ?? ""}". ${FORMAT}`,
  );
}

const FORMAT =
  "Fields are separated by comma, semicolon or tab, and numbers have decimal points: 3.14.";

function namedColumns(name: string, table: CsvTable, names: readonly string[]): CsvColumn[] {
  const repeated = names.find((wanted, i) => names.indexOf(wanted) < i);
  if (repeated !== undefined) {
    throw new DataError(`${name}: column "${repeated}" must be used once, but is named twice.`);
  }
  return names.map((wanted) => {
    const column = table.columns.find((one) => one.name === wanted);
    if (column) return column;
    throw new DataError(
      `${name}: must have a column "${wanted}", but has ${list(table.columns)}` +
        `${table.header ? "" : " (the file has no line of names)"}.`,
    );
  });
}

function checkNumeric(name: string, table: CsvTable, column: CsvColumn): void {
  const index = table.columns.indexOf(column) + 1;
  if (column.text) {
    throw new DataError(
      `${name}: line ${column.text.line}, column ${index} ("${column.name}") must be a finite number, ` +
        `but is "${column.text.cell}". ${hintFor(column.text.cell)}`,
    );
  }
  if (column.numbers === 0) {
    throw new DataError(
      `${name}: column ${index} ("${column.name}") must hold numbers, but all its values are missing.`,
    );
  }
}

function hintFor(cell: string): string {
  if (/^[+-]?\d+,\d+$/.test(cell)) return "Write decimal points, not commas.";
  return "Mark missing values by an empty field or NA, or name the columns to use without this one.";
}

function completeRows(table: CsvTable, columns: readonly CsvColumn[]): Int32Array {
  const rows = new Int32Array(table.rows);
  let count = 0;
  for (let i = 0; i < table.rows; i++) {
    if (columns.every((column) => !Number.isNaN(column.values[i]))) rows[count++] = i;
  }
  return rows.subarray(0, count);
}

function ignoredColumns(
  table: CsvTable,
  columns: readonly CsvColumn[],
  automatic: boolean,
): string[] {
  const ignored = table.columns.filter((column) => !columns.includes(column));
  if (ignored.length === 0) return [];
  const reason = automatic ? "without numbers" : "not named";
  return [`Ignored ${counted(ignored.length, "column")} ${reason}: ${list(ignored)}.`];
}

function skippedComments({ comments }: CsvTable): string[] {
  return comments === 0 ? [] : [`Skipped ${counted(comments, "comment line")}.`];
}

function droppedRows(table: CsvTable, columns: readonly CsvColumn[], complete: number): string[] {
  const dropped = table.rows - complete;
  if (dropped === 0) return [];
  const missing = columns
    .filter((column) => column.missing > 0)
    .map((column) => `${column.missing} in ${column.name}`);
  return [
    `Dropped ${dropped} of ${counted(table.rows, "row")} with missing values (${missing.join(", ")}).`,
  ];
}

function list(columns: readonly CsvColumn[]): string {
  return columns.map((column) => column.name).join(", ");
}

function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
