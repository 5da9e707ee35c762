// The inputs of the network's operations by name, and their gradients back from a kernel's list of outputs.

import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";
import type { EffectiveInputs } from "./composed.js";
import type { EFFECTIVE_INPUTS } from "./contract.js";

/** Name of an input that has a gradient. */
export type InputName = (typeof EFFECTIVE_INPUTS)[number];

/** A steady state and the gradients of its product with a cotangent; those of inputs not given are empty. */
export type ValueAndGradients = {
  readonly value: Tensor;
  readonly gradients: Readonly<Record<InputName, Tensor>>;
};

/** Every input of the contract, an empty tensor where it is not given. */
export function allInputs(inputs: EffectiveInputs): Record<InputName, Tensor> {
  const notGiven = tf.tensor1d([]);
  const { theta, J, phi = notGiven, gamma = notGiven, polarization = notGiven } = inputs;
  return { theta, phi, J, gamma, polarization };
}

/** Names the outputs of a gradient kernel: one gradient per input in order, then the value. */
export function valueAndGradients(outputs: readonly Tensor[]): ValueAndGradients {
  const [theta, phi, J, gamma, polarization, value] = outputs;
  return {
    value: value!,
    gradients: {
      theta: theta!,
      phi: phi!,
      J: J!,
      gamma: gamma!,
      polarization: polarization!,
    },
  };
}
