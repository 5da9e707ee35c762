// The effective steady state in canonical shapes. The checked door with any leading axes is
// src/open-systems/network/.

import * as tf from "@tensorflow/tfjs";
import { defineHostKernel, runKernel } from "../runtime/define.js";
import { effectiveComposed } from "./composed.js";
import { effectiveContract, effectiveGradContract } from "./contract.js";
import { defineEffectiveGradient } from "./gradient.js";
import { effectiveGradHost, effectiveHost } from "./host.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { EffectiveInputs } from "./composed.js";
import type { EffectiveAttrs } from "./contract.js";

defineHostKernel(effectiveContract, effectiveHost);
defineHostKernel(effectiveGradContract, effectiveGradHost);
defineEffectiveGradient();

/** Which form runs: the fused kernel, or tf operations that can be differentiated to any order. */
export type EffectiveMethod = "fused" | "composed";

/** Bloch vectors `[P, B, M, 3]` of the steady state, or one component; NaN where it is not unique. Shapes: contract.ts. */
export function effectiveSteadyState(inputs: EffectiveInputs, attrs: EffectiveAttrs, method: EffectiveMethod): Tensor {
  return tf.tidy(() => {
    if (method === "composed") return effectiveComposed(inputs, attrs);
    const notGiven = tf.tensor1d([]);
    const { theta, J, phi = notGiven, gamma = notGiven, polarization = notGiven } = inputs;
    return runKernel(effectiveContract, { theta, phi, J, gamma, polarization }, attrs)[0]!;
  });
}
