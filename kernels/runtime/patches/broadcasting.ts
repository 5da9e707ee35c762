// Gradients of broadcasting operands that stock tfjs answers with a shape error. matMul: one side may have batch
// axes of size 1 (with both sides broadcasting, stock tfjs is wrong in the value already).

import * as tf from "@tensorflow/tfjs";
import { reduceTo } from "./reduce-to.js";
import type { GradientPatch } from "./saved-outputs.js";
import type { GradFunc, Tensor } from "@tensorflow/tfjs";

type Compare = (a: Tensor, b: Tensor) => Tensor;

function extremum(kernelName: string, wins: Compare, loses: Compare): GradientPatch {
  const gradFunc: GradFunc = (dy, saved) => {
    const [a, b] = saved as [Tensor, Tensor];
    const share = (which: Compare): Tensor => tf.mul(dy as Tensor, tf.cast(which(a, b), "float32"));
    return { a: () => reduceTo(share(wins), a.shape), b: () => reduceTo(share(loses), b.shape) };
  };
  return { kernelName, inputsToSave: ["a", "b"], gradFunc };
}

const squaredDifference: GradFunc = (dy, saved) => {
  const [a, b] = saved as [Tensor, Tensor];
  const slope = (): Tensor => tf.mul(dy as Tensor, tf.mul(2, tf.sub(a, b)));
  return { a: () => reduceTo(slope(), a.shape), b: () => reduceTo(tf.neg(slope()), b.shape) };
};

// C = op(A) op(B); p, q say whether op transposes.
const matMul: GradFunc = (dy, saved, attrs) => {
  const [a, b, g] = [saved[0]!, saved[1]!, dy as Tensor];
  const { transposeA: p, transposeB: q } = attrs as unknown as {
    transposeA: boolean;
    transposeB: boolean;
  };
  return {
    a: () => reduceTo(p ? tf.matMul(b, g, q, true) : tf.matMul(g, b, false, !q), a.shape),
    b: () => reduceTo(q ? tf.matMul(g, a, true, p) : tf.matMul(a, g, !p, false), b.shape),
  };
};

/** Maximum, Minimum, SquaredDifference, BatchMatMul. */
export const broadcastingPatches: readonly GradientPatch[] = [
  extremum("Maximum", tf.greaterEqual, tf.less),
  extremum("Minimum", tf.lessEqual, tf.greater),
  { kernelName: "SquaredDifference", inputsToSave: ["a", "b"], gradFunc: squaredDifference },
  { kernelName: "BatchMatMul", inputsToSave: ["a", "b"], gradFunc: matMul },
];
