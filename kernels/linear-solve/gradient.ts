// The gradient of the solve is made of the solve: x = A⁻¹ b has b̄ = A⁻ᵀ x̄ and Ā = -b̄ xᵀ, and with Aᵀ in the place of
// A it is Ā = -x b̄ᵀ. It is on the tape itself, so that it can be differentiated to any order.

import * as tf from "@tensorflow/tfjs";
import { defineGradient, runKernel } from "../runtime/define.js";
import { linearSolveContract } from "./contract.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { LinearSolveAttrs } from "./contract.js";

/** `Σ_m u[i, m] v[j, m]`; tfjs fails on a product without systems. */
function outer(u: Tensor, v: Tensor): Tensor {
  const [B, n] = u.shape as [number, number];
  return B === 0 ? tf.zeros([0, n, n]) : tf.matMul(u, v, false, true);
}

/** Registers the gradient. The condition is piecewise smooth and of no use in a loss: its cotangent is dropped. */
export function defineLinearSolveGradient(): void {
  defineGradient(linearSolveContract, (dys, saved, given) => {
    const [a, b] = saved as [Tensor, Tensor];
    const { transpose } = given as never as LinearSolveAttrs;
    const solved = (right: Tensor, attrs: LinearSolveAttrs): Tensor =>
      runKernel(linearSolveContract, { a, b: right }, attrs)[0]!;
    const dx = (dys as Tensor[])[0]!;
    const db = solved(dx, { transpose: !transpose, condition: false });
    // Computed again: a saved output would have lost its dependence on the inputs.
    const x = solved(b, { transpose, condition: false });
    const da = tf.neg(transpose ? outer(x, db) : outer(db, x));
    return { a: () => da, b: () => db };
  });
}
