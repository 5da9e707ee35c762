// The squared maximum mean discrepancy with Gaussian kernels, and the median heuristic for their width.

import { ArgumentError } from "../errors.js";
import { checkPoints, checkPositive, checkSameWidth, type Points } from "./samples.js";
import { squaredDistance } from "./squared-distance.js";

/** Kernel widths and estimator of `mmd2`. */
export type MmdOptions = {
  /** Width σ of the kernel `exp(−|x − y|²/2σ²)`, or several: the kernels are then added. */
  readonly sigma: number | readonly number[];
  /** `"biased"` (default, ≥ 0) keeps the pairs i = j; `"unbiased"` leaves them out and can be negative. */
  readonly estimator?: "biased" | "unbiased";
};

/**
 * Squared maximum mean discrepancy `E k(x,x') + E k(y,y') − 2 E k(x,y)` with Gaussian kernels.
 * Cost O((n + m)² · width) per kernel.
 *
 * @param x - n points
 * @param y - m points of the same width
 * @param options - kernel widths and estimator
 * @returns MMD²; at most 2 per kernel
 * @throws ShapeError if the widths differ; ArgumentError for an empty or non-finite set, a width σ ≤ 0, or
 *   a single point with the unbiased estimator
 */
export function mmd2(x: Points, y: Points, options: MmdOptions): number {
  const [n, m] = checkPair("mmd2", x, y);
  const sigmas = typeof options.sigma === "number" ? [options.sigma] : options.sigma;
  if (sigmas.length === 0) {
    throw new ArgumentError("mmd2: argument `sigma` must name at least one width, but is empty.");
  }
  for (const sigma of sigmas) checkPositive("mmd2", "sigma", sigma);
  const unbiased = options.estimator === "unbiased";
  if (unbiased && Math.min(n, m) < 2) {
    throw new ArgumentError(
      "mmd2: arguments `x` and `y` must hold at least 2 points each for the unbiased estimator, " +
        `but hold ${n} and ${m}.`,
    );
  }
  const a = Float64Array.from(x.values);
  const b = Float64Array.from(y.values);
  const kernel = sumOfKernels(sigmas);
  const within = (points: Float64Array): number =>
    meanKernelWithin(points, x.width, kernel, unbiased ? 0 : sigmas.length);
  return within(a) + within(b) - 2 * meanKernelBetween(a, b, x.width, kernel);
}

/**
 * The median heuristic for the width of a kernel: the median distance of all pairs i < j of the pooled
 * points. Cost and memory O((n + m)²): give it at most a few thousand points.
 *
 * @param x - points
 * @param y - points of the same width
 * @returns the median distance
 * @throws ShapeError if the widths differ; ArgumentError for an empty or non-finite set
 */
export function medianHeuristic(x: Points, y: Points): number {
  const [n, m] = checkPair("medianHeuristic", x, y);
  const pooled = new Float64Array((n + m) * x.width);
  pooled.set(x.values);
  pooled.set(y.values, n * x.width);
  const distances = pairDistances(pooled, x.width).sort();
  const middle = distances.length >> 1;
  const upper = distances[middle]!;
  return distances.length % 2 === 1 ? upper : (upper + distances[middle - 1]!) / 2;
}

function checkPair(where: string, x: Points, y: Points): [number, number] {
  const n = checkPoints(where, "x", x);
  const m = checkPoints(where, "y", y);
  checkSameWidth(where, ["x", "y"], x, y);
  return [n, m];
}

type Kernel = (squaredDistance: number) => number;

function sumOfKernels(sigmas: readonly number[]): Kernel {
  const rates = sigmas.map((sigma) => -1 / (2 * sigma * sigma));
  return (squared) => {
    let sum = 0;
    for (const rate of rates) sum += Math.exp(rate * squared);
    return sum;
  };
}

/** Mean over all pairs with `diagonal = k(0)`, over the pairs i ≠ j with `diagonal = 0`. */
function meanKernelWithin(
  points: Float64Array,
  width: number,
  kernel: Kernel,
  diagonal: number,
): number {
  const n = points.length / width;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) sum += kernel(squaredDistance(points, i, points, j, width));
  }
  return diagonal > 0 ? (2 * sum + n * diagonal) / (n * n) : (2 * sum) / (n * (n - 1));
}

function meanKernelBetween(
  a: Float64Array,
  b: Float64Array,
  width: number,
  kernel: Kernel,
): number {
  const [n, m] = [a.length / width, b.length / width];
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) sum += kernel(squaredDistance(a, i, b, j, width));
  }
  return sum / (n * m);
}

function pairDistances(points: Float64Array, width: number): Float64Array {
  const n = points.length / width;
  const distances = new Float64Array((n * (n - 1)) / 2);
  let pair = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      distances[pair++] = Math.sqrt(squaredDistance(points, i, points, j, width));
    }
  }
  return distances;
}
