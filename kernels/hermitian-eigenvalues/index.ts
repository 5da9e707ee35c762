// Eigenvalues and eigenvectors of batches of Hermitian matrices. The checked doors are in src/linalg.

import * as tf from "@tensorflow/tfjs";
import { defineHostKernel, runKernel } from "../runtime/define.js";
import { defineGpuKernel } from "../runtime/gpu/define.js";
import { defineNativeKernel } from "../runtime/tensorflow/define.js";
import { eigenvaluesComposed } from "./composed.js";
import { eigenvaluesContract, eigenvaluesGradContract, eigenvectorsContract } from "./contract.js";
import { defineEigenvaluesGradient } from "./gradient.js";
import { eigenvaluesGpu, eigenvaluesGradGpu, eigenvectorsGpu } from "./gpu.js";
import { eigenvaluesGradHost, eigenvaluesHost, eigenvectorsHost } from "./host.js";
import { eigenvaluesGradNative, eigenvaluesNative, eigenvectorsNative } from "./native.js";
import { defineEigenvectorsGradient } from "./vectors.js";
import type { Tensor } from "@tensorflow/tfjs";

defineHostKernel(eigenvaluesContract, eigenvaluesHost);
defineHostKernel(eigenvaluesGradContract, eigenvaluesGradHost);
defineHostKernel(eigenvectorsContract, eigenvectorsHost);
defineGpuKernel(eigenvaluesContract, eigenvaluesGpu);
defineGpuKernel(eigenvaluesGradContract, eigenvaluesGradGpu);
defineGpuKernel(eigenvectorsContract, eigenvectorsGpu);
defineNativeKernel(eigenvaluesContract, eigenvaluesNative);
defineNativeKernel(eigenvaluesGradContract, eigenvaluesGradNative);
defineNativeKernel(eigenvectorsContract, eigenvectorsNative);
defineEigenvaluesGradient();
defineEigenvectorsGradient();

/** Which form runs: the fused kernel, first derivatives, or tf operations, two orders. */
export type EigenvaluesMethod = "fused" | "composed";

/** Eigenvalues `[B, n]` of matrices `[B, 2, n, n]`, the smallest first. Shapes: contract.ts. */
export function hermitianEigenvalues(a: Tensor, method: EigenvaluesMethod = "fused"): Tensor {
  // Without matrices there is nothing to compose, and tfjs fails on axes of size 0.
  const composed = method === "composed" && a.size > 0;
  return tf.tidy(() =>
    composed ? eigenvaluesComposed(a) : runKernel(eigenvaluesContract, { a }, {})[0]!,
  );
}

/** Eigenvalues, and eigenvectors as columns `[B, 2, n, n]`; any order of derivative. Shapes: contract.ts. */
export function hermitianEigenvectors(a: Tensor): [values: Tensor, vectors: Tensor] {
  return tf.tidy(() => runKernel(eigenvectorsContract, { a }, {}) as [Tensor, Tensor]);
}
