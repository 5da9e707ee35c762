// How the effective steady state runs on the backend `tensorflow` where tensors lie on a GPU: in float64, which holds the
// squares of couplings as small and as large as the host form takes.

import * as tf from "@tensorflow/tfjs";
import { composedGradients, givenOf } from "../runtime/gpu/composed.js";
import { effectiveComposed } from "./composed.js";
import { EFFECTIVE_INPUTS } from "./contract.js";
import type { NativeForm } from "../runtime/tensorflow/define.js";
import type { EffectiveInputs } from "./composed.js";
import type { EffectiveAttrs, EffectiveGradAttrs } from "./contract.js";

/** Form of `ZenoEffectiveSteadyState`. */
export const effectiveNative: NativeForm<EffectiveAttrs> = {
  by: "composed",
  double: true,
  run: (inputs, attrs) => [effectiveComposed(givenOf(inputs) as EffectiveInputs, attrs)],
};

/** Form of `ZenoEffectiveSteadyStateGrad`. */
export const effectiveGradNative: NativeForm<EffectiveGradAttrs> = {
  by: "composed",
  double: true,
  run: (inputs, attrs) => {
    const { value, gradients } = composedGradients(
      (given) => effectiveComposed(given as EffectiveInputs, attrs),
      inputs,
      EFFECTIVE_INPUTS,
      inputs["dr"]!,
    );
    return [...gradients, attrs.withValue ? value : tf.zeros([0])];
  },
};
