// Stock kernels of the webgpu backend that are replaced. Applied when the backend is chosen, after it has registered
// its own.

import { replaceKernels, type Kernel, type Replacement } from "../replace.js";
import { emptyConvolutions, repairEmpty } from "./empty.js";
import { pad } from "./pad.js";
import { batchMatMul } from "./products.js";
import { mean, sum } from "./sums.js";
import { unaryKernels } from "./unary.js";
import type { TensorInfo } from "@tensorflow/tfjs";
import type { WebgpuBackend } from "../../gpu/access.js";

/** The function for float32 tensors with entries, the stock kernel for others. */
function ofFloats(kernel: Kernel): Replacement {
  return (stock: Kernel) => (call: { inputs: { x: TensorInfo } }) => {
    const { dtype, shape } = call.inputs.x;
    return (dtype === "float32" && !shape.includes(0) ? kernel : stock)(call as never);
  };
}

const replacements: Readonly<Record<string, Replacement>> = {
  ...Object.fromEntries(
    Object.entries(unaryKernels).map(([name, kernel]) => [name, ofFloats(kernel)]),
  ),
  ...emptyConvolutions,
  PadV2: pad,
  Sum: sum,
  Mean: mean,
  BatchMatMul: batchMatMul,
};

/** Names of the stock webgpu kernels that are replaced. */
export const WEBGPU_REPLACEMENTS: readonly string[] = Object.keys(replacements);

const repaired = new WeakSet();

/** Replaces them, once, and repairs the backend, each once. */
export function patchWebgpu(backend: WebgpuBackend): void {
  if (!repaired.has(backend)) repairEmpty(backend);
  repaired.add(backend);
  replaceKernels("webgpu", replacements);
}
