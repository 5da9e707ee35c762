// Repairs of what stock tfjs 4.22 computes wrongly or slowly. The gradients are replaced once, when this module is
// loaded; the kernels of a backend when it is chosen. Each has a test that fails without it.

import * as tf from "@tensorflow/tfjs";
import { broadcastingPatches } from "./broadcasting.js";
import { comparisonPatches } from "./comparisons.js";
import { convolutionPatches } from "./convolution/gradient.js";
import { savedOutputPatches } from "./saved-outputs.js";
import { unstackingPatches } from "./unstacking.js";

export { CPU_REPLACEMENTS, patchCpu } from "./cpu.js";
export { patchTensorflow, TENSORFLOW_REPLACEMENTS } from "./tensorflow.js";
export { patchWasm, WASM_REPLACEMENTS } from "./wasm.js";
export { patchWebgpu, WEBGPU_REPLACEMENTS } from "./gpu/index.js";

const patches = [
  ...savedOutputPatches,
  ...comparisonPatches,
  ...broadcastingPatches,
  ...convolutionPatches,
  ...unstackingPatches,
];

for (const { kernelName, inputsToSave, gradFunc } of patches) {
  // Silent where a stock gradient exists: the last registration wins.
  tf.registerGradient({ kernelName, inputsToSave: [...inputsToSave], gradFunc });
}

/** Names of the stock gradients that are replaced or added. */
export function patchNames(): readonly string[] {
  return patches.map(({ kernelName }) => kernelName);
}
