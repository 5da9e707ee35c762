// What `evolve` takes and gives: types only.

import type { Tensor } from "@tensorflow/tfjs";
import type { Coefficient, Complex } from "../../complex/index.js";

/** A coefficient of time: a number, or a tensor of leading axes, real or complex, that may depend on parameters. */
export type CoefficientFunction = (t: number) => Coefficient;

/** An operator, or an operator times a function of time, as in QuTiP's lists. */
export type Term = Complex | readonly [operator: Complex, coefficient: CoefficientFunction];

/**
 * An operator that may depend on time: `A`, `[A, f]` for f(t) A, or a list of terms `[A, [B, f], …]` for their sum.
 * Operators are `[...batch, n, n]`.
 */
export type TimeOperator = Term | readonly Term[];

/** How a Lindblad equation is integrated, in the order of `EVOLUTION_METHODS`. */
export type EvolutionMethod = "auto" | "expm" | "dopri5" | "rk4" | "split" | "rouchon2";

/** Options of {@link evolve}. */
export type EvolveOptions = {
  /**
   * `expm`: the exponential of a constant generator, to rounding. `dopri5`: adaptive Runge-Kutta 5(4). `rk4`: fixed
   * steps, order 4. `split` and `rouchon2`: fixed steps, order 2, that keep states positive and of trace 1. `auto`
   * (default): `expm` for a constant generator, else `dopri5`.
   */
  readonly method?: EvolutionMethod;
  /** `fused` (default): the kernel, where the method has one; first derivatives. `composed`: tf operations, float32. */
  readonly form?: "fused" | "composed";
  /** Operators O whose expectation values `Re Tr(O ρ)` are wanted at every time, each `[...batch, n, n]`. */
  readonly observe?: readonly Complex[];
  /** Whether the states of all times are returned. Default: only if nothing is observed. */
  readonly storeStates?: boolean;
  /** Relative tolerance of an adaptive step. Default 1e-6. */
  readonly rtol?: number;
  /** Absolute tolerance of an adaptive step. Default 1e-8. */
  readonly atol?: number;
  /** Steps, rejected ones included, that a sample may take. Default 100 000. */
  readonly maxSteps?: number;
  /** Largest step of a fixed method; each interval is divided evenly. Default: a hundredth of the time from first to last. */
  readonly step?: number;
};

/** What is known of an evolution, sample by sample; no gradients. */
export type EvolutionStats = {
  /** The method that ran. */
  readonly method: Exclude<EvolutionMethod, "auto">;
  /** Steps taken, `[...batch]`. */
  readonly accepted: Tensor;
  /** Steps tried and given up, `[...batch]`. */
  readonly rejected: Tensor;
  /** Index into `EVOLUTION_VERDICTS`, int32 `[...batch]`. */
  readonly verdict: Tensor;
};

/** States, expectation values, and how they were found. */
export type Evolution = {
  /** `[...batch, t, n, n]` at the times given, the first one included; absent unless stored. */
  readonly states?: Complex;
  /** `[...batch, m, t]` for m operators in `observe`; absent where there are none. */
  readonly expectations?: Tensor;
  /** The state at the last time, `[...batch, n, n]`. */
  readonly final: Complex;
  readonly stats: EvolutionStats;
};
