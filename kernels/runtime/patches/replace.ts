// Putting own kernels in the place of a backend's. What is replaced by what stands with each backend.

import * as tf from "@tensorflow/tfjs";
import type { TensorInfo } from "@tensorflow/tfjs";

/** A kernel function; each takes a call of its own form. */
export type Kernel = (call: never) => TensorInfo | TensorInfo[];

/** From the stock kernel, if there is one, to what replaces it. */
export type Replacement = (stock: never) => Kernel;

/** Backends whose kernels are replaced already. */
const done = new Set<string>();

/** Replaces kernels of a backend after it has registered its own, once. */
export function replaceKernels(
  backendName: string,
  replacements: Readonly<Record<string, Replacement>>,
): void {
  if (done.has(backendName)) return;
  done.add(backendName);
  for (const [kernelName, replace] of Object.entries(replacements)) {
    const stock = tf.getKernel(kernelName, backendName) as
      ReturnType<typeof tf.getKernel> | undefined;
    // Registering over another kernel only warns.
    if (stock !== undefined) tf.unregisterKernel(kernelName, backendName);
    const kernelFunc = replace(stock?.kernelFunc as never) as never;
    tf.registerKernel({ kernelName, backendName, kernelFunc });
  }
}
