// How the mean log-sigmoid runs on the backend `webgpu`.

import { composedGradients } from "../runtime/gpu/composed.js";
import { meanLogSigmoidComposed } from "./composed.js";
import type { GpuForm } from "../runtime/gpu/define.js";
import type { MeanLogSigmoidAttrs } from "./contract.js";

/** Form of `ZenoMeanLogSigmoid`. */
export const meanLogSigmoidGpu: GpuForm<MeanLogSigmoidAttrs> = {
  by: "composed",
  run: ({ x }, attrs) => [meanLogSigmoidComposed(x!, attrs)],
};

/** Form of `ZenoMeanLogSigmoidGrad`. */
export const meanLogSigmoidGradGpu: GpuForm<MeanLogSigmoidAttrs> = {
  by: "composed",
  run: (inputs, attrs) =>
    composedGradients(({ x }) => meanLogSigmoidComposed(x!, attrs), inputs, ["x"], inputs["dy"]!)
      .gradients,
};
