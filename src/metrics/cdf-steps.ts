// The difference of two empirical distribution functions, walked step by step. What is made of it
// (Wasserstein, Kolmogorov-Smirnov and energy distance) lives with each measure.

/**
 * Visits the intervals between neighbouring pooled samples, from the left.
 *
 * @param x - first sample, sorted
 * @param y - second sample, sorted
 * @param visit - receives `F_x − F_y` (right-continuous, so ties are counted together) and the length of
 *   the interval on which it holds; the last interval has length 0
 */
export function forEachCdfStep(
  x: Float64Array,
  y: Float64Array,
  visit: (difference: number, length: number) => void,
): void {
  let [i, j] = [0, 0];
  while (i < x.length || j < y.length) {
    const here = Math.min(x[i] ?? Infinity, y[j] ?? Infinity);
    while (x[i] === here) i++;
    while (y[j] === here) j++;
    const next = Math.min(x[i] ?? Infinity, y[j] ?? Infinity);
    visit(i / x.length - j / y.length, next === Infinity ? 0 : next - here);
  }
}
