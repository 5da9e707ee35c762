// The gradient of the fused form, tied to autodiff. Derivation: README.md, "Gradient".

import { defineGradient, defineGuard, runKernel } from "../runtime/define.js";
import { EXACT_INPUTS, exactContract, exactGradContract } from "./contract.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { ExactAttrs } from "./contract.js";

/** Registers the gradient of the fused form, and the guard against differentiating it twice. */
export function defineExactGradient(): void {
  defineGradient(exactContract, (dr, saved, attrs) => {
    const inputs = Object.fromEntries(EXACT_INPUTS.map((name, i) => [name, saved[i]]));
    const bars = runKernel(
      exactGradContract,
      { ...inputs, dr: dr as Tensor },
      { ...(attrs as never as ExactAttrs), withValue: false },
    );
    return Object.fromEntries(EXACT_INPUTS.map((name, i) => [name, () => bars[i]!]));
  });
  defineGuard(
    exactGradContract,
    'network.steadyState: the fused kernel has first derivatives only. Pass { method: "composed" } for higher ones.',
  );
}
