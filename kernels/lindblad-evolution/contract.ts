// What the evolution of a Lindblad equation with a constant generator and its vector-Jacobian product take and give.

import type { KernelContract, Shapes } from "../runtime/define.js";

/** How the equation is integrated: the exponential's action, or a Runge-Kutta method. */
export type EvolutionScheme = "expm" | "dopri5" | "rk4";

/** Times and tolerances; none has a gradient. */
export type EvolutionAttrs = {
  /** At least one, rising; the state is given at the first. */
  readonly times: readonly number[];
  readonly scheme: EvolutionScheme;
  /** Whether the states of all times come out, or the last alone. */
  readonly store: boolean;
  /** Of a step of `dopri5`. */
  readonly rtol: number;
  readonly atol: number;
  /** Largest step of `rk4`. */
  readonly step: number;
  /** Steps that a sample may take where their number is not known before. */
  readonly maxSteps: number;
};

/** The inputs that have gradients, in order. */
export const EVOLUTION_INPUTS = ["H", "jumps", "rho0", "observables"] as const;

/** What the report says of a sample, in order. */
export const EVOLUTION_REPORT = ["accepted", "rejected", "verdict"] as const;

/** What a verdict means; of a sample whose verdict is not 0 all numbers are NaN. */
export const EVOLUTION_VERDICTS = [
  "done",
  "stepLimit",
  "notHermitian",
  "notAState",
  "notFinite",
] as const;

/** B samples, Hilbert dimension n, K jump operators, M observables. */
export type EvolutionSizes = {
  readonly B: number;
  readonly n: number;
  readonly K: number;
  readonly M: number;
};

/** The sizes that the shapes of the inputs state. */
export function sizesOf({ H, jumps, observables }: Shapes): EvolutionSizes {
  return { B: H![0]!, n: H![3]!, K: jumps![1]!, M: observables![1]! };
}

/** Shapes of states and expectation values. */
function outputs(shapes: Shapes, { times, store }: EvolutionAttrs): number[][] {
  const { B, n, M } = sizesOf(shapes);
  return [
    [B, store ? times.length : 1, 2, n, n],
    [B, M, times.length],
  ];
}

/**
 * `ZenoLindbladEvolution`: H `[B, 2, n, n]`, jumps `[B, K, 2, n, n]`, rho0 `[B, 2, n, n]`, observables `[B, M, 2, n, n]` →
 * states `[B, t or 1, 2, n, n]`, expectations `[B, M, t]`, report `[B, 3]`. The axis of size 2 is the real and the
 * imaginary part. Of H, rho0 and the observables only the Hermitian part counts.
 */
export const evolutionContract: KernelContract<EvolutionAttrs> = {
  name: "ZenoLindbladEvolution",
  inputs: EVOLUTION_INPUTS,
  outputShapes: (shapes, attrs) => [
    ...outputs(shapes, attrs),
    [shapes["H"]![0]!, EVOLUTION_REPORT.length],
  ],
};

/** `ZenoLindbladEvolutionGrad`: the same and the cotangents of states and expectations → the gradients by the inputs. */
export const evolutionGradContract: KernelContract<EvolutionAttrs> = {
  name: "ZenoLindbladEvolutionGrad",
  inputs: [...EVOLUTION_INPUTS, "dstates", "dexpectations"],
  outputShapes: ({ H, jumps, rho0, observables }) => [H!, jumps!, rho0!, observables!],
};
