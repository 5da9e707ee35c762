// d/dx_i of the mean of ln S(k x) over n values is k S(-k x_i) / n.

import { defineGradient, defineGuard, runKernel } from "../runtime/define.js";
import { meanLogSigmoidContract, meanLogSigmoidGradContract } from "./contract.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { MeanLogSigmoidAttrs } from "./contract.js";

/** Registers the gradient of the fused form, and the guard against differentiating it twice. */
export function defineMeanLogSigmoidGradient(): void {
  defineGradient(meanLogSigmoidContract, (dy, [x], attrs) => {
    const given = { x: x!, dy: dy as Tensor };
    const [dx] = runKernel(
      meanLogSigmoidGradContract,
      given,
      attrs as never as MeanLogSigmoidAttrs,
    );
    return { x: () => dx! };
  });
  defineGuard(
    meanLogSigmoidGradContract,
    'meanLogSigmoid: the fused kernel has first derivatives only. Pass { method: "composed" } for higher ones.',
  );
}
