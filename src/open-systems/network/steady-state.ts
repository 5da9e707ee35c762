// Steady states of the dissipative network by its effective equation: the limit of infinite damping, or second
// order in 1/Γ.

import * as tf from "@tensorflow/tfjs";
import { effectiveSteadyState } from "../../../kernels/effective-steady-state/index.js";
import { COMPONENTS } from "../../../kernels/effective-steady-state/contract.js";
import { checkChoice } from "../../checks.js";
import { ArgumentError } from "../../errors.js";
import { canonical } from "./canonical.js";
import type { Component } from "../../../kernels/effective-steady-state/contract.js";
import type { EffectiveMethod } from "../../../kernels/effective-steady-state/index.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { NetworkProblem } from "./canonical.js";

/** Options of {@link steadyState}. */
export type SteadyStateOptions = {
  /** `effective`: second order in 1/Γ (default). `limit`: Γ → ∞. */
  readonly path?: "effective" | "limit";
  /** `fused`: the kernel, first derivatives only (default). `composed`: tf operations, any order. */
  readonly method?: EffectiveMethod;
  /** Only this component of the Bloch vectors, ⟨σ_x⟩, ⟨σ_y⟩ or ⟨σ_z⟩; default all three. */
  readonly observe?: Component;
};

/**
 * Bloch vectors of the steady states of the output qubits,
 * `0 = 2 h × r + (M r + β)/Γ`, with h, M and β summed over the inputs.
 *
 * Every argument's leading axes are aligned at the left and shared over the axes it lacks: `theta [P, B, N]`,
 * `J [P, M, N, 3, 3]`, `gamma [P]` is a population of P networks with B samples each; `J [B, M, N, 3, 3]`
 * beside `theta [B, N]` gives every sample its own couplings.
 *
 * @param problem - angles, couplings, Γ and polarization
 * @returns `[...batch, M, 3]`, or `[...batch, M]` with `observe`; float32, |error| < 1e-6 for Γ from 1 to 1e5 against the equation in float64;
 * NaN where the steady state is not unique. How far the equation itself is from the full Lindblad steady
 * state says {@link validity}.
 * @throws ShapeError, ArgumentError
 * @see arXiv:2408.15597, Appendix A, with its two misprints corrected (docs/decisions)
 */
export function steadyState(problem: NetworkProblem, options: SteadyStateOptions = {}): Tensor {
  const where = "network.steadyState";
  const { path = "effective", method = "fused", observe } = options;
  checkChoice(where, "path", path, ["effective", "limit"]);
  checkChoice(where, "method", method, ["fused", "composed"]);
  if (observe !== undefined) checkChoice(where, "observe", observe, COMPONENTS);
  const limit = path === "limit" || problem.gamma === Infinity;
  if (!limit && problem.gamma === undefined) {
    throw new ArgumentError(`${where}: argument \`gamma\` must be given, but is missing. Or use { path: "limit" }.`);
  }
  if (limit && problem.polarization === 0) {
    throw new ArgumentError(`${where}: argument \`polarization\` must not be 0 in the limit, where the state is 0/0.`);
  }
  return tf.tidy(() => {
    const { inputs, lead, outputs, gamma, polarization } = canonical(where, problem);
    const given = limit ? { ...inputs, gamma: undefined } : inputs;
    const attrs = { limit, gamma, polarization, observe: observe ?? null };
    const r = effectiveSteadyState(given, attrs, method);
    return tf.reshape(r, [...lead, outputs, ...(observe === undefined ? [3] : [])]);
  });
}
