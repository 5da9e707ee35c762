// Sentences about how a CSV file was split and scaled.

import type { CsvColumn } from "./csv.js";
import { isClipped, singlePrecisionStep, type ColumnScale } from "./scaling.js";
import type { SplitRows } from "./splits.js";

/** Held-out splits smaller than this get a warning: distances between them are mostly noise. */
const SMALL_SPLIT = 1000;

/** How many rows train, and how many are held out. */
export function describeSplit({ training, test }: SplitRows, seed: number): string {
  const warning =
    test.length < SMALL_SPLIT
      ? " Held-out samples this small are far from each other: read every distance beside its floor."
      : "";
  return (
    `Split at random (seed ${seed}): ${training.length} rows for training, ${test.length} each for ` +
    `validation, test and floor.${warning}`
  );
}

/** For every column its range, how many held-out values were clipped, and a loss of precision. */
export function describeScales(
  columns: readonly CsvColumn[],
  scales: readonly ColumnScale[],
  { validation, test, floor }: SplitRows,
): string[] {
  return columns.flatMap((column, c) => {
    const scale = scales[c]!;
    return [
      describeRange(column.name, scale),
      ...describeClipped(column, scale, [validation, test, floor]),
      ...describePrecision(column.name, scale),
    ];
  });
}

function describeRange(name: string, { min, max, margin }: ColumnScale): string {
  const [lo, hi] = [margin, 1 - margin].map((part) => `${short(part)}π`);
  return `${name}: the range of the training rows, [${short(min)}, ${short(max)}], became [${lo}, ${hi}].`;
}

function describeClipped(
  column: CsvColumn,
  scale: ColumnScale,
  held: readonly Int32Array[],
): string[] {
  let [clipped, total] = [0, 0];
  for (const rows of held) {
    clipped += rows.filter((row) => isClipped(scale, column.values[row]!)).length;
    total += rows.length;
  }
  if (clipped === 0) return [];
  return [
    `${column.name}: ${clipped} of ${total} held-out values lay outside [0, π], and were clipped.`,
  ];
}

function describePrecision(name: string, scale: ColumnScale): string[] {
  const step = singlePrecisionStep(scale);
  if (step < 1e-4) return [];
  return [
    `${name}: its values are large beside their range; samples, written in single precision, resolve ` +
      `only ${short(step)} of it. Subtract an offset from the column.`,
  ];
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}
