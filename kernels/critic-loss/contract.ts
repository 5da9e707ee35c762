// What the losses of a critic with a gradient penalty, and their gradient, take and give.

import type { KernelContract } from "../runtime/define.js";

/** Which slopes are penalised: all but 1, or those above 1 only. */
export type Penalty = "twoSided" | "oneSided";

/** Attributes of the losses. */
export type CriticLossAttrs = {
  /** Widths of the hidden layers, first to last; all with ReLU. */
  readonly hidden: readonly number[];
  readonly penalty: Penalty;
};

/** Attributes of their gradient. */
export type CriticLossGradAttrs = CriticLossAttrs & {
  /** Whether the gradient by the points is asked for; else it is empty. */
  readonly byPoints: boolean;
};

/** Kinds of points: real, generated, between the two. */
export const KINDS = 3;

/** Numbers in the list of a network's parameters: of each layer the weights `[in, out]` row-major, then the biases. */
export function parameterCount(inputs: number, hidden: readonly number[]): number {
  const widths = [inputs, ...hidden, 1];
  return hidden.reduce((sum, width, l) => sum + (widths[l]! + 1) * width, 1 + widths.at(-2)!);
}

/**
 * `ZenoCriticLoss`: parameters `[P, K]`, points `[P, 3, B, d]` → `[P, 3]`: mean of D over the real points, over the
 * generated ones, and the penalty at the points between.
 */
export const criticLossContract: KernelContract<CriticLossAttrs> = {
  name: "ZenoCriticLoss",
  inputs: ["parameters", "points"],
  outputShapes: ({ parameters }) => [[parameters![0]!, KINDS]],
};

/** `ZenoCriticLossGrad`: with the cotangent dy `[P, 3]` → gradients of both inputs, and the values. */
export const criticLossGradContract: KernelContract<CriticLossGradAttrs> = {
  name: "ZenoCriticLossGrad",
  inputs: ["parameters", "points", "dy"],
  outputShapes: ({ parameters, points }, { byPoints }) => [
    parameters!,
    byPoints ? points! : [0],
    [parameters![0]!, KINDS],
  ],
};
