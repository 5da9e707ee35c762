// How eigenvalues and eigenvectors run on the backend `webgpu`.

import { composedGradients } from "../runtime/gpu/composed.js";
import { eigenvaluesComposed, eigenvectorsComposed } from "./composed.js";
import type { GpuForm } from "../runtime/gpu/define.js";
import type { EigenvaluesAttrs } from "./contract.js";

/** Form of `ZenoHermitianEigenvalues`. */
export const eigenvaluesGpu: GpuForm<EigenvaluesAttrs> = {
  by: "composed",
  run: ({ a }) => [eigenvaluesComposed(a!)],
};

/** Form of `ZenoHermitianEigenvaluesGrad`. */
export const eigenvaluesGradGpu: GpuForm<EigenvaluesAttrs> = {
  by: "composed",
  run: (inputs) =>
    composedGradients(({ a }) => eigenvaluesComposed(a!), inputs, ["a"], inputs["dvalues"]!)
      .gradients,
};

/** Form of `ZenoHermitianEigenvectors`. */
export const eigenvectorsGpu: GpuForm<EigenvaluesAttrs> = {
  by: "composed",
  run: ({ a }) => eigenvectorsComposed(a!),
};
