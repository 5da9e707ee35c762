// Eigenvalues and eigenvectors of Hermitian matrices together.

import * as tf from "@tensorflow/tfjs";
import { hermitianEigenvectors } from "../../kernels/hermitian-eigenvalues/index.js";
import { leadOf, shapeOf, sizeOf } from "../complex/index.js";
import { checkSquare } from "./checks.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Complex } from "../complex/index.js";

/** `A = V diag(λ) V†`. */
export type Eigensystem = {
  /** `[...batch, n]`, the smallest first. */
  readonly values: Tensor;
  /** `[...batch, n, n]`: eigenvectors are columns; the largest component of each is real and positive. */
  readonly vectors: Complex;
};

/**
 * Eigenvalues and eigenvectors of Hermitian matrices, by Jacobi's rotations in float64 between float32 tensors.
 *
 * @param A - `[...batch, n, n]`; only the Hermitian part counts
 * @returns values and vectors; any order of derivative
 * @throws ShapeError, ArgumentError
 * @remarks The gradient is that of `dv_j = Σ_{i≠j} v_i (v_i† dA v_j) / (λ_j − λ_i)`. It is right for what does not depend on
 * the phases of the vectors. Where eigenvalues come closer than 1e-6 of the largest, vectors have no derivative: the pair
 * is left out, which is right for what depends on the space they span and not on the basis, such as its projector.
 * Use {@link sqrtm} or `expm` for functions of a matrix: they are smooth there.
 */
export function eigh(A: Complex): Eigensystem {
  const n = checkSquare("eigh", "A", A);
  const lead = leadOf(shapeOf(A));
  const flat = (part: Tensor): Tensor => tf.reshape(part, [sizeOf(lead), n, n]);
  return tf.tidy(() => {
    const [values, vectors] = hermitianEigenvectors(tf.stack([flat(A.re), flat(A.im)], 1));
    const part = (at: 0 | 1): Tensor =>
      tf.reshape(tf.slice(vectors, [0, at], [sizeOf(lead), 1]), [...lead, n, n]);
    return {
      values: tf.reshape(values, [...lead, n]),
      vectors: { re: part(0), im: part(1) },
    };
  });
}
