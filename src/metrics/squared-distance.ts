// Squared Euclidean distances between points of row-major sets. No checks: the callers made them.

/**
 * `|x_i − y_j|²`.
 *
 * @param x - first set, row-major
 * @param i - row of `x`
 * @param y - second set, row-major, of the same width
 * @param j - row of `y`
 * @param width - coordinates of a point
 * @returns the squared distance
 */
export function squaredDistance(
  x: Float64Array,
  i: number,
  y: Float64Array,
  j: number,
  width: number,
): number {
  let sum = 0;
  for (let k = 0; k < width; k++) {
    const difference = x[i * width + k]! - y[j * width + k]!;
    sum += difference * difference;
  }
  return sum;
}
