// How the matrix exponential runs on the backend `webgpu`.

import { exponentialComposed } from "./composed.js";
import type { GpuForm } from "../runtime/gpu/define.js";
import type { ExponentialAttrs } from "./contract.js";

/** Form of `ZenoMatrixExponential`. */
export const exponentialGpu: GpuForm<ExponentialAttrs> = {
  by: "composed",
  run: ({ a }) => [exponentialComposed(a!)],
};
