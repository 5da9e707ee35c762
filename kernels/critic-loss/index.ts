// Losses of a critic of ReLU layers with a gradient penalty, and their gradients: the operation of WGAN-GP training.

import * as tf from "@tensorflow/tfjs";
import { defineHostKernel, runKernel } from "../runtime/define.js";
import { defineGpuKernel } from "../runtime/gpu/define.js";
import { defineNativeKernel } from "../runtime/tensorflow/define.js";
import { criticLossComposed } from "./composed.js";
import { criticLossContract, criticLossGradContract, parameterCount } from "./contract.js";
import { defineCriticLossGradient } from "./gradient.js";
import { criticLossGpu, criticLossGradGpu } from "./gpu.js";
import { criticLossGradHost, criticLossHost } from "./host.js";
import { criticLossGradNative, criticLossNative } from "./native.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { CriticLossAttrs } from "./contract.js";

export { parameterCount } from "./contract.js";
export type { Penalty } from "./contract.js";

defineHostKernel(criticLossContract, criticLossHost);
defineHostKernel(criticLossGradContract, criticLossGradHost);
defineGpuKernel(criticLossContract, criticLossGpu);
defineGpuKernel(criticLossGradContract, criticLossGradGpu);
defineNativeKernel(criticLossContract, criticLossNative);
defineNativeKernel(criticLossGradContract, criticLossGradNative);
defineCriticLossGradient();

/** Options of {@link criticLoss}. */
export type CriticLossOptions = CriticLossAttrs & {
  /** `fused`: the kernel, first derivatives only (default). `composed`: tf operations, any order. */
  readonly method?: "fused" | "composed";
};

function checkShapes(
  where: string,
  parameters: Tensor,
  points: Tensor,
  hidden: readonly number[],
): void {
  const [P, kinds, B, d] = points.shape as [number, number, number, number];
  const K = parameterCount(d, hidden);
  const holds =
    points.rank === 4 && kinds === 3 && B > 0 && parameters.shape.join() === [P, K].join();
  if (holds && hidden.length > 0) return;
  throw new Error(
    `${where}: arguments \`points\` and \`parameters\` must have shapes [P, 3, B, d] with B > 0 and [P, ${String(K)}] for hidden layers [${hidden.join(", ")}], at least one, but have [${points.shape.join(", ")}] and [${parameters.shape.join(", ")}].`,
  );
}

/**
 * Losses of P critics `D(x)`, networks of ReLU layers with one linear output, and the penalty of their slopes,
 * `⟨(|∇D| − 1)²⟩`, or `⟨max(|∇D| − 1, 0)²⟩` when one-sided, with `|g| = √(Σ g² + 1e-12)`.
 *
 * @param parameters - `[P, K]`: of each layer the weights `[in, out]` row by row, then the biases; `parameterCount`
 * @param points - `[P, 3, B, d]`: real points, generated ones, and the points between at which slopes are taken
 * @returns `[P, 3]`: mean of D over the real points, over the generated ones, penalty. Derivatives by the points between
 *   are 0: slopes of ReLU networks are constant in patches
 */
export function criticLoss(parameters: Tensor, points: Tensor, options: CriticLossOptions): Tensor {
  const { hidden, penalty, method = "fused" } = options;
  checkShapes("criticLoss", parameters, points, hidden);
  const attrs = { hidden, penalty };
  // Without replicas there is nothing to compose, and tfjs fails on axes of size 0.
  if (method === "composed" && parameters.size > 0)
    return tf.tidy(() => criticLossComposed(parameters, points, attrs));
  return runKernel(criticLossContract, { parameters, points }, attrs)[0]!;
}

/** What {@link criticLossAndGradient} returns. */
export type CriticLossAndGradient = {
  /** `[P, 3]`, as `criticLoss` gives it. */
  readonly values: Tensor;
  /** Gradient of `Σ weights · values` by the parameters, `[P, K]`. */
  readonly gradient: Tensor;
};

/**
 * Values and gradient in one pass over the network, for a training step; not on the tape.
 *
 * @param weights - `[P, 3]`: how much each of the three values counts, `(-1, 1, λ)` for the loss of WGAN-GP
 */
export function criticLossAndGradient(
  parameters: Tensor,
  points: Tensor,
  weights: Tensor,
  { hidden, penalty }: CriticLossAttrs,
): CriticLossAndGradient {
  checkShapes("criticLossAndGradient", parameters, points, hidden);
  const [gradient, byPoints, values] = runKernel(
    criticLossGradContract,
    { parameters, points, dy: weights },
    { hidden, penalty, byPoints: false },
  );
  byPoints!.dispose();
  return { values: values!, gradient: gradient! };
}
