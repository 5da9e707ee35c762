// What the eigenvalues of Hermitian matrices and their vector-Jacobian product take and give, and their vectors.

import type { KernelContract } from "../runtime/define.js";

/** No kernel here has options. */
export type EigenvaluesAttrs = Readonly<Record<string, never>>;

/**
 * `ZenoHermitianEigenvalues`: a `[B, 2, n, n]` → values `[B, n]`, the smallest first. The axis of size 2 is the real and
 * the imaginary part. Only the Hermitian part of a counts.
 */
export const eigenvaluesContract: KernelContract<EigenvaluesAttrs> = {
  name: "ZenoHermitianEigenvalues",
  inputs: ["a"],
  outputShapes: ({ a }) => [[a![0]!, a![3]!]],
};

/** `ZenoHermitianEigenvaluesGrad`: the same and the cotangent of the values → the gradient by a. */
export const eigenvaluesGradContract: KernelContract<EigenvaluesAttrs> = {
  name: "ZenoHermitianEigenvaluesGrad",
  inputs: ["a", "dvalues"],
  outputShapes: ({ a }) => [a!],
};

/**
 * `ZenoHermitianEigenvectors`: a `[B, 2, n, n]` → values `[B, n]`, the smallest first, and vectors `[B, 2, n, n]`, their
 * columns. The largest component of each vector is real and positive.
 */
export const eigenvectorsContract: KernelContract<EigenvaluesAttrs> = {
  name: "ZenoHermitianEigenvectors",
  inputs: ["a"],
  outputShapes: ({ a }) => [[a![0]!, a![3]!], a!],
};
