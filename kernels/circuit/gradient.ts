// The gradient of the fused form, tied to autodiff. Derivation: README.md, "Vector-Jacobian product".

import { defineGradient, defineGuard, runKernel } from "../runtime/define.js";
import { CIRCUIT_INPUTS, circuitContract, circuitGradContract } from "./contract.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { CircuitAttrs } from "./contract.js";

/** Registers the gradient of the fused form, and the guard against differentiating it twice. */
export function defineCircuitGradient(): void {
  defineGradient(circuitContract, (dy, saved, attrs) => {
    const inputs = Object.fromEntries(CIRCUIT_INPUTS.map((name, i) => [name, saved[i]]));
    const bars = runKernel(
      circuitGradContract,
      { ...inputs, dy: dy as Tensor },
      { ...(attrs as never as CircuitAttrs), withValue: false },
    );
    return Object.fromEntries(CIRCUIT_INPUTS.map((name, i) => [name, () => bars[i]!]));
  });
  defineGuard(
    circuitGradContract,
    'circuits: second derivative through the adjoint path, which has first derivatives only. Pass { method: "composed" } for higher ones, or use parameterShift.',
  );
}
