// Batched linear systems, solved in float64 between float32 tensors. The checked door is src/linalg/solve.ts.

import * as tf from "@tensorflow/tfjs";
import { defineHostKernel, runKernel } from "../runtime/define.js";
import { defineGpuKernel } from "../runtime/gpu/define.js";
import { defineNativeKernel } from "../runtime/tensorflow/define.js";
import { conditionComposed, linearSolveComposed } from "./composed.js";
import { linearSolveContract } from "./contract.js";
import { defineLinearSolveGradient } from "./gradient.js";
import { linearSolveGpu } from "./gpu.js";
import { linearSolveHost } from "./host.js";
import { linearSolveNative } from "./native.js";
import type { Tensor } from "@tensorflow/tfjs";

defineHostKernel(linearSolveContract, linearSolveHost);
defineGpuKernel(linearSolveContract, linearSolveGpu);
defineNativeKernel(linearSolveContract, linearSolveNative);
defineLinearSolveGradient();

/** Options of {@link linearSolve}. */
export type LinearSolveOptions = {
  /** Solve `Aᵀ x = b`. Default false. */
  readonly transpose?: boolean;
  /** `fused`: the kernel, float64 inside, any order of derivative (default). `composed`: tf operations, two orders. */
  readonly method?: "fused" | "composed";
};

/** Solution and condition. */
export type LinearSolution = {
  /** `[B, n, m]`; not finite where a pivot is 0. */
  readonly x: Tensor;
  /** `1 / (‖A‖₁ ‖A⁻¹‖₁)`, `[B]`: at most 1, 0 where A is singular. No gradient. */
  readonly rcond: Tensor;
};

/**
 * The solution of `A x = b` for a batch.
 *
 * @param a - `[B, n, n]`
 * @param b - `[B, n, m]`
 */
export function linearSolve(
  a: Tensor,
  b: Tensor,
  options: LinearSolveOptions = {},
): LinearSolution {
  const { transpose = false, method = "fused" } = options;
  return tf.tidy(() => {
    // Without systems there is nothing to compose, and tfjs fails on axes of size 0.
    if (method === "composed" && b.size > 0)
      return { x: linearSolveComposed(a, b, transpose), rcond: conditionComposed(a) };
    const [x, rcond] = runKernel(linearSolveContract, { a, b }, { transpose, condition: true });
    return { x: x!, rcond: rcond! };
  });
}
