// Stock kernels of the wasm backend that are replaced. Applied when the backend is chosen, after it has registered
// its own.

import * as tf from "@tensorflow/tfjs";
import { hostAccess, type HostAccess } from "../host/access.js";
import { conv2dFilterGradient, conv2dInputGradient } from "./convolution/index.js";
import { FROM_CPU, fromCpu } from "./from-cpu.js";
import { pack, slice, unpack } from "./pieces.js";
import { batchMatMul, fusedMatMul } from "./matrix-product/index.js";
import { mean, sum } from "./sum/index.js";
import type { TensorInfo } from "@tensorflow/tfjs";

type WasmBackend = Parameters<HostAccess["read"]>[0] & {
  incRef(dataId: TensorInfo["dataId"]): void;
};

type Call = { inputs: { x: TensorInfo }; backend: WasmBackend };

/** A kernel function; each takes a call of its own form. */
type Kernel = (call: never) => TensorInfo | TensorInfo[];

/**
 * Stock Identity copies the values. It runs whenever the tape saves an input, that is for every input of every
 * operation under a gradient; tensors do not change, so that sharing them, as the cpu backend does, is enough.
 */
function identity({ inputs: { x }, backend }: Call): TensorInfo {
  backend.incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
}

/** From the stock kernel, if there is one, to what replaces it. */
type Replacement = (stock: never) => Kernel;

const replacements: Readonly<Record<string, Replacement>> = {
  Identity: () => identity,
  Slice: slice,
  Unpack: unpack,
  Pack: pack,
  Sum: sum,
  Mean: mean,
  BatchMatMul: () => batchMatMul,
  _FusedMatMul: () => fusedMatMul,
  Conv2DBackpropFilter: () => conv2dFilterGradient(hostAccess.wasm),
  Conv2DBackpropInput: () => conv2dInputGradient(hostAccess.wasm),
  ...Object.fromEntries(FROM_CPU.map((name) => [name, () => fromCpu(name)])),
};

/** Names of the stock wasm kernels that are replaced. */
export const WASM_REPLACEMENTS: readonly string[] = Object.keys(replacements);

let done = false;

/** Replaces them, once. */
export function patchWasm(): void {
  if (done) return;
  done = true;
  for (const [kernelName, replace] of Object.entries(replacements)) {
    const stock = tf.getKernel(kernelName, "wasm") as ReturnType<typeof tf.getKernel> | undefined;
    // Registering over another kernel only warns.
    if (stock !== undefined) tf.unregisterKernel(kernelName, "wasm");
    tf.registerKernel({
      kernelName,
      backendName: "wasm",
      kernelFunc: replace(stock?.kernelFunc as never) as never,
    });
  }
}
