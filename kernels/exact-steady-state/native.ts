// How the exact steady state runs on the backend `tensorflow` where tensors lie on a GPU: the dense composed form in float64,
// for as strong couplings as the host's; on the host where its matrices would take gigabytes.

import * as tf from "@tensorflow/tfjs";
import { composedGradients, givenOf } from "../runtime/gpu/composed.js";
import { exactComposed } from "./composed.js";
import { EXACT_INPUTS, MAX_COMPOSED_INPUTS } from "./contract.js";
import { sizesOf } from "../effective-steady-state/contract.js";
import type { EffectiveInputs } from "../effective-steady-state/index.js";
import type { Shapes } from "../runtime/define.js";
import type { NativeForm } from "../runtime/tensorflow/define.js";
import type { ExactAttrs, ExactGradAttrs } from "./contract.js";

/** Of host.as.ts. */
const MOST_KAPPA = 2000;

/** Entries of all matrices A of a call: 256 MiB in float64, of which a gradient keeps some ten times as much. */
const MOST_ENTRIES = 2 ** 25;

function serves(shapes: Shapes): boolean {
  const { P, B, N, M } = sizesOf(shapes);
  return N <= MAX_COMPOSED_INPUTS && P * B * M * 4 ** (2 * N + 2) <= MOST_ENTRIES;
}

/** Form of `ZenoExactSteadyState`. */
export const exactNative: NativeForm<ExactAttrs> = {
  by: "composed",
  double: true,
  serves,
  run: (inputs, attrs) => [exactComposed(givenOf(inputs) as EffectiveInputs, attrs, MOST_KAPPA)],
};

/** Form of `ZenoExactSteadyStateGrad`. */
export const exactGradNative: NativeForm<ExactGradAttrs> = {
  by: "composed",
  double: true,
  serves,
  run: (inputs, attrs) => {
    const { value, gradients } = composedGradients(
      (given) => exactComposed(given as EffectiveInputs, attrs, MOST_KAPPA),
      inputs,
      EXACT_INPUTS,
      inputs["dr"]!,
    );
    return [...gradients, attrs.withValue ? value : tf.zeros([0])];
  },
};
