// What the effective steady state and its vector-Jacobian product take and give, in canonical shapes.

import type { KernelContract, Shapes } from "../runtime/define.js";

/** Attributes of both kernels. */
export type EffectiveAttrs = {
  /** Γ → ∞ instead of second order in 1/Γ; Γ is then not used. */
  readonly limit: boolean;
  /** Γ and the polarization where they are plain numbers; tensors of those names take their place. */
  readonly gamma: number | null;
  readonly polarization: number | null;
  /** The one component of the Bloch vectors that is wanted, or all three. */
  readonly observe: Component | null;
};

/** The components of a Bloch vector, in order. */
export const COMPONENTS = ["x", "y", "z"] as const;

/** One of {@link COMPONENTS}. */
export type Component = (typeof COMPONENTS)[number];

/** Sizes: population rows P, samples B, inputs N, outputs M. */
export type EffectiveSizes = {
  readonly P: number;
  readonly B: number;
  readonly N: number;
  readonly M: number;
  /** J has a batch axis. */
  readonly perSample: boolean;
};

/** The sizes that the canonical shapes of theta and J state. */
export function sizesOf({ theta, J }: Shapes): EffectiveSizes {
  const [P, B, N] = theta as [number, number, number];
  return { P, B, N, M: J!.at(-4)!, perSample: J!.length === 6 };
}

/** The inputs that have gradients, in order. One that is not given is an empty tensor, shape `[0]`. */
export const EFFECTIVE_INPUTS = ["theta", "phi", "J", "gamma", "polarization"] as const;

/**
 * `ZenoEffectiveSteadyState`: theta `[P, B, N]`, phi `[P, B, N]` or not given (0), J `[P, M, N, 3, 3]` or
 * `[P, B, M, N, 3, 3]`, gamma and polarization `[P or 1, B or 1]` or not given (attributes) → `[P, B, M, 3]`, or `[P, B, M]`
 * if one component is observed.
 */
export const effectiveContract: KernelContract<EffectiveAttrs> = {
  name: "ZenoEffectiveSteadyState",
  inputs: EFFECTIVE_INPUTS,
  outputShapes: (shapes, { observe }) => {
    const { P, B, M } = sizesOf(shapes);
    return [observe === null ? [P, B, M, 3] : [P, B, M]];
  },
};

/** Attributes of the gradient. */
export type EffectiveGradAttrs = EffectiveAttrs & {
  /** Whether the steady state itself is wanted too; it is computed anyway. */
  readonly withValue: boolean;
};

/**
 * `ZenoEffectiveSteadyStateGrad`: the same and the cotangent dr of its output → the gradient of each input, and
 * the output itself, empty if it is not wanted.
 */
export const effectiveGradContract: KernelContract<EffectiveGradAttrs> = {
  name: "ZenoEffectiveSteadyStateGrad",
  inputs: [...EFFECTIVE_INPUTS, "dr"],
  outputShapes: (shapes, { withValue }) => [
    ...EFFECTIVE_INPUTS.map((name) => shapes[name]!),
    withValue ? shapes["dr"]! : [0],
  ],
};
