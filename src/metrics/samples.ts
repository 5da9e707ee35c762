// Checks that the measures share: one-dimensional samples and sets of points. No measure lives here.

import { ArgumentError, ShapeError } from "../errors.js";

/** Points of any dimension: row-major numbers, `width` of them a point. */
export type Points = {
  readonly values: ArrayLike<number>;
  /** Coordinates (features) of a point. */
  readonly width: number;
};

/** Throws unless `x` holds at least one number and all of them are finite. */
export function checkSamples(where: string, name: string, x: ArrayLike<number>): void {
  if (x.length === 0) {
    throw new ArgumentError(`${where}: argument \`${name}\` must hold samples, but is empty.`);
  }
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i])) throw notFinite(where, name, x, i);
  }
}

/** A sorted float64 copy of checked samples. */
export function sortedSamples(where: string, name: string, x: ArrayLike<number>): Float64Array {
  checkSamples(where, name, x);
  return Float64Array.from(x).sort();
}

/** Throws unless both arrays have the same length. */
export function checkSameLength(
  where: string,
  names: readonly [string, string],
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): void {
  if (x.length === y.length) return;
  throw new ShapeError(
    `${where}: arguments \`${names[0]}\` and \`${names[1]}\` must have the same length, ` +
      `but have ${x.length} and ${y.length} entries.`,
  );
}

/** Number of points of a checked set: finite coordinates, at least one point, whole rows. */
export function checkPoints(where: string, name: string, points: Points): number {
  const { values, width } = points;
  if (!Number.isInteger(width) || width < 1) {
    throw new ArgumentError(
      `${where}: argument \`${name}.width\` must be a positive integer, but is ${width}.`,
    );
  }
  if (values.length % width !== 0) {
    throw new ShapeError(
      `${where}: argument \`${name}.values\` must hold whole points of width ${width}, ` +
        `but has ${values.length} entries.`,
    );
  }
  checkSamples(where, `${name}.values`, values);
  return values.length / width;
}

/** Throws unless both sets of points have the same width. */
export function checkSameWidth(
  where: string,
  names: readonly [string, string],
  x: Points,
  y: Points,
): void {
  if (x.width === y.width) return;
  throw new ShapeError(
    `${where}: arguments \`${names[0]}\` and \`${names[1]}\` must have the same width, ` +
      `but have ${x.width} and ${y.width}.`,
  );
}

/** Throws unless `value` is a positive finite number. */
export function checkPositive(where: string, name: string, value: number): void {
  if (value > 0 && Number.isFinite(value)) return;
  throw new ArgumentError(
    `${where}: argument \`${name}\` must be a positive number, but is ${value}.`,
  );
}

function notFinite(where: string, name: string, x: ArrayLike<number>, i: number): ArgumentError {
  return new ArgumentError(
    `${where}: argument \`${name}\` must hold finite numbers, ` +
      `but \`${name}[${i}]\` is ${x[i]}.`,
  );
}
