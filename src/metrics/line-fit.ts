// Least squares of a straight line.

import { ArgumentError } from "../errors.js";
import { checkSameLength, checkSamples } from "./samples.js";

/** The line `y = slope·x + intercept` and how well it fits. */
export type LineFit = {
  readonly slope: number;
  readonly intercept: number;
  /** Standard deviation of the residuals, with n − 2 degrees of freedom. */
  readonly residualStd: number;
  /** Pearson's correlation of x and y. */
  readonly r: number;
};

/**
 * Fits `y = slope·x + intercept` by least squares.
 *
 * A sample without spread has no line: if all `x` are equal, every part of the result is NaN; if all `y`
 * are equal, `r` is.
 *
 * @param x - n abscissae
 * @param y - n ordinates
 * @returns slope, intercept, standard deviation of the residuals, correlation
 * @throws ShapeError if the lengths differ; ArgumentError if n < 3 or a number is not finite
 */
export function lineFit(x: ArrayLike<number>, y: ArrayLike<number>): LineFit {
  checkSameLength("lineFit", ["x", "y"], x, y);
  checkSamples("lineFit", "x", x);
  checkSamples("lineFit", "y", y);
  if (x.length < 3) {
    throw new ArgumentError(
      `lineFit: argument \`x\` must hold at least 3 samples, but holds ${x.length}.`,
    );
  }
  const [xMean, yMean] = [mean(x), mean(y)];
  const [xx, xy, yy] = centredSums(x, y, xMean, yMean);
  const slope = xx === 0 ? NaN : xy / xx;
  const intercept = yMean - slope * xMean;
  return {
    slope,
    intercept,
    residualStd: Math.sqrt(squaredResiduals(x, y, slope, intercept) / (x.length - 2)),
    r: xx === 0 || yy === 0 ? NaN : xy / Math.sqrt(xx * yy),
  };
}

/** Summed as differences from the first value, so that equal values have exactly their own mean, and no spread. */
function mean(x: ArrayLike<number>): number {
  const first = x[0]!;
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! - first;
  return first + sum / x.length;
}

function centredSums(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  xMean: number,
  yMean: number,
): [number, number, number] {
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const u = x[i]! - xMean;
    const v = y[i]! - yMean;
    xx += u * u;
    xy += u * v;
    yy += v * v;
  }
  return [xx, xy, yy];
}

function squaredResiduals(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  slope: number,
  intercept: number,
): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const residual = y[i]! - slope * x[i]! - intercept;
    sum += residual * residual;
  }
  return sum;
}
