// What the random kernel takes and gives.

import type { KernelContract } from "../runtime/define.js";

/** Attributes of {@link philoxContract}. */
export type PhiloxAttrs = {
  /** The two signed 32-bit seeds of each stream. */
  readonly seeds: readonly (readonly [number, number])[];
  /** Shape of the output: one stream after the other, all of the same length. */
  readonly shape: readonly number[];
  /** Index of the first word drawn of each stream, a multiple of 4. */
  readonly offset: number;
  readonly law: "uniform" | "normal";
  /** Uniform: width and lower end. Normal: standard deviation and mean. */
  readonly scale: number;
  readonly shift: number;
};

/** `ZenoPhilox`: no inputs, one output of shape `attrs.shape`. */
export const philoxContract: KernelContract<PhiloxAttrs> = {
  name: "ZenoPhilox",
  inputs: [],
  outputShapes: (_, { shape }) => [shape],
};
