// A step of Adam in plain float64: the oracle of the other forms.

import type { AdamRates } from "./contract.js";

/** A parameter with its means. */
export type AdamNumber = { readonly x: number; readonly m: number; readonly v: number };

/** One parameter after a step along the gradient g. */
export function adamStepReference(
  { x, m: m0, v: v0 }: AdamNumber,
  g: number,
  rates: AdamRates,
): AdamNumber {
  const m = rates.decay1 * m0 + rates.weight1 * g;
  const v = rates.decay2 * v0 + rates.weight2 * g ** 2;
  const direction = (rates.unbias1 * m) / (Math.sqrt(rates.unbias2 * v) + rates.epsilon);
  return { x: x + rates.rate * direction, m, v };
}
