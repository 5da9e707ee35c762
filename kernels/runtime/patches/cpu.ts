// Stock kernels of the cpu backend that are replaced: what makes the models with convolutions take minutes a step there.
// Applied when the backend is chosen.

import * as tf from "@tensorflow/tfjs";
import { hostAccess } from "../host/access.js";
import { conv2dFilterGradient, conv2dInputGradient } from "./convolution/index.js";
import type { TensorInfo } from "@tensorflow/tfjs";

type Call = { attrs: { readonly dataFormat: string } };

type Kernel = (call: never) => TensorInfo;

const replacements: Readonly<Record<string, Kernel>> = {
  Conv2DBackpropFilter: conv2dFilterGradient(hostAccess.cpu),
  Conv2DBackpropInput: conv2dInputGradient(hostAccess.cpu),
};

/** Names of the stock kernels of cpu that are replaced. */
export const CPU_REPLACEMENTS: readonly string[] = Object.keys(replacements);

let done = false;

/** Replaces them, once; data with the channels first stay with the stock kernels. */
export function patchCpu(): void {
  if (done) return;
  done = true;
  for (const [kernelName, own] of Object.entries(replacements)) {
    const stock = tf.getKernel(kernelName, "cpu").kernelFunc as unknown as Kernel;
    const kernelFunc = (call: Call): TensorInfo =>
      (call.attrs.dataFormat === "NHWC" ? own : stock)(call as never);
    // Registering over another kernel only warns.
    tf.unregisterKernel(kernelName, "cpu");
    tf.registerKernel({ kernelName, backendName: "cpu", kernelFunc: kernelFunc as never });
  }
}
