// conv2d has no second derivative in stock tfjs, since Conv2DBackpropFilter has no gradient: it is bilinear in the
// image and the cotangent, and both derivatives are convolutions again (dilation 1).

import * as tf from "@tensorflow/tfjs";
import type { GradientPatch } from "../saved-outputs.js";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs";

type Attrs = {
  readonly strides: [number, number] | number;
  readonly pad: "valid" | "same" | number;
  readonly dataFormat: "NHWC" | "NCHW";
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
};

/** The gradient of the filter's gradient. */
export const convolutionPatches: readonly GradientPatch[] = [
  {
    kernelName: "Conv2DBackpropFilter",
    inputsToSave: ["x", "dy"],
    gradFunc: (ddw, [x, dy], attrs) => {
      const { strides, pad, dataFormat, dimRoundingMode } = attrs as unknown as Attrs;
      const filter = ddw as Tensor4D;
      const common = { strides, pad, dataFormat, dimRoundingMode, inputShape: x!.shape };
      return {
        x: () =>
          tf
            .engine()
            .runKernel(
              "Conv2DBackpropInput",
              { dy: dy!, filter },
              common as never,
            ) as unknown as Tensor,
        dy: () => tf.conv2d(x as Tensor4D, filter, strides, pad, dataFormat, 1, dimRoundingMode),
      };
    },
  },
];
