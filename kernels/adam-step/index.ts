// Steps of Adam for parameters of a population: the operation of src/learning.

import * as tf from "@tensorflow/tfjs";
import { defineHostKernel, runKernel } from "../runtime/define.js";
import { defineGpuKernel } from "../runtime/gpu/define.js";
import { defineNativeKernel, nativeUse } from "../runtime/tensorflow/define.js";
import { adamStepComposed } from "./composed.js";
import { adamStepContract } from "./contract.js";
import { defineAdamStepGradient } from "./gradient.js";
import { adamStepGpu } from "./gpu.js";
import { adamStepHost } from "./host.js";
import { adamStepLibraryContract, defineAdamStepLibrary, libraryHas } from "./library.js";
import { adamStepNative } from "./native.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { AdamRates } from "./contract.js";

export type { AdamRates } from "./contract.js";

defineHostKernel(adamStepContract, adamStepHost);
defineGpuKernel(adamStepContract, adamStepGpu);
defineNativeKernel(adamStepContract, adamStepNative);
defineAdamStepLibrary();
defineAdamStepGradient();

/** Tensors of one shape `[P, …]`. */
export type AdamTensors = {
  readonly parameters: Tensor;
  readonly gradient: Tensor;
  /** Running means of the gradient and of its square. */
  readonly m: Tensor;
  readonly v: Tensor;
};

/**
 * Which form runs. `fused`: one pass over the tensors, in host memory. `composed`: tf operations. `library`: TensorFlow's own
 * operation on its processor device, for one set of rates with weights 1 − d and without corrections. All have derivatives
 * of any order; fused and composed have the same bits, the library rounds otherwise.
 */
export type AdamStepMethod = "fused" | "composed" | "library";

/** Parameters above which copies from and to TensorFlow's memory cost more than its own passes: measured, see README.md. */
const COPIES_PAY = 500_000;

/** The faster form on the active backend. */
function fasterForm(size: number, rates: readonly AdamRates[]): AdamStepMethod {
  // Where tensors lie on a GPU the kernel is made of tf operations itself.
  if (tf.getBackend() !== "tensorflow" || nativeUse() !== "host") return "fused";
  if (libraryHas(rates)) return "library";
  return size > COPIES_PAY ? "composed" : "fused";
}

function check({ parameters, ...others }: AdamTensors, rates: readonly AdamRates[]): void {
  const shape = parameters.shape.join();
  const fits = rates.length === 1 || rates.length === parameters.shape[0];
  const other = Object.entries(others).find(([, x]) => x.shape.join() !== shape);
  if (fits && other === undefined) return;
  throw new Error(
    other === undefined
      ? `adamStep: argument \`rates\` must have one entry, or one for each of the ${String(parameters.shape[0])} replicas, but has ${String(rates.length)}.`
      : `adamStep: argument \`${other[0]}\` must have the shape of the parameters, [${shape}], but has [${other[1].shape.join()}].`,
  );
}

/**
 * One step of Adam:
 * `m ← d₁ m + w₁ g`, `v ← d₂ v + w₂ g²`, `x ← x + η (u₁ m) / (√(u₂ v) + ε)`.
 *
 * @param rates - one for all replicas, or one for each index of the first axis
 * @param method - default: the faster one on this backend
 * @see Kingma & Ba, arXiv:1412.6980, algorithm 1
 */
export function adamStep(
  tensors: AdamTensors,
  rates: readonly AdamRates[],
  method: AdamStepMethod = fasterForm(tensors.parameters.size, rates),
): Omit<AdamTensors, "gradient"> {
  check(tensors, rates);
  if (method === "library" && !libraryHas(rates))
    throw new Error(
      "adamStep: argument `rates` must be one set, with weights 1 − decay, for `library`.",
    );
  const contract = method === "library" ? adamStepLibraryContract : adamStepContract;
  // Without parameters there is nothing to compose, and tfjs fails on axes of size 0.
  const composed = method === "composed" && tensors.parameters.size > 0;
  const [parameters, m, v] = composed
    ? tf.tidy(() => adamStepComposed(tensors, { rates }))
    : runKernel(contract, tensors, { rates });
  return { parameters: parameters!, m: m!, v: v! };
}
