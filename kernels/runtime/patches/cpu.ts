// Stock kernels of the cpu backend that are replaced: what makes the models with convolutions take minutes a step there.
// Applied when the backend is chosen.

import { hostAccess } from "../host/access.js";
import { conv2dFilterGradient, conv2dInputGradient } from "./convolution/index.js";
import { replaceKernels, type Kernel, type Replacement } from "./replace.js";

type Call = { attrs: { readonly dataFormat: string } };

/** Data with the channels first stay with the stock kernel. */
function withChannelsLast(own: Kernel): Replacement {
  return (stock: Kernel) => (call: Call) =>
    (call.attrs.dataFormat === "NHWC" ? own : stock)(call as never);
}

const replacements: Readonly<Record<string, Replacement>> = {
  Conv2DBackpropFilter: withChannelsLast(conv2dFilterGradient(hostAccess.cpu)),
  Conv2DBackpropInput: withChannelsLast(conv2dInputGradient(hostAccess.cpu)),
};

/** Names of the stock kernels of cpu that are replaced. */
export const CPU_REPLACEMENTS: readonly string[] = Object.keys(replacements);

/** Replaces them, once. */
export function patchCpu(): void {
  replaceKernels("cpu", replacements);
}
