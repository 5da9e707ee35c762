// Two checked and normalised distributions on the same bins, as every distance of histograms wants them.

import { normalized } from "./histogram.js";
import { checkSameLength } from "./samples.js";

/** Both arguments as probabilities, checked in the name of the function `where`. */
export function normalizedPair(
  where: string,
  p: ArrayLike<number>,
  q: ArrayLike<number>,
): [Float64Array, Float64Array] {
  checkSameLength(where, ["p", "q"], p, q);
  return [normalized(where, "p", p), normalized(where, "q", q)];
}
