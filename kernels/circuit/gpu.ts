// How circuits run on the backend `webgpu`.

import * as tf from "@tensorflow/tfjs";
import { composedGradients } from "../runtime/gpu/composed.js";
import { circuitComposed } from "./composed.js";
import { CIRCUIT_INPUTS } from "./contract.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Named } from "../runtime/gpu/composed.js";
import type { GpuForm } from "../runtime/gpu/define.js";
import type { CircuitAttrs, CircuitGradAttrs } from "./contract.js";

/** A table without columns is an empty tensor too, and needed for its shape. */
function run(given: Named, all: Named, attrs: CircuitAttrs): Tensor {
  const { shared = all["shared"]!, sample = all["sample"]!, re, im } = given;
  const initial = re !== undefined && im !== undefined ? { re, im } : undefined;
  return circuitComposed({ shared, sample, initial }, attrs);
}

function initialOf({ re, im }: Named): Named {
  return re!.size > 0 ? { re: re!, im: im! } : {};
}

/** Form of `ZenoCircuit`. */
export const circuitGpu: GpuForm<CircuitAttrs> = {
  by: "composed",
  run: (inputs, attrs) => [run(initialOf(inputs), inputs, attrs)],
};

/** Form of `ZenoCircuitGrad`. */
export const circuitGradGpu: GpuForm<CircuitGradAttrs> = {
  by: "composed",
  run: (inputs, attrs) => {
    const { value, gradients } = composedGradients(
      (given) => run(given, inputs, attrs),
      inputs,
      CIRCUIT_INPUTS,
      inputs["dy"]!,
    );
    return [...gradients, attrs.withValue ? value : tf.zeros([0])];
  },
};
