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
import type { EFFECTIVE_INPUTS, EffectiveAttrs } from "./contract.js";

defineHostKernel(effectiveContract, effectiveHost);
defineHostKernel(effectiveGradContract, effectiveGradHost);
defineEffectiveGradient();

export {
  applyM,
  coefficients,
  couplingVectors,
  oneOrNaN,
  rateOf,
  scaledEquation,
  solved,
} from "./composed.js";
export type { EffectiveCoefficients, EffectiveInputs, Triple } from "./composed.js";
// The other kernels of the network take the same arguments.
export {
  callSizes,
  gradientArguments,
  networkArguments,
  NOT_GIVEN,
  R_ARGUMENT,
} from "./network-arguments.js";

/** Which form runs: the fused kernel, or tf operations that can be differentiated to any order. */
export type EffectiveMethod = "fused" | "composed";

/** Every input of the contract; the limit does not use Γ. */
function allInputs(inputs: EffectiveInputs, { limit }: EffectiveAttrs): Record<string, Tensor> {
  const notGiven = tf.tensor1d([]);
  const { theta, J, phi = notGiven, gamma = notGiven, polarization = notGiven } = inputs;
  return { theta, phi, J, gamma: limit ? notGiven : gamma, polarization };
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
      : runKernel(effectiveContract, allInputs(inputs, attrs), attrs)[0]!,
  );
}

/** The steady state and the gradients of its product with a cotangent, in one pass; those of inputs not given are empty. */
export function effectiveValueAndGradients(
  inputs: EffectiveInputs,
  cotangent: Tensor,
  attrs: EffectiveAttrs,
): {
  readonly value: Tensor;
  readonly gradients: Readonly<Record<(typeof EFFECTIVE_INPUTS)[number], Tensor>>;
} {
  return tf.tidy(() => {
    const given = { ...allInputs(inputs, attrs), dr: cotangent };
    const outputs = runKernel(effectiveGradContract, given, { ...attrs, withValue: true });
    const [theta, phi, J, gamma, polarization, value] = outputs as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    return { value, gradients: { theta, phi, J, gamma, polarization } };
  });
}
