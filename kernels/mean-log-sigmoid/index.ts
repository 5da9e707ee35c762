// Means over rows of ln S(k x), the log-likelihood of a logistic classifier.

import * as tf from "@tensorflow/tfjs";
import { defineHostKernel, runKernel, sizeOf } from "../runtime/define.js";
import { defineGpuKernel } from "../runtime/gpu/define.js";
import { defineNativeKernel } from "../runtime/tensorflow/define.js";
import { meanLogSigmoidComposed } from "./composed.js";
import { meanLogSigmoidContract, meanLogSigmoidGradContract } from "./contract.js";
import { defineMeanLogSigmoidGradient } from "./gradient.js";
import { meanLogSigmoidGpu, meanLogSigmoidGradGpu } from "./gpu.js";
import { meanLogSigmoidGradHost, meanLogSigmoidHost } from "./host.js";
import { meanLogSigmoidGradNative, meanLogSigmoidNative } from "./native.js";
import type { Tensor } from "@tensorflow/tfjs";

defineHostKernel(meanLogSigmoidContract, meanLogSigmoidHost);
defineHostKernel(meanLogSigmoidGradContract, meanLogSigmoidGradHost);
defineGpuKernel(meanLogSigmoidContract, meanLogSigmoidGpu);
defineGpuKernel(meanLogSigmoidGradContract, meanLogSigmoidGradGpu);
defineNativeKernel(meanLogSigmoidContract, meanLogSigmoidNative);
defineNativeKernel(meanLogSigmoidGradContract, meanLogSigmoidGradNative);
defineMeanLogSigmoidGradient();

/** Options of {@link meanLogSigmoid}. */
export type MeanLogSigmoidOptions = {
  /** k, one or one for each row; negative for the other class. Default 1. */
  readonly slope?: number | readonly number[];
  /** `fused`: the kernel, first derivatives only (default). `composed`: tf operations, any order. */
  readonly method?: "fused" | "composed";
};

/**
 * Mean of `ln S(k x)`, `S(y) = 1/(1 + e⁻ʸ)`, over all axes but the first.
 *
 * @param x - `[rows, ...]`
 * @returns `[rows]`, summed in float64
 * @throws Error if there is not one slope for each row
 */
export function meanLogSigmoid(x: Tensor, options: MeanLogSigmoidOptions = {}): Tensor {
  const { slope = 1, method = "fused" } = options;
  checkSlopes(slope, x.shape[0]);
  return tf.tidy(() => {
    const rows = tf.reshape(x, [x.shape[0], sizeOf(x.shape.slice(1))]);
    // Without rows there is nothing to compose, and tfjs fails on axes of size 0.
    if (method === "composed" && x.size > 0) return meanLogSigmoidComposed(rows, { slope });
    return runKernel(meanLogSigmoidContract, { x: rows }, { slope })[0]!;
  });
}

function checkSlopes(slope: number | readonly number[], rows: number): void {
  if (typeof slope === "number" || slope.length === rows) return;
  throw new Error(
    `meanLogSigmoid: argument \`slope\` must be one number, or one for each of the ${String(rows)} rows, but has ${String(slope.length)}.`,
  );
}
