// The gradient of the fused form, tied to autodiff. Derivation: README.md, "Vector-Jacobian product".

import { defineGradient, defineGuard, runKernel } from "../runtime/define.js";
import { lindbladContract, lindbladGradContract } from "./contract.js";
import type { Tensor } from "@tensorflow/tfjs";

/** Registers the gradient of the fused form, and the guard against differentiating it twice. */
export function defineLindbladGradient(): void {
  defineGradient(lindbladContract, (dys, saved) => {
    const [H, jumps] = saved as [Tensor, Tensor];
    // The report is for reading: it has no gradient.
    const drho = (dys as Tensor[])[0]!;
    const [HBar, jumpsBar] = runKernel(lindbladGradContract, { H, jumps, drho }, {});
    return { H: () => HBar!, jumps: () => jumpsBar! };
  });
  defineGuard(
    lindbladGradContract,
    'steadyState: the fused kernel has first derivatives only. Pass { method: "composed" } for higher ones.',
  );
}
