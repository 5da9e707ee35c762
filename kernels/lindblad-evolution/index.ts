// Evolution of Lindblad equations with constant generators. The checked door is src/open-systems/evolve.ts.

import * as tf from "@tensorflow/tfjs";
import { defineHostKernel, runKernel } from "../runtime/define.js";
import { defineGpuKernel } from "../runtime/gpu/define.js";
import { defineNativeKernel } from "../runtime/tensorflow/define.js";
import { evolutionContract, evolutionGradContract } from "./contract.js";
import { defineEvolutionGradient } from "./gradient.js";
import { evolutionGpu, evolutionGradGpu } from "./gpu.js";
import { evolutionGradHost, evolutionHost } from "./host.js";
import { evolutionGradNative, evolutionNative } from "./native.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { EvolutionAttrs } from "./contract.js";

export { evolutionComposed, propagated, propagatorOf } from "./composed.js";
export { doubled, halved, hermitianPart, swapped } from "./doubled.js";
export { derivative, gain, generatorOf } from "./generator.js";
export type { Generator } from "./generator.js";
export { DORMAND_PRINCE } from "./polynomials.js";
export type { Tableau } from "./polynomials.js";

defineHostKernel(evolutionContract, evolutionHost);
defineHostKernel(evolutionGradContract, evolutionGradHost);
defineGpuKernel(evolutionContract, evolutionGpu);
defineGpuKernel(evolutionGradContract, evolutionGradGpu);
defineNativeKernel(evolutionContract, evolutionNative);
defineNativeKernel(evolutionGradContract, evolutionGradNative);
defineEvolutionGradient();

/** Operators, state and observables in the shapes of the contract. */
export type EvolutionInputs = {
  readonly H: Tensor;
  readonly jumps: Tensor;
  readonly rho0: Tensor;
  readonly observables: Tensor;
};

/** States, expectation values and reports. Shapes: contract.ts. */
export function lindbladEvolution(
  inputs: EvolutionInputs,
  attrs: EvolutionAttrs,
): { readonly states: Tensor; readonly expectations: Tensor; readonly report: Tensor } {
  return tf.tidy(() => {
    const [states, expectations, report] = runKernel(evolutionContract, inputs, attrs);
    return { states: states!, expectations: expectations!, report: report! };
  });
}
