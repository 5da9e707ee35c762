// What the sums over all states take and give.

import type { KernelContract } from "../runtime/define.js";

/** Spins of one model, in exponents: β times biases and couplings. */
export type SplitModel = {
  /** 1 … 36. */
  readonly n: number;
  /** `[n]`. */
  readonly biases: Float64Array;
  /** `[n, n]`, symmetric, 0 on the diagonal. */
  readonly couplings: Float64Array;
};

/** The law of a model in its first two moments. */
export type SplitMoments = {
  /** ln of the sum of all weights. */
  readonly logZ: number;
  /** `[n]`, ⟨s_i⟩. */
  readonly spins: Float64Array;
  /** `[n, n]`, ⟨s_i s_j⟩, 1 on the diagonal. */
  readonly pairs: Float64Array;
};

/** Attributes of {@link splitContract}: a population of models of n spins. */
export type SplitAttrs = { readonly n: number; readonly models: readonly SplitModel[] };

/** `ZenoIsingSplit`: no tensor inputs; logZ, ⟨s_i⟩ and ⟨s_i s_j⟩ of each model in one row, `[P, 1 + n + n²]`. */
export const splitContract: KernelContract<SplitAttrs> = {
  name: "ZenoIsingSplit",
  inputs: [],
  outputShapes: (_, { n, models }) => [[models.length, 1 + n + n * n]],
};
