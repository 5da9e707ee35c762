// How the losses of a critic run on the backend `webgpu`.

import { composedGradients } from "../runtime/gpu/composed.js";
import { criticLossComposed } from "./composed.js";
import type { GpuForm } from "../runtime/gpu/define.js";
import type { CriticLossAttrs } from "./contract.js";

/** Form of `ZenoCriticLoss`. */
export const criticLossGpu: GpuForm<CriticLossAttrs> = {
  by: "composed",
  run: ({ parameters, points }, attrs) => [criticLossComposed(parameters!, points!, attrs)],
};

/** Form of `ZenoCriticLossGrad`. */
export const criticLossGradGpu: GpuForm<CriticLossAttrs> = {
  by: "composed",
  run: (inputs, attrs) => {
    const { value, gradients } = composedGradients(
      ({ parameters, points }) => criticLossComposed(parameters!, points!, attrs),
      inputs,
      ["parameters", "points"],
      inputs["dy"]!,
    );
    return [...gradients, value];
  },
};
