// How circuits run on the backend `tensorflow` where tensors lie on a GPU.

import * as tf from "@tensorflow/tfjs";
import { composedGradients } from "../runtime/gpu/composed.js";
import { circuitComposed } from "./composed.js";
import { CIRCUIT_INPUTS } from "./contract.js";
import type { Named } from "../runtime/gpu/composed.js";
import type { NativeForm } from "../runtime/tensorflow/define.js";
import type { CircuitAttrs, CircuitGradAttrs } from "./contract.js";
import type { CircuitInputs } from "./index.js";

function circuitInputs({ shared, sample, re, im }: Named): CircuitInputs {
  const initial = re!.size > 0 ? { re: re!, im: im! } : undefined;
  return { shared: shared!, sample: sample!, initial };
}

/** Form of `ZenoCircuit`. */
export const circuitNative: NativeForm<CircuitAttrs> = {
  by: "composed",
  double: false,
  run: (inputs, attrs) => [circuitComposed(circuitInputs(inputs), attrs)],
};

/** Form of `ZenoCircuitGrad`. */
export const circuitGradNative: NativeForm<CircuitGradAttrs> = {
  by: "composed",
  double: false,
  run: (inputs, attrs) => {
    // A table without columns says how many rows there are.
    const { value, gradients } = composedGradients(
      (given) => circuitComposed(circuitInputs({ ...inputs, ...given }), attrs),
      inputs,
      CIRCUIT_INPUTS,
      inputs["dy"]!,
    );
    return [...gradients, attrs.withValue ? value : tf.zeros([0])];
  },
};
