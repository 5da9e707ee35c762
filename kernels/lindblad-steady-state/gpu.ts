// How steady states of Lindblad equations run on the backend `webgpu`.

import { composedGradients } from "../runtime/gpu/composed.js";
import { lindbladComposed } from "./composed.js";
import { LINDBLAD_INPUTS } from "./contract.js";
import type { ComposedGpuForm } from "../runtime/gpu/define.js";
import type { LindbladAttrs } from "./contract.js";

/** Form of `ZenoLindbladSteadyState`. */
export const lindbladGpu: ComposedGpuForm<LindbladAttrs> = {
  by: "composed",
  run: ({ H, jumps }) => {
    const { rho, report } = lindbladComposed(H!, jumps!);
    return [rho, report];
  },
};

/** Form of `ZenoLindbladSteadyStateGrad`. */
export const lindbladGradGpu: ComposedGpuForm<LindbladAttrs> = {
  by: "composed",
  run: (inputs) =>
    composedGradients(
      ({ H, jumps }) => lindbladComposed(H!, jumps!).rho,
      inputs,
      LINDBLAD_INPUTS,
      inputs["drho"]!,
    ).gradients,
};
