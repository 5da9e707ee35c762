// How a step of Adam runs on the backend `webgpu`.

import { adamStepComposed } from "./composed.js";
import type { GpuForm } from "../runtime/gpu/define.js";
import type { AdamStepAttrs } from "./contract.js";

/** Form of `ZenoAdamStep`. */
export const adamStepGpu: GpuForm<AdamStepAttrs> = { by: "composed", run: adamStepComposed };
