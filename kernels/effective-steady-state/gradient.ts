// The gradient of the fused form, tied to autodiff. Derivation: README.md, "Vector-Jacobian product".

import { defineGradient, defineGuard, runKernel } from "../runtime/define.js";
import { EFFECTIVE_INPUTS, effectiveContract, effectiveGradContract } from "./contract.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { EffectiveAttrs } from "./contract.js";

/** Registers the gradient of the fused form, and the guard against differentiating it twice. */
export function defineEffectiveGradient(): void {
  defineGradient(effectiveContract, (dr, saved, attrs) => {
    const inputs = Object.fromEntries(EFFECTIVE_INPUTS.map((name, i) => [name, saved[i]]));
    const bars = runKernel(
      effectiveGradContract,
      { ...inputs, dr: dr as Tensor },
      { ...(attrs as never as EffectiveAttrs), withValue: false },
    );
    return Object.fromEntries(EFFECTIVE_INPUTS.map((name, i) => [name, () => bars[i]!]));
  });
  defineGuard(
    effectiveGradContract,
    'network.steadyState: the fused kernel has first derivatives only. Pass { method: "composed" } for higher ones.',
  );
}
