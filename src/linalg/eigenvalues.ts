// Eigenvalues of Hermitian matrices.

import * as tf from "@tensorflow/tfjs";
import { hermitianEigenvalues } from "../../kernels/hermitian-eigenvalues/index.js";
import { checkChoice } from "../checks.js";
import { leadOf, shapeOf, sizeOf } from "../complex/index.js";
import { checkSquare } from "./checks.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Complex } from "../complex/index.js";

/** Options of {@link eigenvalues}. */
export type EigenvaluesOptions = {
  /** `fused`: the kernel, first derivatives only (default). `composed`: tf operations, float32, two orders. */
  readonly method?: "fused" | "composed";
};

/**
 * The eigenvalues of Hermitian matrices, by Jacobi's rotations in float64 between float32 tensors.
 *
 * @param A - `[...batch, n, n]`; only the Hermitian part counts
 * @returns `[...batch, n]`, the smallest first
 * @throws ShapeError, ArgumentError
 * @remarks Where eigenvalues coincide, sums of a function of all of them have a gradient, single ones have none.
 */
export function eigenvalues(A: Complex, options: EigenvaluesOptions = {}): Tensor {
  const { method = "fused" } = options;
  checkChoice("eigenvalues", "method", method, ["fused", "composed"]);
  const n = checkSquare("eigenvalues", "A", A);
  const lead = leadOf(shapeOf(A));
  const flat = (part: Tensor): Tensor => tf.reshape(part, [sizeOf(lead), n, n]);
  return tf.tidy(() => {
    const stacked = tf.stack([flat(A.re), flat(A.im)], 1);
    return tf.reshape(hermitianEigenvalues(stacked, method), [...lead, n]);
  });
}
