// Comparisons but greaterEqual have no gradient in stock tfjs, so that where(greater(x, 0), …) throws. They are
// piecewise constant.

import * as tf from "@tensorflow/tfjs";
import type { GradientPatch } from "./saved-outputs.js";
import type { GradFunc } from "@tensorflow/tfjs";

const binary: GradFunc = (_, [a, b]) => ({
  a: () => tf.zeros(a!.shape),
  b: () => tf.zeros(b!.shape),
});

const names = ["Greater", "Less", "LessEqual", "Equal", "NotEqual", "LogicalAnd", "LogicalOr"];

/** The comparisons and the logical operations. */
export const comparisonPatches: readonly GradientPatch[] = [
  ...names.map((kernelName) => ({ kernelName, inputsToSave: ["a", "b"], gradFunc: binary })),
  {
    kernelName: "LogicalNot",
    inputsToSave: ["x"],
    gradFunc: (_, [x]) => ({ x: () => tf.zeros(x!.shape) }),
  },
];
