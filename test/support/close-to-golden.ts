// Comparisons with golden files, whose tolerances are fractions of what is largest.

import { closeWithin } from "./close-to.js";
import { largest } from "./gradcheck.js";

/** Values, states, operators: over max(1, largest entry). */
export function closeToGolden(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  closeWithin(actual, expected, tolerance * Math.max(1, largest(expected)), what);
}

/**
 * Gradients: over their largest entry; arrays below 1e-6 say nothing in float32.
 *
 * @param scale - where gradients belong together, the largest entry of all
 */
export function closeToGradient(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
  scale: number = largest(expected),
): void {
  if (largest(expected) < 1e-6) return;
  closeWithin(actual, expected, tolerance * scale, what);
}
