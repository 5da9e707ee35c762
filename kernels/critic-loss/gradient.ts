// The vector-Jacobian product of the critic's losses; its derivation stands in README.md.

import { defineGradient, defineGuard, runKernel } from "../runtime/define.js";
import { criticLossContract, criticLossGradContract } from "./contract.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { CriticLossAttrs } from "./contract.js";

/** Registers the gradient of the fused form, and the guard against differentiating it twice. */
export function defineCriticLossGradient(): void {
  defineGradient(criticLossContract, (dy, [parameters, points], attrs) => {
    const given = { parameters: parameters!, points: points!, dy: dy as Tensor };
    const [byParameters, byPoints] = runKernel(criticLossGradContract, given, {
      ...(attrs as never as CriticLossAttrs),
      byPoints: true,
    });
    return { parameters: () => byParameters!, points: () => byPoints! };
  });
  defineGuard(
    criticLossGradContract,
    'criticLoss: the fused kernel has first derivatives only. Pass { method: "composed" } for higher ones.',
  );
}
