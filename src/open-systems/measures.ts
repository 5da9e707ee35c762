// Numbers of states: expectation values, purity, entropy, distances, fidelities, Bloch vectors.

import * as tf from "@tensorflow/tfjs";
import {
  mapParts,
  matMul,
  mul,
  shapeOf,
  sizeOf,
  squaredModulus,
  sub,
  trace,
  transpose,
} from "../complex/index.js";
import { eigenvalues } from "../linalg/index.js";
import { checkOperator } from "./checks.js";
import { densityMatrix } from "./states.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Complex } from "../complex/index.js";

/**
 * `Tr(O ρ)` for any operator.
 *
 * @param O - `[...batch, n, n]`
 * @param rho - `[...batch, n, n]`, or kets `[...batch, n, 1]`; leading axes broadcast
 * @returns complex `[...batch]`
 * @throws ShapeError
 */
export function expectComplex(O: Complex, rho: Complex): Complex {
  return tf.tidy(() => {
    const state = densityMatrix(rho);
    checkOperator("expect", "rho", state, checkOperator("expect", "O", O));
    return mapParts(mul(O, transpose(state)), (part) => tf.sum(part, [-2, -1]));
  });
}

/**
 * `⟨O⟩ = Re Tr(O ρ)`, the expectation value of a Hermitian operator.
 *
 * @param O - `[...batch, n, n]`
 * @param rho - `[...batch, n, n]`, or kets `[...batch, n, 1]`; leading axes broadcast
 * @returns `[...batch]`
 * @throws ShapeError
 */
export function expect(O: Complex, rho: Complex): Tensor {
  return tf.tidy(() => expectComplex(O, rho).re);
}

/** `Tr ρ²` of density matrices `[...batch, n, n]`: 1 for pure states, 1/n for the maximally mixed one. */
export function purity(rho: Complex): Tensor {
  checkOperator("purity", "rho", rho);
  // The diagonal of ρ² for a Hermitian ρ.
  return tf.tidy(() => tf.sum(squaredModulus(rho), [-2, -1]));
}

/**
 * `F = ⟨ψ|ρ|ψ⟩`, the fidelity with a pure state: a probability, the square of QuTiP's number.
 *
 * @param psi - kets `[...batch, n, 1]`
 * @param rho - `[...batch, n, n]`, or kets; leading axes broadcast
 * @returns `[...batch]`
 * @throws ShapeError
 */
export function fidelityToPure(psi: Complex, rho: Complex): Tensor {
  return tf.tidy(() => expect(densityMatrix(psi), rho));
}

/** Below this a population is rounding; x ln x is 2e-9 there, and its slope stays finite. */
const LEAST_POPULATION = 1e-10;

/**
 * `S = −Tr ρ ln ρ`, the von Neumann entropy, in nats.
 *
 * @param rho - `[...batch, n, n]`
 * @returns `[...batch]`, from 0 for pure states to ln n; first derivatives
 * @throws ShapeError
 */
export function entropy(rho: Complex): Tensor {
  checkOperator("entropy", "rho", rho);
  return tf.tidy(() => {
    const p = tf.maximum(eigenvalues(rho), LEAST_POPULATION);
    return tf.neg(tf.sum(tf.mul(p, tf.log(p)), -1));
  });
}

/**
 * `T = ½ Tr |ρ − σ|`, the trace distance.
 *
 * @param rho - `[...batch, n, n]`
 * @param sigma - `[...batch, n, n]`; leading axes broadcast
 * @returns `[...batch]`, between 0 and 1; first derivatives
 * @throws ShapeError
 */
export function traceDistance(rho: Complex, sigma: Complex): Tensor {
  checkOperator("traceDistance", "sigma", sigma, checkOperator("traceDistance", "rho", rho));
  return tf.tidy(() => tf.mul(0.5, tf.sum(tf.abs(eigenvalues(sub(rho, sigma))), -1)));
}

function determinant(rho: Complex): Tensor {
  // Of a Hermitian 2 × 2 matrix: (1 - |r|²) / 4 without the cancellation of its four products.
  const r = blochVector(rho);
  return tf.mul(0.25, tf.relu(tf.sub(1, tf.sum(tf.square(r), -1))));
}

/**
 * `F = (Tr √(√ρ σ √ρ))² = Tr ρσ + 2 √(det ρ det σ)`, the fidelity of two states of one qubit.
 *
 * @param rho - `[...batch, 2, 2]`
 * @param sigma - `[...batch, 2, 2]`; leading axes broadcast
 * @returns `[...batch]`; the gradient is infinite where both are pure: use {@link fidelityToPure} there
 * @throws ShapeError
 */
export function qubitFidelity(rho: Complex, sigma: Complex): Tensor {
  checkOperator("qubitFidelity", "rho", rho, 2);
  checkOperator("qubitFidelity", "sigma", sigma, 2);
  return tf.tidy(() => {
    const overlap = trace(matMul(rho, sigma)).re;
    return tf.add(overlap, tf.mul(2, tf.sqrt(tf.mul(determinant(rho), determinant(sigma)))));
  });
}

/**
 * `r = (⟨σ_x⟩, ⟨σ_y⟩, ⟨σ_z⟩)` of one qubit, ρ = (1 + r·σ)/2.
 *
 * @param rho - `[...batch, 2, 2]`
 * @returns `[...batch, 3]`
 * @throws ShapeError
 */
export function blochVector(rho: Complex): Tensor {
  checkOperator("blochVector", "rho", rho, 2);
  const lead = shapeOf(rho).slice(0, -2);
  return tf.tidy(() => {
    const flat = mapParts(rho, (part) => tf.reshape(part, [...lead, 4]));
    // Each row of the matrix takes one component from the entries ρ00, ρ01, ρ10, ρ11.
    const pick = (part: Tensor, weights: number[][]): Tensor =>
      tf.matMul(tf.reshape(part, [sizeOf(lead), 4]), tf.tensor2d(weights), false, true);
    const fromRe = [
      [0, 1, 1, 0],
      [0, 0, 0, 0],
      [1, 0, 0, -1],
    ];
    const fromIm = [
      [0, 0, 0, 0],
      [0, -1, 1, 0],
      [0, 0, 0, 0],
    ];
    return tf.reshape(tf.add(pick(flat.re, fromRe), pick(flat.im, fromIm)), [...lead, 3]);
  });
}
