// What the steady state of a Lindblad equation and its vector-Jacobian product take and give.

import type { KernelContract, Shapes } from "../runtime/define.js";

/** Both kernels have no options. */
export type LindbladAttrs = Readonly<Record<string, never>>;

/** The inputs that have gradients, in order. */
export const LINDBLAD_INPUTS = ["H", "jumps"] as const;

/** What the report says of a sample, in order. */
export const REPORT = ["residual", "rcond", "defect"] as const;

/** B samples, Hilbert dimension n, K jump operators. */
export type LindbladSizes = { readonly B: number; readonly n: number; readonly K: number };

/** The sizes that the shapes of the inputs state. */
export function sizesOf({ jumps }: Shapes): LindbladSizes {
  const [B, K, , n] = jumps as [number, number, 2, number, number];
  return { B, n, K };
}

/**
 * `ZenoLindbladSteadyState`: H `[B, 2, n, n]`, jumps `[B, K, 2, n, n]` → rho `[B, 2, n, n]`, report `[B, 3]`. The axis of
 * size 2 is the real and the imaginary part. Of H only the Hermitian part counts; `defect` says how far H was from it.
 */
export const lindbladContract: KernelContract<LindbladAttrs> = {
  name: "ZenoLindbladSteadyState",
  inputs: LINDBLAD_INPUTS,
  outputShapes: ({ H }) => [H!, [H![0]!, REPORT.length]],
};

/** `ZenoLindbladSteadyStateGrad`: the same and the cotangent of rho → the gradients by H and by the jumps. */
export const lindbladGradContract: KernelContract<LindbladAttrs> = {
  name: "ZenoLindbladSteadyStateGrad",
  inputs: [...LINDBLAD_INPUTS, "drho"],
  outputShapes: ({ H, jumps }) => [H!, jumps!],
};
