// What the exponential of real matrices takes and gives.

import type { KernelContract } from "../runtime/define.js";

/** No options. */
export type ExponentialAttrs = Readonly<Record<string, never>>;

/** `ZenoMatrixExponential`: a `[B, n, n]` → exp(a) `[B, n, n]`. */
export const exponentialContract: KernelContract<ExponentialAttrs> = {
  name: "ZenoMatrixExponential",
  inputs: ["a"],
  outputShapes: ({ a }) => [a!],
};
