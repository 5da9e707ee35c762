// The effective steady state in canonical shapes. The checked door with any leading axes is
// src/open-systems/network/.

import * as tf from "@tensorflow/tfjs";
import { defineHostKernel, runKernel } from "../runtime/define.js";
import { defineGpuKernel } from "../runtime/gpu/define.js";
import { defineNativeKernel } from "../runtime/tensorflow/define.js";
import { effectiveComposed } from "./composed.js";
import { effectiveContract, effectiveGradContract } from "./contract.js";
import { defineEffectiveGradient } from "./gradient.js";
import { effectiveGpu, effectiveGradGpu } from "./gpu.js";
import { effectiveGradHost, effectiveHost } from "./host.js";
import { effectiveGradNative, effectiveNative } from "./native.js";
import { allInputs, valueAndGradients } from "./inputs.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { EffectiveInputs } from "./composed.js";
import type { EffectiveAttrs } from "./contract.js";
import type { ValueAndGradients } from "./inputs.js";

defineHostKernel(effectiveContract, effectiveHost);
defineHostKernel(effectiveGradContract, effectiveGradHost);
defineGpuKernel(effectiveContract, effectiveGpu);
defineGpuKernel(effectiveGradContract, effectiveGradGpu);
defineNativeKernel(effectiveContract, effectiveNative);
defineNativeKernel(effectiveGradContract, effectiveGradNative);
defineEffectiveGradient();

export {
  applyM,
  coefficients,
  couplingVectors,
  cross,
  dot,
  oneOrNaN,
  rateOf,
  scaledEquation,
  solved,
} from "./composed.js";
export type { EffectiveCoefficients, EffectiveInputs, Triple } from "./composed.js";
// The other kernels of the network take the same arguments.
export { allInputs, valueAndGradients } from "./inputs.js";
export type { ValueAndGradients } from "./inputs.js";
export {
  callSizes,
  gradientArguments,
  networkArguments,
  NOT_GIVEN,
  R_ARGUMENT,
} from "./network-arguments.js";

export {
  inputGradients,
  NETWORK_INDEX,
  NETWORK_INPUTS,
  NETWORK_NUMBERS,
  networkCode,
  networkForm,
  networkNumbers,
  perForm,
} from "./network-gpu.js";
export { equationCode } from "./network.wgsl.js";

/** Which form runs: the fused kernel, or tf operations that can be differentiated to any order. */
export type EffectiveMethod = "fused" | "composed";

/** The limit does not use Γ. */
function usedInputs(inputs: EffectiveInputs, { limit }: EffectiveAttrs): Record<string, Tensor> {
  return allInputs(limit ? { ...inputs, gamma: undefined } : inputs);
}

/** Bloch vectors `[P, B, M, 3]` of the steady state, or one component; NaN where it is not unique. Shapes: contract.ts. */
export function effectiveSteadyState(
  inputs: EffectiveInputs,
  attrs: EffectiveAttrs,
  method: EffectiveMethod,
): Tensor {
  // Without samples there is nothing to compose, and tfjs fails on axes of size 0.
  const composed = method === "composed" && inputs.theta.size > 0;
  return tf.tidy(() =>
    composed
      ? effectiveComposed(inputs, attrs)
      : runKernel(effectiveContract, usedInputs(inputs, attrs), attrs)[0]!,
  );
}

/** The steady state and the gradients of its product with a cotangent, in one pass; those of inputs not given are empty. */
export function effectiveValueAndGradients(
  inputs: EffectiveInputs,
  cotangent: Tensor,
  attrs: EffectiveAttrs,
): ValueAndGradients {
  return tf.tidy(() => {
    const given = { ...usedInputs(inputs, attrs), dr: cotangent };
    return valueAndGradients(
      runKernel(effectiveGradContract, given, { ...attrs, withValue: true }),
    );
  });
}
