// A CSV file as a source of angles: selected, split and scaled. Reading the file is the caller's part.

import { checkCount } from "./checks.js";
import { describeScales, describeSplit } from "./csv-report.js";
import { selectCsv, type CsvSelection } from "./csv-selection.js";
import { parseCsv, type CsvColumn, type CsvTable } from "./csv.js";
import { ArgumentError, DataError } from "../errors.js";
import { fixedRows } from "./fixed-rows.js";
import { fitScale, noScale, toAngle, toValue, type ColumnScale } from "./scaling.js";
import { shuffled, splitRows, type SplitRows } from "./splits.js";
import type { AngleSource, Split } from "./source.js";

/** How a CSV file becomes angles. */
export type CsvSourceOptions = {
  /** Name of the file, for errors and the report. Default `"csv"`. */
  readonly name?: string;
  /** Columns to use, by name; null (default): all that hold numbers. */
  readonly columns?: readonly string[] | null;
  /** Fraction of [0, π] left free on each side of the training rows. Default 0.05. */
  readonly margin?: number;
  /** Seed of the split, which the seeds of training do not change. Default 0. */
  readonly seed?: number;
  /** False: the columns hold angles in [0, π] already, and are used as they are. Default true. */
  readonly scale?: boolean;
};

/** With fewer complete rows the held-out splits are too small to say anything. */
const FEWEST_ROWS = 100;

/** How far outside [0, π] an unscaled angle may lie: float32 π is 9e-8 too large. */
const ROUNDING = 1e-6;

/**
 * A CSV file as a source of angles.
 *
 * Rows are split at random: 70 % for training, 10 % each for validation, test and floor. Each column is
 * scaled by the range of its training rows alone, so that nothing of the held-out rows is seen; held-out
 * values that this puts outside [0, π] (beyond the margin) are clipped, and counted in the report. Batches
 * draw training rows with replacement.
 *
 * @param text - the whole file; see `parseCsv` for the format
 * @param options - columns, margin, seed of the split
 * @returns a source with one angle per column
 * @throws DataError, naming line and column, for unreadable text, unknown, constant or non-numeric
 *   columns, fewer than 100 complete rows, or, with `scale: false`, numbers outside [0, π]; ArgumentError
 *   if `margin` lies outside [0, ½)
 */
export function csvSource(text: string, options: CsvSourceOptions = {}): AngleSource {
  const { name = "csv", columns = null, margin = 0.05, seed = 0, scale = true } = options;
  checkMargin(margin);
  const table = parseCsv(text, { name });
  const selection = selectCsv(name, table, columns);
  checkEnough(name, selection.rows.length);
  const splits = splitRows(selection.rows, seed);
  const scales = selection.columns.map((column) =>
    scale
      ? fitScale(name, column, splits.training, margin)
      : checkedAngles(name, table, column, selection.rows),
  );
  return sourceOf(selection, splits, scales, [
    ...selection.report,
    describeSplit(splits, seed),
    ...(scale ? describeScales(selection.columns, scales, splits) : []),
  ]);
}

function sourceOf(
  { columns }: CsvSelection,
  splits: SplitRows,
  scales: readonly ColumnScale[],
  report: readonly string[],
): AngleSource {
  const width = columns.length;
  const angles = (rows: Int32Array): Float32Array => anglesOf(columns, scales, rows);
  const training = fixedRows(angles(splits.training), width);
  return {
    columns: columns.map(({ name }) => name),
    batch: training.batch,
    held: (split, n, seed) => angles(subset(splits[split], split, n, seed)),
    toUnits: (values) => values.map((angle, i) => toValue(scales[i % width]!, angle)),
    report,
    dispose: training.dispose,
  };
}

function checkMargin(margin: number): void {
  if (margin >= 0 && margin < 0.5) return;
  throw new ArgumentError(`csvSource: argument \`margin\` must lie in [0, 0.5), but is ${margin}.`);
}

function checkEnough(name: string, complete: number): void {
  if (complete >= FEWEST_ROWS) return;
  throw new DataError(
    `${name}: must have at least ${FEWEST_ROWS} complete rows, but has ${complete}. ` +
      "Rows with a missing value in a used column do not count.",
  );
}

/** The identity as a scaling, after a check that a column holds angles. */
function checkedAngles(
  name: string,
  table: CsvTable,
  column: CsvColumn,
  rows: Int32Array,
): ColumnScale {
  const isAngle = (x: number): boolean => x >= -ROUNDING && x <= Math.PI + ROUNDING;
  const bad = rows.find((row) => !isAngle(column.values[row]!));
  if (bad === undefined) return noScale();
  throw new DataError(
    `${name}: line ${table.lines[bad]!}, column "${column.name}" must be an angle in [0, π], ` +
      `but is ${column.values[bad]!}. Let the column be scaled, or correct the file.`,
  );
}

/** Row-major angles of some rows. */
function anglesOf(
  columns: readonly CsvColumn[],
  scales: readonly ColumnScale[],
  rows: Int32Array,
): Float32Array {
  const width = columns.length;
  const angles = new Float32Array(rows.length * width);
  columns.forEach(({ values }, c) => {
    const scale = scales[c]!;
    for (let i = 0; i < rows.length; i++) angles[i * width + c] = toAngle(scale, values[rows[i]!]!);
  });
  return angles;
}

/** All rows of a split, or n of them, chosen by the seed. */
function subset(rows: Int32Array, split: Split, n: number, seed: number): Int32Array {
  checkCount("held", "n", n, 1);
  if (n >= rows.length) return rows;
  return shuffled(rows, `${split} ${seed}`).subarray(0, n);
}
