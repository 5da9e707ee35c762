// Reads CSV text into columns of numbers. Which columns and rows are used is not decided here, and files
// are read elsewhere.

import { cleanText, detectDelimiter, forEachRecord, type Delimiter } from "./csv-records.js";
import { DataError } from "../errors.js";

/** A column: its numbers, and what in it is no number. */
export type CsvColumn = {
  readonly name: string;
  /** One entry per row; NaN where the cell is missing or text. */
  readonly values: Float64Array;
  /** How many cells are numbers. */
  readonly numbers: number;
  /** How many cells are missing. */
  readonly missing: number;
  /** The first cell that is neither a number nor missing. */
  readonly text: { readonly line: number; readonly cell: string } | null;
};

/** A CSV file as columns. */
export type CsvTable = {
  readonly columns: readonly CsvColumn[];
  readonly rows: number;
  /** The line of the text on which each row starts, counted from 1. */
  readonly lines: Int32Array;
  readonly delimiter: Delimiter;
  /** Whether the first record was taken as names. */
  readonly header: boolean;
  /** Skipped lines that start with "#". */
  readonly comments: number;
};

/** How CSV text is read. */
export type CsvOptions = {
  /** Name of the file, for errors. Default `"csv"`. */
  readonly name?: string;
  /** Default: detected. */
  readonly delimiter?: Delimiter;
  /** Whether the first record holds names. Default: yes, if no cell of it is a number. */
  readonly header?: boolean;
};

type GrowingColumn = { -readonly [Key in keyof CsvColumn]: CsvColumn[Key] };
type GrowingTable = {
  columns: GrowingColumn[];
  header: boolean;
  rows: number;
  readonly lines: Int32Array;
};

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const MISSING = new Set(["", "na", "n/a", "nan", "null", "none", "?"]);

/**
 * Parses CSV text: RFC 4180 quoting; comma, semicolon or tab; any line ending; byte-order mark; "#"
 * comments; names in the first record or none. Numbers have decimal points. Cells that are empty or read
 * NA, N/A, NaN, null, None or ? are missing. About a second for a million rows of five columns.
 *
 * @param text - the whole file
 * @param options - name for errors; delimiter and header where detection should not decide
 * @returns the columns, with line numbers
 * @throws DataError, naming the line and column, for records of unequal length, bad quoting, repeated
 *   names, or a file without rows
 */
export function parseCsv(text: string, options: CsvOptions = {}): CsvTable {
  const { name = "csv" } = options;
  const clean = cleanText(text);
  const delimiter = options.delimiter ?? detectDelimiter(clean);
  const table: GrowingTable = {
    columns: [],
    header: false,
    rows: 0,
    lines: new Int32Array(capacityOf(clean)),
  };
  const comments = forEachRecord(clean, delimiter, name, (fields, line) => {
    const first = table.columns.length === 0;
    if (first) nameColumns(table, fields, options.header ?? isHeader(fields), name);
    if (!(first && table.header)) addRow(table, fields, line, name);
  });
  if (table.rows === 0) throw new DataError(`${name}: must hold rows of numbers, but has none.`);
  return { ...trimmed(table), delimiter, comments };
}

/** At least the number of records: one more than there are newlines. */
function capacityOf(text: string): number {
  let count = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function isHeader(fields: readonly string[]): boolean {
  return (
    !fields.some((field) => NUMBER.test(field.trim())) && fields.some((field) => !isMissing(field))
  );
}

/** Gives a table its columns, by the names in its first record or by their numbers. */
function nameColumns(
  table: GrowingTable,
  fields: readonly string[],
  header: boolean,
  file: string,
): void {
  const names = fields.map((field, c) => (header && field.trim()) || `column_${c + 1}`);
  const repeated = names.find((name, c) => names.indexOf(name) < c);
  if (repeated !== undefined) {
    throw new DataError(
      `${file}: column names must be distinct, but "${repeated}" occurs more than once.`,
    );
  }
  const capacity = table.lines.length;
  table.header = header;
  table.columns = names.map((name) => ({
    name,
    values: new Float64Array(capacity),
    numbers: 0,
    missing: 0,
    text: null,
  }));
}

function addRow(table: GrowingTable, fields: readonly string[], line: number, file: string): void {
  const { columns, rows, lines } = table;
  checkWidth(file, line, columns.length, fields.length);
  for (let c = 0; c < columns.length; c++) addCell(columns[c]!, rows, fields[c]!, line);
  lines[rows] = line;
  table.rows = rows + 1;
}

/** The table without the room to grow. */
function trimmed({
  columns,
  header,
  rows,
  lines,
}: GrowingTable): Pick<CsvTable, "columns" | "header" | "rows" | "lines"> {
  return {
    columns: columns.map((column) => ({ ...column, values: column.values.subarray(0, rows) })),
    header,
    rows,
    lines: lines.subarray(0, rows),
  };
}

function checkWidth(name: string, line: number, expected: number, found: number): void {
  if (found === expected) return;
  throw new DataError(
    `${name}: line ${line} must have ${expected} field${expected === 1 ? "" : "s"}, but has ${found}.`,
  );
}

function addCell(column: GrowingColumn, row: number, field: string, line: number): void {
  const cell = field.trim();
  const value = NUMBER.test(cell) ? Number(cell) : NaN;
  if (Number.isFinite(value)) {
    column.values[row] = value;
    column.numbers++;
    return;
  }
  column.values[row] = NaN;
  if (isMissing(cell)) column.missing++;
  else column.text ??= { line, cell };
}

function isMissing(field: string): boolean {
  return MISSING.has(field.trim().toLowerCase());
}
