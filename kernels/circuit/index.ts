// Circuits in canonical shapes: expectation values of Pauli words, and states. The checked door with any leading axes
// is src/circuits/.

import * as tf from "@tensorflow/tfjs";
import { defineHostKernel, runKernel } from "../runtime/define.js";
import { defineGpuKernel } from "../runtime/gpu/define.js";
import { defineNativeKernel } from "../runtime/tensorflow/define.js";
import { circuitComposed } from "./composed.js";
import { circuitContract, circuitGradContract } from "./contract.js";
import { defineCircuitGradient } from "./gradient.js";
import { circuitGpu, circuitGradGpu } from "./gpu.js";
import { circuitGradHost, circuitHost } from "./host.js";
import { circuitGradNative, circuitNative } from "./native.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { CircuitAttrs } from "./contract.js";
import type { GateProgram, PauliWord } from "./program.js";

defineHostKernel(circuitContract, circuitHost);
defineHostKernel(circuitGradContract, circuitGradHost);
defineGpuKernel(circuitContract, circuitGpu);
defineGpuKernel(circuitGradContract, circuitGradGpu);
defineNativeKernel(circuitContract, circuitNative);
defineNativeKernel(circuitGradContract, circuitGradNative);
defineCircuitGradient();

export {
  angleOf,
  bitsOf,
  constantAngle,
  gateProgram,
  MAX_WIRES,
  ones,
  pauliWord,
} from "./program.js";
export type {
  Angle,
  Flip,
  GateProgram,
  PauliWord,
  Phase,
  Primitive,
  Rotation,
  Unitary,
} from "./program.js";

/** Inputs in the canonical shapes of the contract: both tables, and the states to start from, |0…0⟩ by default. */
export type CircuitInputs = {
  /** `[P, nS]` */
  readonly shared: Tensor;
  /** `[P or 1, B, nX]` */
  readonly sample: Tensor;
  /** `[P or 1, B or 1, N]` each, not normalised here; derivatives treat them as independent. */
  readonly initial?: { readonly re: Tensor; readonly im: Tensor } | undefined;
};

/** Which form runs: the fused kernel, or tf operations that can be differentiated to any order. */
export type CircuitMethod = "fused" | "composed";

function named({ shared, sample, initial }: CircuitInputs): Record<string, Tensor> {
  const none = (): Tensor => tf.zeros([0]);
  return { shared, sample, re: initial?.re ?? none(), im: initial?.im ?? none() };
}

function run(inputs: CircuitInputs, attrs: CircuitAttrs, method: CircuitMethod): Tensor {
  const [P, B] = [inputs.shared.shape[0], inputs.sample.shape[1]!];
  // Without samples there is nothing to compose, and tfjs fails on axes of size 0.
  if (method === "composed" && P * B > 0) return circuitComposed(inputs, attrs);
  return runKernel(circuitContract, named(inputs), attrs)[0]!;
}

/** `⟨ψ|P_w|ψ⟩` for each word w, `[P, B, words]`. Weighted sums of words are a product with a matrix of weights. */
export function circuitExpectation(
  inputs: CircuitInputs,
  program: GateProgram,
  words: readonly PauliWord[],
  method: CircuitMethod,
): Tensor {
  return tf.tidy(() => run(inputs, { program, output: words }, method));
}

/** The final states, re and im `[P, B, N]`. */
export function circuitState(
  inputs: CircuitInputs,
  program: GateProgram,
  method: CircuitMethod,
): { re: Tensor; im: Tensor } {
  return tf.tidy(() => {
    const both = run(inputs, { program, output: "state" }, method);
    const [P, B, , N] = both.shape as [number, number, number, number];
    const part = (i: number): Tensor =>
      tf.reshape(tf.slice(both, [0, 0, i, 0], [P, B, 1, N]), [P, B, N]);
    return { re: part(0), im: part(1) };
  });
}

/** Expectation values, and the gradients of their product with a cotangent. */
export type CircuitGradients = {
  readonly value: Tensor;
  readonly shared: Tensor;
  readonly sample: Tensor;
  /** Empty where no initial states are given. */
  readonly initial: { readonly re: Tensor; readonly im: Tensor };
};

/** Both in one pass. */
export function circuitValueAndGradients(
  inputs: CircuitInputs,
  cotangent: Tensor,
  program: GateProgram,
  words: readonly PauliWord[],
): CircuitGradients {
  return tf.tidy(() => {
    const given = { ...named(inputs), dy: cotangent };
    const attrs = { program, output: words, withValue: true };
    const [shared, sample, re, im, value] = runKernel(circuitGradContract, given, attrs);
    return { value: value!, shared: shared!, sample: sample!, initial: { re: re!, im: im! } };
  });
}
