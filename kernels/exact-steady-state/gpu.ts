// How the exact steady state runs on the backend `webgpu`.

import * as tf from "@tensorflow/tfjs";
import { composedGradients, givenOf } from "../runtime/gpu/composed.js";
import { exactComposed } from "./composed.js";
import { EXACT_INPUTS, MAX_COMPOSED_INPUTS } from "./contract.js";
import type { EffectiveInputs } from "../effective-steady-state/index.js";
import type { Named } from "../runtime/gpu/composed.js";
import type { GpuForm } from "../runtime/gpu/define.js";
import type { ExactAttrs, ExactGradAttrs } from "./contract.js";

function checkInputs({ theta }: Named): void {
  const N = theta!.shape[2]!;
  if (N <= MAX_COMPOSED_INPUTS) return;
  throw new Error(
    `network.steadyState: on the backend webgpu \`theta\` must have at most ${MAX_COMPOSED_INPUTS} inputs for the full equation, but has ${N}. Use useBackend("wasm").`,
  );
}

/** Form of `ZenoExactSteadyState`. */
export const exactGpu: GpuForm<ExactAttrs> = {
  by: "composed",
  run: (inputs, attrs) => {
    checkInputs(inputs);
    return [exactComposed(givenOf(inputs) as EffectiveInputs, attrs)];
  },
};

/** Form of `ZenoExactSteadyStateGrad`. */
export const exactGradGpu: GpuForm<ExactGradAttrs> = {
  by: "composed",
  run: (inputs, attrs) => {
    checkInputs(inputs);
    const { value, gradients } = composedGradients(
      (given) => exactComposed(given as EffectiveInputs, attrs),
      inputs,
      EXACT_INPUTS,
      inputs["dr"]!,
    );
    return [...gradients, attrs.withValue ? value : tf.zeros([0])];
  },
};
