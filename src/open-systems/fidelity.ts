// The fidelity of any two states.

import * as tf from "@tensorflow/tfjs";
import { matMul, shapeOf, trace } from "../complex/index.js";
import { sqrtm } from "../linalg/index.js";
import { checkOperator } from "./checks.js";
import { fidelityToPure } from "./measures.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Complex } from "../complex/index.js";

function isKet(state: Complex): boolean {
  const [n, columns] = shapeOf(state).slice(-2);
  return columns === 1 && n !== 1;
}

/**
 * `F = (Tr √(√ρ σ √ρ))²`, the fidelity of Uhlmann and Jozsa: a probability, the square of QuTiP's number.
 *
 * @param rho - `[...batch, n, n]`, or kets `[...batch, n, 1]`, for which it is `⟨ψ|σ|ψ⟩`
 * @param sigma - the same; leading axes broadcast
 * @returns `[...batch]`, between 0 and 1; any order of derivative
 * @throws ShapeError
 * @remarks Eigenvalues below `2^-23 n` of the largest count as 0, since they are rounding in float32: each may cost 3e-4 of
 * √F, and states of full rank lose 1e-6. Where a state is not of full rank its gradient is that within its range, and
 * outside the slope is infinite: give a pure state as a ket.
 */
export function fidelity(rho: Complex, sigma: Complex): Tensor {
  if (isKet(rho)) return fidelityToPure(rho, sigma);
  if (isKet(sigma)) return fidelityToPure(sigma, rho);
  checkOperator("fidelity", "sigma", sigma, checkOperator("fidelity", "rho", rho));
  return tf.tidy(() => {
    const root = sqrtm(rho);
    return tf.square(trace(sqrtm(matMul(root, matMul(sigma, root)))).re);
  });
}
