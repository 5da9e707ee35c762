// The vector-Jacobian product of a step is that of its composed form: nothing that is trained by steps needs it, what
// learns how to learn does.

import * as tf from "@tensorflow/tfjs";
import { defineGradient } from "../runtime/define.js";
import { nestedGradients } from "../runtime/nested-gradient.js";
import { adamStepComposed } from "./composed.js";
import { adamStepContract } from "./contract.js";
import { adamStepLibraryContract } from "./library.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { AdamStepAttrs } from "./contract.js";

const NAMES = adamStepContract.inputs;

/** Gradients by all inputs for the cotangents of the three outputs. */
function pulledBack(
  inputs: readonly Tensor[],
  dys: readonly Tensor[],
  attrs: AdamStepAttrs,
): readonly Tensor[] {
  // tfjs fails on axes of size 0.
  if (inputs[0]!.size === 0) return inputs.map(({ shape }) => tf.zeros(shape));
  const product = (given: readonly Tensor[]): Tensor => {
    const named = Object.fromEntries(NAMES.map((name, i) => [name, given[i]!]));
    const parts = adamStepComposed(named, attrs).map((y, i) => tf.sum(tf.mul(y, dys[i]!)));
    return parts.reduce((a, b) => tf.add(a, b));
  };
  return nestedGradients(product, inputs, tf.scalar(1));
}

/** Registers the gradient of both kernels; it is on the tape, so that there are derivatives of any order. */
export function defineAdamStepGradient(): void {
  for (const contract of [adamStepContract, adamStepLibraryContract])
    defineGradient(contract, (dys, saved, attrs) => {
      const gradients = pulledBack(saved, dys as Tensor[], attrs as never);
      return Object.fromEntries(NAMES.map((name, i) => [name, () => gradients[i]!]));
    });
}
