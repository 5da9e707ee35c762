// Sweeps of Gibbs and Metropolis sampling over any coloured graph. The checked, named door is src/ising/samplers.

import { defineHostKernel, runKernel } from "../runtime/define.js";
import { defineGpuKernel } from "../runtime/gpu/define.js";
import { defineNativeKernel } from "../runtime/tensorflow/define.js";
import { hostPool } from "../runtime/host/pool.js";
import { composedSweeps } from "./composed.js";
import { sweepsContract } from "./contract.js";
import { sweepsGpu } from "./gpu.js";
import { runSweeps, sweepsHost } from "./host.js";
import { sweepsNative } from "./native.js";
import { prepareSweeps } from "./prepare.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { SweepAttrs, SweepCall, SweepResult } from "./contract.js";
import type { PreparedModel } from "./prepare.js";

export type { PreparedModel } from "./prepare.js";
export { composedSweeps, prepareSweeps };

defineHostKernel(sweepsContract, sweepsHost);
defineGpuKernel(sweepsContract, sweepsGpu);
defineNativeKernel(sweepsContract, sweepsNative);

/** Runs sweeps on the host, all threads; see {@link SweepCall}. */
export function sweep(prepared: PreparedModel, call: SweepCall): SweepResult {
  return runSweeps(hostPool(), prepared, call);
}

/** The spins after the last sweep as a tensor `[P, C, n]` of the active backend. Not differentiable. */
export function sweptSpins(attrs: SweepAttrs): Tensor {
  return runKernel(sweepsContract, {}, attrs)[0]!;
}
