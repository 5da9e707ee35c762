// Learning rates over the steps of a training.

/** Multiplier of the initial rate at step t of T, t = 0 … T - 1. */
export type Schedule = (t: number, T: number) => number;

/**
 * `f + (1 - f) (1 + cos(π t / T)) / 2`: from 1 to `finalFraction`.
 *
 * @see Loshchilov & Hutter, arXiv:1608.03983
 */
export function cosine(finalFraction: number): Schedule {
  return (t, T) => finalFraction + ((1 - finalFraction) * (1 + Math.cos((Math.PI * t) / T))) / 2;
}

/** Always 1. */
export function constant(): Schedule {
  return () => 1;
}
