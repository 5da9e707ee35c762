// Random but repeatable choices of rows: the split into training and held-out rows, and subsets.

import seedrandom from "seedrandom";
import type { Split } from "./source.js";

/** Row numbers of the training set and of the held-out splits; every row is in exactly one. */
export type SplitRows = Readonly<Record<Split | "training", Int32Array>>;

/**
 * Splits rows at random: a tenth each for validation, test and floor (rounded down), the rest for training.
 *
 * @param rows - row numbers
 * @param seed - of the shuffle
 * @returns row numbers, each list in random order
 */
export function splitRows(rows: Int32Array, seed: number): SplitRows {
  const order = shuffled(rows, `split ${seed}`);
  const tenth = Math.floor(rows.length / 10);
  return {
    validation: order.subarray(0, tenth),
    test: order.subarray(tenth, 2 * tenth),
    floor: order.subarray(2 * tenth, 3 * tenth),
    training: order.subarray(3 * tenth),
  };
}

/**
 * A copy in random order (Fisher and Yates).
 *
 * @param rows - any numbers
 * @param seed - any text; the same text gives the same order
 * @returns the same numbers in another order
 */
export function shuffled(rows: Int32Array, seed: string): Int32Array {
  const random = seedrandom.alea(seed);
  const order = rows.slice();
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order;
}
