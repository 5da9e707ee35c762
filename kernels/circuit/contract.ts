// What a circuit and its vector-Jacobian product take and give, in canonical shapes.

import type { KernelContract, Shapes } from "../runtime/define.js";
import type { GateProgram, PauliWord } from "./program.js";

/** Attributes of both kernels. */
export type CircuitAttrs = {
  readonly program: GateProgram;
  /** The words whose expectation values are wanted, or the state itself. */
  readonly output: "state" | readonly PauliWord[];
};

/** Sizes: population rows P, samples B, amplitudes N. */
export type CircuitSizes = { readonly P: number; readonly B: number; readonly N: number };

/** The inputs that have gradients, in order. One that is not given is an empty tensor, shape `[0]`. */
export const CIRCUIT_INPUTS = ["shared", "sample", "re", "im"] as const;

/** The sizes that the tables state. */
export function sizesOf({ shared, sample }: Shapes, { program }: CircuitAttrs): CircuitSizes {
  return { P: shared![0]!, B: sample![1]!, N: 1 << program.wires };
}

/**
 * `ZenoCircuit`: shared `[P, nS]`, sample `[P or 1, B, nX]`, and the amplitudes of the states to start from, re and im
 * `[P or 1, B or 1, N]`, or not given for |0…0⟩ → expectation values `[P, B, words]`, or states `[P, B, 2, N]`.
 */
export const circuitContract: KernelContract<CircuitAttrs> = {
  name: "ZenoCircuit",
  inputs: CIRCUIT_INPUTS,
  outputShapes: (shapes, attrs) => {
    const { P, B, N } = sizesOf(shapes, attrs);
    return [attrs.output === "state" ? [P, B, 2, N] : [P, B, attrs.output.length]];
  },
};

/** Attributes of the gradient. */
export type CircuitGradAttrs = CircuitAttrs & {
  /** Whether the output itself is wanted too; it is computed anyway. */
  readonly withValue: boolean;
};

/**
 * `ZenoCircuitGrad`: the same and the cotangent dy of its output → the gradient of each input, and the output itself,
 * empty if it is not wanted.
 */
export const circuitGradContract: KernelContract<CircuitGradAttrs> = {
  name: "ZenoCircuitGrad",
  inputs: [...CIRCUIT_INPUTS, "dy"],
  outputShapes: (shapes, { withValue }) => [
    ...CIRCUIT_INPUTS.map((name) => shapes[name]!),
    withValue ? shapes["dy"]! : [0],
  ],
};
