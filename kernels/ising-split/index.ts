// Sums over all states of up to 36 spins. The checked, named door is src/ising/exact.

import { defineHostKernel, runKernel } from "../runtime/define.js";
import { defineGpuKernel } from "../runtime/gpu/define.js";
import { hostPool } from "../runtime/host/pool.js";
import { splitContract } from "./contract.js";
import { splitGpu } from "./gpu.js";
import { fitsSplit, runSplit, runSplitTotal, splitHost } from "./host.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { SplitAttrs, SplitModel, SplitMoments } from "./contract.js";

export { fitsSplit };

defineHostKernel(splitContract, splitHost);
defineGpuKernel(splitContract, splitGpu);

/** logZ and moments on the host, all threads, in float64, for a model for which {@link fitsSplit}. */
export function splitMoments(model: SplitModel): SplitMoments {
  return runSplit(hostPool(), model);
}

/** logZ alone, in a third of the time. */
export function splitLogZ(model: SplitModel): number {
  return runSplitTotal(hostPool(), model);
}

/** logZ, ⟨s_i⟩ and ⟨s_i s_j⟩ of each model as a tensor `[P, 1 + n + n²]` of the active backend. Not differentiable. */
export function splitRows(attrs: SplitAttrs): Tensor {
  return runKernel(splitContract, {}, attrs)[0]!;
}
