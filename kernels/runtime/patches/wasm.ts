// Stock kernels of the wasm backend that are replaced. Applied when the backend is chosen, after it has registered
// its own.

import * as tf from "@tensorflow/tfjs";
import type { TensorInfo } from "@tensorflow/tfjs";

type Sharing = { incRef(dataId: TensorInfo["dataId"]): void };

type IdentityCall = { inputs: { x: TensorInfo }; backend: Sharing };

/**
 * Stock Identity copies the values. It runs whenever the tape saves an input, that is for every input of every
 * operation under a gradient; tensors do not change, so that sharing them, as the cpu backend does, is enough.
 */
function identity({ inputs: { x }, backend }: IdentityCall): TensorInfo {
  backend.incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
}

const replacements = { Identity: identity };

/** Names of the stock wasm kernels that are replaced. */
export const WASM_REPLACEMENTS: readonly string[] = Object.keys(replacements);

let done = false;

/** Replaces them, once. */
export function patchWasm(): void {
  if (done) return;
  done = true;
  for (const [kernelName, kernelFunc] of Object.entries(replacements)) {
    // Registering over another kernel only warns.
    tf.unregisterKernel(kernelName, "wasm");
    tf.registerKernel({ kernelName, backendName: "wasm", kernelFunc: kernelFunc as never });
  }
}
