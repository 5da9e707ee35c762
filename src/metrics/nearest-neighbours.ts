// Precision, recall, density and coverage: how two sets of points lie in each other's balls around
// nearest neighbours (Kynkäänniemi et al., arXiv 1904.06991; Naeem et al., arXiv 2002.09797).

import { ArgumentError } from "../errors.js";
import { checkPoints, checkSameWidth, type Points } from "./samples.js";
import { squaredDistance } from "./squared-distance.js";

/** Four numbers about generated points; all are 1 (on average) for a second real sample, except coverage. */
export type NeighbourMeasures = {
  /** Fraction of generated points inside the ball of a real one. */
  readonly precision: number;
  /** Fraction of real points inside the ball of a generated one. */
  readonly recall: number;
  /** Mean number of real balls around a generated point, divided by k. */
  readonly density: number;
  /** Fraction of real points whose ball holds a generated one. */
  readonly coverage: number;
};

/**
 * Precision, recall, density and coverage. The ball of a point has as radius the distance to its k-th
 * nearest neighbour in its own set (itself excluded), and is closed. Cost O((n + m)² · width).
 *
 * @param real - n real points
 * @param generated - m generated points of the same width
 * @param options - `k`, the number of neighbours that sets the radius; below n and m
 * @returns the four measures
 * @throws ShapeError if the widths differ; ArgumentError for an empty or non-finite set, or a k that is
 *   not an integer from 1 to the smaller number of points less 1
 */
export function nearestNeighbours(
  real: Points,
  generated: Points,
  options: { readonly k: number },
): NeighbourMeasures {
  const n = checkPoints("nearestNeighbours", "real", real);
  const m = checkPoints("nearestNeighbours", "generated", generated);
  checkSameWidth("nearestNeighbours", ["real", "generated"], real, generated);
  checkK(options.k, Math.min(n, m));
  const a = Float64Array.from(real.values);
  const b = Float64Array.from(generated.values);
  return count(a, b, real.width, options.k);
}

function checkK(k: number, fewest: number): void {
  if (Number.isInteger(k) && k >= 1 && k < fewest) return;
  throw new ArgumentError(
    "nearestNeighbours: argument `k` must be an integer from 1 to the smaller number of points less 1 " +
      `(${fewest - 1}), but is ${k}.`,
  );
}

function count(a: Float64Array, b: Float64Array, width: number, k: number): NeighbourMeasures {
  const radiiA = squaredRadii(a, width, k);
  const radiiB = squaredRadii(b, width, k);
  const aIsInside = new Uint8Array(radiiA.length);
  const aIsCovered = new Uint8Array(radiiA.length);
  const bIsInside = new Uint8Array(radiiB.length);
  let hits = 0;
  for (let i = 0; i < radiiA.length; i++) {
    for (let j = 0; j < radiiB.length; j++) {
      const squared = squaredDistance(a, i, b, j, width);
      if (squared <= radiiB[j]!) aIsInside[i] = 1;
      if (squared > radiiA[i]!) continue;
      hits++;
      aIsCovered[i] = bIsInside[j] = 1;
    }
  }
  return {
    precision: fraction(bIsInside),
    recall: fraction(aIsInside),
    density: hits / (k * radiiB.length),
    coverage: fraction(aIsCovered),
  };
}

function fraction(flags: Uint8Array): number {
  return flags.reduce((sum, flag) => sum + flag, 0) / flags.length;
}

/** Squared distance of every point to its k-th nearest neighbour in the same set. */
function squaredRadii(points: Float64Array, width: number, k: number): Float64Array {
  const n = points.length / width;
  return Float64Array.from({ length: n }, (_, i) => {
    const nearest = new Float64Array(k).fill(Infinity);
    for (let j = 0; j < n; j++) {
      if (j !== i) keepSmallest(nearest, squaredDistance(points, i, points, j, width));
    }
    return nearest[k - 1]!;
  });
}

/** Inserts a value into an ascending list of fixed length, whose largest entry falls out. */
function keepSmallest(ascending: Float64Array, value: number): void {
  let place = ascending.length - 1;
  if (value >= ascending[place]!) return;
  for (; place > 0 && ascending[place - 1]! > value; place--) {
    ascending[place] = ascending[place - 1]!;
  }
  ascending[place] = value;
}
