// unstack of an axis of size 1 has one output, and tfjs hands its gradient a tensor where the stock one takes a list.
// So the second derivative of every stack of one tensor fails.

import * as tf from "@tensorflow/tfjs";
import type { GradientPatch } from "./saved-outputs.js";
import type { Tensor } from "@tensorflow/tfjs";

/** Unpack. */
export const unstackingPatches: readonly GradientPatch[] = [
  {
    kernelName: "Unpack",
    inputsToSave: [],
    gradFunc: (dy, _saved, attrs) => {
      const { axis } = attrs as unknown as { axis: number };
      const parts: Tensor[] = Array.isArray(dy) ? dy : [dy];
      return { value: () => tf.stack(parts, axis) };
    },
  },
];
