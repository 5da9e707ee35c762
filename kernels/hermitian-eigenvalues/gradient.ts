// Eigenvalues move as dλ_i = v_i† dA v_i, so that Ā = V diag(λ̄) V†.

import { defineGradient, defineGuard, runKernel } from "../runtime/define.js";
import { eigenvaluesContract, eigenvaluesGradContract } from "./contract.js";
import type { Tensor } from "@tensorflow/tfjs";

/** Registers the gradient of the fused form, and the guard against differentiating it twice. */
export function defineEigenvaluesGradient(): void {
  defineGradient(eigenvaluesContract, (dy, [a]) => {
    const [bar] = runKernel(eigenvaluesGradContract, { a: a!, dvalues: dy as Tensor }, {});
    return { a: () => bar! };
  });
  defineGuard(
    eigenvaluesGradContract,
    'eigenvalues: the fused kernel has first derivatives only. Pass { method: "composed" } for second ones.',
  );
}
