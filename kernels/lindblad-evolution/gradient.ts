// The gradient of the fused form, tied to autodiff. Derivation: README.md, "Vector-Jacobian product".

import { defineGradient, defineGuard, runKernel } from "../runtime/define.js";
import { evolutionContract, evolutionGradContract } from "./contract.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { EvolutionAttrs } from "./contract.js";

/** Registers the gradient of the fused form, and the guard against differentiating it twice. */
export function defineEvolutionGradient(): void {
  defineGradient(evolutionContract, (dys, saved, attrs) => {
    const [H, jumps, rho0, observables] = saved as [Tensor, Tensor, Tensor, Tensor];
    // The report is for reading: it has no gradient.
    const [dstates, dexpectations] = dys as unknown as [Tensor, Tensor];
    const inputs = { H, jumps, rho0, observables, dstates, dexpectations };
    const bars = runKernel(evolutionGradContract, inputs, attrs as unknown as EvolutionAttrs);
    return {
      H: () => bars[0]!,
      jumps: () => bars[1]!,
      rho0: () => bars[2]!,
      observables: () => bars[3]!,
    };
  });
  defineGuard(
    evolutionGradContract,
    'evolve: the fused kernel has first derivatives only. Pass { form: "composed" } for higher ones.',
  );
}
