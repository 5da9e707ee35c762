// Stock kernels of the tensorflow backend that are replaced. Applied when the backend is chosen, after it has registered
// its own.

import * as tf from "@tensorflow/tfjs";
import { imagesByPhases } from "./phases.js";
import { replaceKernels, type Kernel, type Replacement } from "./replace.js";
import type { Tensor } from "@tensorflow/tfjs";

type StepCall = { inputs: { x: Tensor }; attrs: { alpha: number } };

/**
 * Step, which every gradient of relu runs: stock seven operations, three of them over arrays that it fills first. The sign,
 * negative ones cut off, is the same, for not-a-number too.
 */
function step(stock: Kernel): Kernel {
  return (call: StepCall) => {
    const { inputs, attrs } = call;
    if (attrs.alpha !== 0 || inputs.x.dtype !== "float32") return stock(call as never);
    return tf.tidy(() => tf.relu(tf.sign(inputs.x)));
  };
}

/** The input's gradient of conv2d, which is also conv2dTranspose: faster where images come out, on a processor. */
function imagesFromFeatures(stock: Kernel): Kernel {
  return (call: Parameters<typeof imagesByPhases>[0]) => {
    const { isUsingGpuDevice } = tf.backend() as unknown as { isUsingGpuDevice: boolean };
    return (isUsingGpuDevice ? null : imagesByPhases(call)) ?? stock(call as never);
  };
}

/** From the stock kernel to what replaces it. */
const replacements: Readonly<Record<string, Replacement>> = {
  Step: step,
  Conv2DBackpropInput: imagesFromFeatures,
};

/** Names of the stock kernels of tensorflow that are replaced. */
export const TENSORFLOW_REPLACEMENTS: readonly string[] = Object.keys(replacements);

/** Replaces them, once. */
export function patchTensorflow(): void {
  replaceKernels("tensorflow", replacements);
}
