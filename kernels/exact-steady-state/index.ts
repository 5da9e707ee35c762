// The full steady state in canonical shapes. The checked door with any leading axes is src/open-systems/network/.

import * as tf from "@tensorflow/tfjs";
import { allInputs, valueAndGradients } from "../effective-steady-state/index.js";
import { defineHostKernel, runKernel } from "../runtime/define.js";
import { defineGpuKernel } from "../runtime/gpu/define.js";
import { defineNativeKernel } from "../runtime/tensorflow/define.js";
import { exactComposed } from "./composed.js";
import { exactContract, exactGradContract } from "./contract.js";
import { defineExactGradient } from "./gradient.js";
import { exactGpu, exactGradGpu } from "./gpu.js";
import { exactGradHost, exactHost } from "./host.js";
import { exactGradNative, exactNative } from "./native.js";
import type { Tensor } from "@tensorflow/tfjs";
import type {
  EffectiveInputs,
  EffectiveMethod,
  ValueAndGradients,
} from "../effective-steady-state/index.js";
import type { ExactAttrs } from "./contract.js";

defineHostKernel(exactContract, exactHost);
defineHostKernel(exactGradContract, exactGradHost);
defineGpuKernel(exactContract, exactGpu);
defineGpuKernel(exactGradContract, exactGradGpu);
defineNativeKernel(exactContract, exactNative);
defineNativeKernel(exactGradContract, exactGradNative);
defineExactGradient();

export { thirdOrder } from "./third-order.js";

/**
 * Bloch vectors `[P, B, M, 3]` of the steady state, or one component; NaN where it is not unique, or was not found.
 * Shapes: contract.ts.
 */
export function exactSteadyState(
  inputs: EffectiveInputs,
  attrs: ExactAttrs,
  method: EffectiveMethod,
): Tensor {
  // Without samples there is nothing to compose, and tfjs fails on axes of size 0.
  const composed = method === "composed" && inputs.theta.size > 0;
  return tf.tidy(() =>
    composed
      ? exactComposed(inputs, attrs)
      : runKernel(exactContract, allInputs(inputs), attrs)[0]!,
  );
}

/** The steady state and the gradients of its product with a cotangent, in one pass; those of inputs not given are empty. */
export function exactValueAndGradients(
  inputs: EffectiveInputs,
  cotangent: Tensor,
  attrs: ExactAttrs,
): ValueAndGradients {
  return tf.tidy(() => {
    const given = { ...allInputs(inputs), dr: cotangent };
    return valueAndGradients(runKernel(exactGradContract, given, { ...attrs, withValue: true }));
  });
}
