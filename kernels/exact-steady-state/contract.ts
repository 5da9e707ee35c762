// What the exact steady state and its vector-Jacobian product take and give: the canonical shapes of the effective
// steady state.

import { EFFECTIVE_INPUTS, effectiveContract } from "../effective-steady-state/contract.js";
import type { EffectiveAttrs } from "../effective-steady-state/contract.js";
import type { KernelContract } from "../runtime/define.js";

/** Attributes of both kernels: those of the effective steady state, which has a limit besides. */
export type ExactAttrs = Omit<EffectiveAttrs, "limit">;

/** The inputs that have gradients, in order. One that is not given is an empty tensor, shape `[0]`. */
export const EXACT_INPUTS: typeof EFFECTIVE_INPUTS = EFFECTIVE_INPUTS;

/** Most inputs N: the state of N inputs and one output has 4^(N+1) real components. */
export const MAX_INPUTS = 4;

/** Most inputs of the composed form, whose matrices are dense. */
export const MAX_COMPOSED_INPUTS = 3;

/** `ZenoExactSteadyState`: inputs and output as of `ZenoEffectiveSteadyState`, N ≤ 4. */
export const exactContract: KernelContract<ExactAttrs> = {
  name: "ZenoExactSteadyState",
  inputs: EXACT_INPUTS,
  outputShapes: (shapes, attrs) =>
    effectiveContract.outputShapes(shapes, { ...attrs, limit: false }),
};

/** Attributes of the gradient. */
export type ExactGradAttrs = ExactAttrs & {
  /** Whether the steady state itself is wanted too; it is computed anyway. */
  readonly withValue: boolean;
};

/**
 * `ZenoExactSteadyStateGrad`: the same and the cotangent dr of its output → the gradient of each input, and the
 * output itself, empty if it is not wanted.
 */
export const exactGradContract: KernelContract<ExactGradAttrs> = {
  name: "ZenoExactSteadyStateGrad",
  inputs: [...EXACT_INPUTS, "dr"],
  outputShapes: (shapes, { withValue }) => [
    ...EXACT_INPUTS.map((name) => shapes[name]!),
    withValue ? shapes["dr"]! : [0],
  ],
};
