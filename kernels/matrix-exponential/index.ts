// Exponentials of batches of real matrices. The checked door is src/linalg/exponential.ts.

import * as tf from "@tensorflow/tfjs";
import { defineHostKernel, runKernel } from "../runtime/define.js";
import { defineGpuKernel } from "../runtime/gpu/define.js";
import { defineNativeKernel } from "../runtime/tensorflow/define.js";
import { exponentialComposed } from "./composed.js";
import { exponentialContract } from "./contract.js";
import { defineExponentialGradient } from "./gradient.js";
import { exponentialGpu } from "./gpu.js";
import { exponentialHost } from "./host.js";
import { exponentialNative } from "./native.js";
import type { Tensor } from "@tensorflow/tfjs";

defineHostKernel(exponentialContract, exponentialHost);
defineGpuKernel(exponentialContract, exponentialGpu);
defineNativeKernel(exponentialContract, exponentialNative);
defineExponentialGradient();

/** Which form runs: the fused kernel, float64 inside, or tf operations, float32; both any order of derivative. */
export type ExponentialMethod = "fused" | "composed";

/** `exp(a)` of matrices `[B, n, n]`. */
export function matrixExponential(a: Tensor, method: ExponentialMethod = "fused"): Tensor {
  // Without matrices there is nothing to compose, and tfjs fails on axes of size 0.
  const composed = method === "composed" && a.size > 0;
  return tf.tidy(() =>
    composed ? exponentialComposed(a) : runKernel(exponentialContract, { a }, {})[0]!,
  );
}
