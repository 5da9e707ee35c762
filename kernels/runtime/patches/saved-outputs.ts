// Gradients that stock tfjs takes from a saved output. The saved output has lost its dependence on the input, so
// that second derivatives come out wrong without a word. These save inputs only.

import * as tf from "@tensorflow/tfjs";
import { reduceTo } from "./reduce-to.js";
import type { GradFunc, Tensor } from "@tensorflow/tfjs";

/** A replacement for a stock gradient. */
export type GradientPatch = {
  readonly kernelName: string;
  readonly inputsToSave: readonly string[];
  readonly gradFunc: GradFunc;
};

const { mul, square, sub } = tf;

/** f'(x) dy. */
function unary(kernelName: string, derivative: (x: Tensor) => Tensor): GradientPatch {
  const gradFunc: GradFunc = (dy, [x]) => ({ x: () => mul(dy as Tensor, derivative(x!)) });
  return { kernelName, inputsToSave: ["x"], gradFunc };
}

function sigmoidDerivative(x: Tensor): Tensor {
  const y = tf.sigmoid(x);
  return mul(y, sub(1, y));
}

function eluDerivative(x: Tensor): Tensor {
  // exp of the negative part only: where() would multiply an overflow by 0.
  return tf.where(tf.greater(x, 0), tf.onesLike(x), tf.exp(tf.minimum(x, 0)));
}

const softmax: GradientPatch = {
  kernelName: "Softmax",
  inputsToSave: ["logits"],
  gradFunc: (dy, [logits], attrs) => ({
    logits: () => {
      const dim = (attrs as { dim: number }).dim;
      const y = tf.softmax(logits!, dim);
      const weighted = mul(dy as Tensor, y);
      return sub(weighted, mul(tf.sum(weighted, [dim], true), y));
    },
  }),
};

/** d/db aᵇ = aᵇ ln a, taken as 0 where a ≤ 0, as the stock gradient does. */
function powExponent(a: Tensor, b: Tensor): Tensor {
  const positive = tf.greater(a, 0);
  const logA = tf.where(positive, tf.log(tf.where(positive, a, tf.onesLike(a))), tf.zerosLike(a));
  return mul(tf.pow(a, b), logA);
}

const pow: GradientPatch = {
  kernelName: "Pow",
  inputsToSave: ["a", "b"],
  gradFunc: (dy, saved) => {
    const [a, b] = saved as [Tensor, Tensor];
    const power = tf.cast(b, "float32");
    return {
      a: () => reduceTo(mul(dy as Tensor, mul(power, tf.pow(a, sub(power, 1)))), a.shape),
      b: () => reduceTo(mul(dy as Tensor, powExponent(a, b)), b.shape),
    };
  },
};

/** Exp, Tanh, Sigmoid, Elu, Softmax, Pow. */
export const savedOutputPatches: readonly GradientPatch[] = [
  unary("Exp", (x) => tf.exp(x)),
  unary("Tanh", (x) => sub(1, square(tf.tanh(x)))),
  unary("Sigmoid", sigmoidDerivative),
  unary("Elu", eluDerivative),
  softmax,
  pow,
];
