// Stock kernels of the wasm backend that are replaced. Applied when the backend is chosen, after it has registered
// its own.

import * as tf from "@tensorflow/tfjs";
import { hostAccess, type HostAccess } from "../host/access.js";
import type { TensorInfo } from "@tensorflow/tfjs";

type WasmBackend = Parameters<HostAccess["read"]>[0] & {
  incRef(dataId: TensorInfo["dataId"]): void;
};

type Call = { inputs: { x: TensorInfo }; backend: WasmBackend; attrs?: unknown };

type Kernel = (call: Call) => TensorInfo;

/**
 * Stock Identity copies the values. It runs whenever the tape saves an input, that is for every input of every
 * operation under a gradient; tensors do not change, so that sharing them, as the cpu backend does, is enough.
 */
function identity({ inputs: { x }, backend }: Call): TensorInfo {
  backend.incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
}

/** Stock Sum over an empty axis returns whatever lay in memory. */
function sum(stock: Kernel): Kernel {
  return (call) => {
    const result = stock(call);
    if (tf.util.sizeFromShape(call.inputs.x.shape) === 0) {
      hostAccess.wasm.read(call.backend, result).fill(0);
    }
    return result;
  };
}

/** Replacements, as functions of the stock kernel. */
const replacements: Readonly<Record<string, (stock: Kernel) => Kernel>> = {
  Identity: () => identity,
  Sum: sum,
};

/** Names of the stock wasm kernels that are replaced. */
export const WASM_REPLACEMENTS: readonly string[] = Object.keys(replacements);

let done = false;

/** Replaces them, once. */
export function patchWasm(): void {
  if (done) return;
  done = true;
  for (const [kernelName, replace] of Object.entries(replacements)) {
    const stock = tf.getKernel(kernelName, "wasm").kernelFunc as unknown as Kernel;
    // Registering over another kernel only warns.
    tf.unregisterKernel(kernelName, "wasm");
    tf.registerKernel({ kernelName, backendName: "wasm", kernelFunc: replace(stock) as never });
  }
}
