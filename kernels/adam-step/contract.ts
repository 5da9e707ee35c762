// What a step of Adam takes and gives.

import type { KernelContract } from "../runtime/define.js";

/** The numbers of a step, of one replica or of all: how they are used stands in README.md. */
export type AdamRates = {
  /** Decay of the first mean, and weight of the gradient in it. */
  readonly decay1: number;
  readonly weight1: number;
  /** The same of the second mean. */
  readonly decay2: number;
  readonly weight2: number;
  /** What each mean is multiplied with, for its start at 0. */
  readonly unbias1: number;
  readonly unbias2: number;
  readonly epsilon: number;
  /** Added to the parameters in units of the direction: positive ascends, negative descends. */
  readonly rate: number;
};

/** Attributes: one set of rates for all replicas, or one for each. */
export type AdamStepAttrs = { readonly rates: readonly AdamRates[] };

/** The order in which the forms take the rates. */
export const RATES: readonly (keyof AdamRates)[] = [
  "decay1",
  "weight1",
  "decay2",
  "weight2",
  "unbias1",
  "unbias2",
  "epsilon",
  "rate",
];

/** `ZenoAdamStep`: parameters, gradient and both means `[P, …]` → parameters and both means after the step. */
export const adamStepContract: KernelContract<AdamStepAttrs> = {
  name: "ZenoAdamStep",
  inputs: ["parameters", "gradient", "m", "v"],
  outputShapes: ({ parameters, m, v }) => [parameters!, m!, v!],
};
