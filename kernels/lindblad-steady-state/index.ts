// Steady states of Lindblad equations. The checked door is src/open-systems/steady-state.ts.

import * as tf from "@tensorflow/tfjs";
import { defineHostKernel, runKernel } from "../runtime/define.js";
import { defineGpuKernel } from "../runtime/gpu/define.js";
import { defineNativeKernel } from "../runtime/tensorflow/define.js";
import { lindbladComposed, ofLiouvillian } from "./composed.js";
import { lindbladContract, lindbladGradContract } from "./contract.js";
import { defineLindbladGradient } from "./gradient.js";
import { lindbladGpu, lindbladGradGpu } from "./gpu.js";
import { lindbladGradHost, lindbladHost } from "./host.js";
import { lindbladGradNative, lindbladNative } from "./native.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { SteadyStates } from "./composed.js";

defineHostKernel(lindbladContract, lindbladHost);
defineHostKernel(lindbladGradContract, lindbladGradHost);
defineGpuKernel(lindbladContract, lindbladGpu);
defineGpuKernel(lindbladGradContract, lindbladGradGpu);
defineNativeKernel(lindbladContract, lindbladNative);
defineNativeKernel(lindbladGradContract, lindbladGradNative);
defineLindbladGradient();

/** Which form runs: the fused kernel, or tf operations that can be differentiated to any order. */
export type LindbladMethod = "fused" | "composed";

/** States and reports; where the report is bad the state means nothing. Shapes: contract.ts. */
export function lindbladSteadyState(
  H: Tensor,
  jumps: Tensor,
  method: LindbladMethod,
): SteadyStates {
  // Without samples there is nothing to compose, and tfjs fails on axes of size 0.
  const composed = method === "composed" && H.size > 0;
  return tf.tidy(() => {
    if (composed) return lindbladComposed(H, jumps);
    const [rho, report] = runKernel(lindbladContract, { H, jumps }, {});
    return { rho: rho!, report: report! };
  });
}

/**
 * The same for superoperators, differentiable to any order.
 *
 * @param re - real parts, `[B, d, d]`, B > 0, columns stacked
 * @param im - imaginary parts
 */
export function liouvillianSteadyState(re: Tensor, im: Tensor): SteadyStates {
  return tf.tidy(() => ofLiouvillian({ re, im }));
}
