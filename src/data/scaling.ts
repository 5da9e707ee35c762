// Columns of numbers as angles and back: θ = π (m + (1 − 2m)(x − min)/(max − min)), m the margin.

import { DataError } from "../errors.js";

/** The scaling of one column. */
export type ColumnScale = {
  readonly min: number;
  readonly max: number;
  /** Fraction of [0, π] left free on each side. */
  readonly margin: number;
};

/**
 * Fits the scaling of a column to its training rows, which then fill [mπ, (1 − m)π].
 *
 * @param where - name of the file, for errors
 * @param column - name and values
 * @param rows - the training rows
 * @param margin - m
 * @returns the scaling
 * @throws DataError if the column is constant in these rows
 */
export function fitScale(
  where: string,
  column: { readonly name: string; readonly values: Float64Array },
  rows: Int32Array,
  margin: number,
): ColumnScale {
  let [min, max] = [Infinity, -Infinity];
  for (const row of rows) {
    min = Math.min(min, column.values[row]!);
    max = Math.max(max, column.values[row]!);
  }
  if (max - min > 0 && max - min < Infinity) return { min, max, margin };
  throw new DataError(
    `${where}: column "${column.name}" must vary within a finite range, but reaches from ${min} to ${max} ` +
      `in the ${rows.length} training rows. Name the columns to use without it.`,
  );
}

/** The scaling of a column that holds angles already: θ = x. */
export function noScale(): ColumnScale {
  return { min: 0, max: Math.PI, margin: 0 };
}

/** The angle of a value, clipped to [0, π]. */
export function toAngle(scale: ColumnScale, value: number): number {
  return Math.min(Math.max(unclippedAngle(scale, value), 0), Math.PI);
}

/** Whether the angle of a value has to be clipped. */
export function isClipped(scale: ColumnScale, value: number): boolean {
  const angle = unclippedAngle(scale, value);
  return angle < 0 || angle > Math.PI;
}

/** The value of an angle: the inverse of the scaling, also outside [0, π]. */
export function toValue({ min, max, margin }: ColumnScale, angle: number): number {
  return min + ((angle / Math.PI - margin) / (1 - 2 * margin)) * (max - min);
}

/**
 * The step between neighbouring float32 numbers near the column's values, as a fraction of its range: what
 * is lost when values are written in single precision.
 */
export function singlePrecisionStep({ min, max }: ColumnScale): number {
  return (Math.max(Math.abs(min), Math.abs(max)) * 2 ** -23) / (max - min);
}

function unclippedAngle({ min, max, margin }: ColumnScale, value: number): number {
  return Math.PI * (margin + ((1 - 2 * margin) * (value - min)) / (max - min));
}
