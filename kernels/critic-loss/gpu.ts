// How the losses of a critic run on the backend `webgpu`.

import * as tf from "@tensorflow/tfjs";
import { composedGradients } from "../runtime/gpu/composed.js";
import { criticLossComposed } from "./composed.js";
import type { GpuForm } from "../runtime/gpu/define.js";
import type { CriticLossAttrs, CriticLossGradAttrs } from "./contract.js";

/** Form of `ZenoCriticLoss`. */
export const criticLossGpu: GpuForm<CriticLossAttrs> = {
  by: "composed",
  run: ({ parameters, points }, attrs) => [criticLossComposed(parameters!, points!, attrs)],
};

/** Form of `ZenoCriticLossGrad`. */
export const criticLossGradGpu: GpuForm<CriticLossGradAttrs> = {
  by: "composed",
  run: (inputs, attrs) => {
    const { value, gradients } = composedGradients(
      ({ parameters, points = inputs["points"] }) =>
        criticLossComposed(parameters!, points!, attrs),
      inputs,
      attrs.byPoints ? ["parameters", "points"] : ["parameters"],
      inputs["dy"]!,
    );
    const [byParameters, byPoints = tf.zeros([0])] = gradients;
    return [byParameters!, byPoints, value];
  },
};
