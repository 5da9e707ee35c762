// Mean and covariance of points that come in parts, in float64. Nothing is kept of the points themselves.

import { ArgumentError, ShapeError } from "../errors.js";
import { checkSamples } from "./samples.js";

/** The first two moments of a set of points. */
export type FeatureMoments = {
  /** Number of points. */
  readonly count: number;
  /** Coordinates of a point. */
  readonly width: number;
  /** `[width]`. */
  readonly mean: Float64Array;
  /** `[width, width]`, row-major, with divisor `count − 1`. */
  readonly covariance: Float64Array;
};

/** Moments that grow with every part. */
export type RunningMoments = {
  /**
   * Takes in more points.
   *
   * @param values - row-major, whole points
   * @throws ShapeError if they are no whole points; ArgumentError if one is not finite
   */
  add(values: ArrayLike<number>): void;
  /**
   * The moments of all points so far.
   *
   * @throws ArgumentError with fewer than two points
   */
  moments(): FeatureMoments;
};

/**
 * Starts the moments of points of a width. Sums are taken about the mean of the first part, so that a mean far from 0
 * costs no digits of the covariance. Cost O(n · width²).
 *
 * @param width - coordinates of a point
 * @throws ArgumentError if `width` is not a positive integer
 */
export function runningMoments(width: number): RunningMoments {
  if (!Number.isInteger(width) || width < 1) {
    throw new ArgumentError(
      `runningMoments: argument \`width\` must be a positive integer, but is ${width}.`,
    );
  }
  const sum = new Float64Array(width);
  const products = new Float64Array(width * width);
  let origin: Float64Array | undefined;
  let count = 0;
  return {
    add(values) {
      checkPart(values, width);
      if (values.length === 0) return;
      origin ??= meanOf(values, width);
      addProducts(values, origin, sum, products);
      count += values.length / width;
    },
    moments: () => finished(count, origin, sum, products),
  };
}

function checkPart(values: ArrayLike<number>, width: number): void {
  if (values.length === 0) return;
  checkSamples("runningMoments", "values", values);
  if (values.length % width === 0) return;
  throw new ShapeError(
    `runningMoments: argument \`values\` must hold whole points of width ${width}, but has ${values.length} entries.`,
  );
}

function meanOf(values: ArrayLike<number>, width: number): Float64Array {
  const mean = new Float64Array(width);
  const weight = width / values.length;
  for (let at = 0; at < values.length; at++) mean[at % width]! += weight * values[at]!;
  return mean;
}

/** Adds `x − origin` and the lower triangle of `(x − origin)(x − origin)ᵀ` for every point. */
function addProducts(
  values: ArrayLike<number>,
  origin: Float64Array,
  sum: Float64Array,
  products: Float64Array,
): void {
  const width = origin.length;
  const x = new Float64Array(width);
  for (let first = 0; first < values.length; first += width) {
    for (let i = 0; i < width; i++) sum[i]! += x[i] = values[first + i]! - origin[i]!;
    for (let i = 0; i < width; i++) {
      const factor = x[i]!;
      // Features behind a ReLU are often 0.
      if (factor === 0) continue;
      for (let j = 0, at = i * width; j <= i; j++) products[at + j]! += factor * x[j]!;
    }
  }
}

function finished(
  count: number,
  origin: Float64Array | undefined,
  sum: Float64Array,
  products: Float64Array,
): FeatureMoments {
  if (origin === undefined || count < 2) {
    throw new ArgumentError(
      `runningMoments: a covariance must have at least two points, but has ${count}.`,
    );
  }
  const width = origin.length;
  const covariance = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      const value = (products[i * width + j]! - (sum[i]! * sum[j]!) / count) / (count - 1);
      covariance[i * width + j] = covariance[j * width + i] = value;
    }
  }
  return { count, width, mean: origin.map((value, i) => value + sum[i]! / count), covariance };
}
