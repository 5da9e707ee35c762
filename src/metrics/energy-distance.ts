// The squared energy distance of two sets of points.

import { forEachCdfStep } from "./cdf-steps.js";
import { checkPoints, checkSameWidth, type Points } from "./samples.js";
import { squaredDistance } from "./squared-distance.js";

/**
 * Squared energy distance `2E|x − y| − E|x − x'| − E|y − y'|`, means over all pairs (i = j included).
 * Cost O((n + m)² · width); in one dimension `2 ∫ (F_x − F_y)²`, O(n log n).
 *
 * @param x - n points
 * @param y - m points of the same width
 * @returns the squared distance, ≥ 0 and 0 only for equal sets
 * @throws ShapeError if the widths differ; ArgumentError for an empty or non-finite set
 */
export function energyDistance2(x: Points, y: Points): number {
  checkPoints("energyDistance2", "x", x);
  checkPoints("energyDistance2", "y", y);
  checkSameWidth("energyDistance2", ["x", "y"], x, y);
  const a = Float64Array.from(x.values);
  const b = Float64Array.from(y.values);
  return x.width === 1 ? onTheLine(a, b) : fromPairs(a, b, x.width);
}

function onTheLine(a: Float64Array, b: Float64Array): number {
  let integral = 0;
  forEachCdfStep(a.sort(), b.sort(), (difference, length) => {
    integral += difference * difference * length;
  });
  return 2 * integral;
}

function fromPairs(a: Float64Array, b: Float64Array, width: number): number {
  const [n, m] = [a.length / width, b.length / width];
  let between = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) between += Math.sqrt(squaredDistance(a, i, b, j, width));
  }
  const squared = (2 * between) / (n * m) - meanWithin(a, width) - meanWithin(b, width);
  return Math.max(squared, 0);
}

function meanWithin(points: Float64Array, width: number): number {
  const n = points.length / width;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) sum += Math.sqrt(squaredDistance(points, i, points, j, width));
  }
  return (2 * sum) / (n * n);
}
