// What the mean log-sigmoid and its gradient take and give.

import type { KernelContract } from "../runtime/define.js";

/** Attributes of both kernels. */
export type MeanLogSigmoidAttrs = {
  /** k of ln S(k x), one or one for each row; its sign says which class is meant. */
  readonly slope: number | readonly number[];
};

/** `ZenoMeanLogSigmoid`: x `[rows, n]` → means `[rows]`. */
export const meanLogSigmoidContract: KernelContract<MeanLogSigmoidAttrs> = {
  name: "ZenoMeanLogSigmoid",
  inputs: ["x"],
  outputShapes: ({ x }) => [[x![0]!]],
};

/** `ZenoMeanLogSigmoidGrad`: x `[rows, n]` and the cotangent dy `[rows]` → dx `[rows, n]`. */
export const meanLogSigmoidGradContract: KernelContract<MeanLogSigmoidAttrs> = {
  name: "ZenoMeanLogSigmoidGrad",
  inputs: ["x", "dy"],
  outputShapes: ({ x }) => [x!],
};
