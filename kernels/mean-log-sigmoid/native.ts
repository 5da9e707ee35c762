// How the mean log-sigmoid runs on the backend `tensorflow` where tensors lie on a GPU: in float64, as the host sums it.

import { composedGradients } from "../runtime/gpu/composed.js";
import { meanLogSigmoidComposed } from "./composed.js";
import type { NativeForm } from "../runtime/tensorflow/define.js";
import type { MeanLogSigmoidAttrs } from "./contract.js";

/** Form of `ZenoMeanLogSigmoid`. */
export const meanLogSigmoidNative: NativeForm<MeanLogSigmoidAttrs> = {
  by: "composed",
  double: true,
  run: ({ x }, attrs) => [meanLogSigmoidComposed(x!, attrs)],
};

/** Form of `ZenoMeanLogSigmoidGrad`. */
export const meanLogSigmoidGradNative: NativeForm<MeanLogSigmoidAttrs> = {
  by: "composed",
  double: true,
  run: (inputs, attrs) =>
    composedGradients(({ x }) => meanLogSigmoidComposed(x!, attrs), inputs, ["x"], inputs["dy"]!)
      .gradients,
};
