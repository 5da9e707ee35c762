// Steady states of the dissipative network: the limit of infinite damping, second order in 1/Γ (the effective
// equation), third order, or all orders.

import * as tf from "@tensorflow/tfjs";
import {
  effectiveSteadyState,
  effectiveValueAndGradients,
} from "../../../kernels/effective-steady-state/index.js";
import { COMPONENTS } from "../../../kernels/effective-steady-state/contract.js";
import { MAX_COMPOSED_INPUTS, MAX_INPUTS } from "../../../kernels/exact-steady-state/contract.js";
import {
  exactSteadyState,
  exactValueAndGradients,
  thirdOrder,
} from "../../../kernels/exact-steady-state/index.js";
import { checkChoice, shapeText } from "../../checks.js";
import { ArgumentError, ShapeError } from "../../errors.js";
import { canonical, gathered } from "./canonical.js";
import type {
  Component,
  EffectiveAttrs,
} from "../../../kernels/effective-steady-state/contract.js";
import type { EffectiveMethod } from "../../../kernels/effective-steady-state/index.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { CanonicalNetwork, NetworkProblem } from "./canonical.js";

/** Options of {@link steadyState}. */
export type SteadyStateOptions = {
  /**
   * `effective`: second order in 1/Γ (default). `limit`: Γ → ∞. `exact`: all orders, the full Lindblad equation of the
   * inputs and one output, for N ≤ 4. `third`: third order, an estimate of what the effective equation misses and not a
   * state (|r| may exceed 1): to be looked at, not to be trained with. tf operations whatever the method.
   */
  readonly path?: "effective" | "limit" | "exact" | "third";
  /**
   * `fused`: the kernel, first derivatives only (default). `composed`: tf operations, any order; with path `exact` for
   * N ≤ 3 and Γ not small beside J, since all of it is float32.
   */
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
 * @returns `[...batch, M, 3]`, or `[...batch, M]` with `observe`; float32, |error| < 1e-6 against the equation in
 * float64 for Γ from 1 to 1e5 where the sample is well conditioned: errors grow as 1/u below uniqueness u = 0.1, and
 * to 2e-6 where the inputs' terms of h cancel by more than 15. NaN where the steady state is not unique, and on path
 * `exact` where it was not found. How far the effective equation and its limit are from the full Lindblad steady
 * state says {@link validity}.
 * @throws ShapeError, ArgumentError
 * @see arXiv:2408.15597, Appendix A, with its two misprints corrected (docs/decisions)
 */
export function steadyState(problem: NetworkProblem, options: SteadyStateOptions = {}): Tensor {
  const { method = "fused" } = options;
  checkChoice(WHERE, "method", method, ["fused", "composed"]);
  const { exact, third, attrsOf } = checkedPath(WHERE, problem, options);
  return tf.tidy(() => {
    const network = canonical(WHERE, problem);
    if (exact) checkInputs(WHERE, network, method);
    const full = exact ? exactSteadyState : effectiveSteadyState;
    // Without samples there is nothing to compose, and tfjs fails on axes of size 0.
    const solve = third && network.inputs.theta.size > 0 ? thirdOrder : full;
    const r = solve(network.inputs, attrsOf(network), method);
    return tf.reshape(r, [...network.lead, network.outputs, ...componentAxis(options)]);
  });
}

/** Options of {@link steadyStateAndGradients}: the paths that have a kernel. */
export type GradientOptions = Pick<SteadyStateOptions, "observe"> & {
  readonly path?: Exclude<SteadyStateOptions["path"], "third" | undefined>;
};

/** Gradients of {@link steadyStateAndGradients}: one for every tensor of the problem, of its shape. */
export type NetworkGradients = {
  readonly theta: Tensor;
  readonly J: Tensor;
  readonly phi?: Tensor;
  readonly gamma?: Tensor;
  readonly polarization?: Tensor;
};

/**
 * The steady state r and the gradients of `Σ cotangent · r` in one pass over the samples: what reverse-mode
 * differentiation needs, at less than the cost of tf.grad, for those who write their own backward pass.
 *
 * @param problem - as for {@link steadyState}
 * @param cotangent - of the shape of the steady state
 * @returns `value` and `gradients` with respect to every argument that is a tensor
 * @throws ShapeError, ArgumentError
 */
export function steadyStateAndGradients(
  problem: NetworkProblem,
  cotangent: Tensor,
  options: GradientOptions = {},
): { readonly value: Tensor; readonly gradients: NetworkGradients } {
  const where = "network.steadyStateAndGradients";
  checkChoice(where, "path", options.path ?? "effective", ["effective", "limit", "exact"]);
  const { exact, attrsOf } = checkedPath(where, problem, options);
  return tf.tidy(() => {
    const network = canonical(where, problem);
    if (exact) checkInputs(where, network, "fused");
    const { inputs, lead, outputs } = network;
    const shape = [...lead, outputs, ...componentAxis(options)];
    if (cotangent.shape.join() !== shape.join()) {
      throw new ShapeError(
        `${where}: argument \`cotangent\` must have shape ${shapeText(shape)}, but has shape ${shapeText(cotangent.shape)}.`,
      );
    }
    const [P, B] = inputs.theta.shape as [number, number];
    const dr = tf.reshape(cotangent, [P, B, outputs, ...componentAxis(options)]);
    const solve = exact ? exactValueAndGradients : effectiveValueAndGradients;
    const { value, gradients } = solve(inputs, dr, attrsOf(network));
    return { value: tf.reshape(value, shape), gradients: ownShapes(problem, network, gradients) };
  });
}

/** Axes of the arguments that are not leading ones. */
const TAILS = { theta: 1, phi: 1, J: 4, gamma: 0, polarization: 0 } as const;

/** Gradients in the shapes of the arguments; those of plain numbers are left out. */
function ownShapes(
  problem: NetworkProblem,
  { spans }: CanonicalNetwork,
  gradients: Readonly<Record<keyof typeof TAILS, Tensor>>,
): NetworkGradients {
  const names = Object.keys(TAILS) as (keyof typeof TAILS)[];
  const entries = names.flatMap((name): [string, Tensor][] => {
    const given = problem[name];
    if (given === undefined || typeof given === "number") return [];
    // The limit does not depend on Γ.
    if (gradients[name].size === 0 && given.size > 0) return [[name, tf.zerosLike(given)]];
    return [[name, gathered(gradients[name], given.shape, TAILS[name], spans[name])]];
  });
  return Object.fromEntries(entries) as unknown as NetworkGradients;
}

const WHERE = "network.steadyState";

function componentAxis({ observe }: SteadyStateOptions): number[] {
  return observe === undefined ? [3] : [];
}

/** Which kernel solves the problem, and how its attributes follow from the canonical problem. */
type Path = {
  readonly exact: boolean;
  readonly third: boolean;
  readonly attrsOf: (network: CanonicalNetwork) => EffectiveAttrs;
};

/** Checks what the path needs. */
function checkedPath(
  where: string,
  { gamma: given, polarization: z }: NetworkProblem,
  { path = "effective", observe }: SteadyStateOptions,
): Path {
  checkChoice(where, "path", path, ["effective", "limit", "exact", "third"]);
  if (observe !== undefined) checkChoice(where, "observe", observe, COMPONENTS);
  const limit = path === "limit" || given === Infinity;
  if (!limit && given === undefined) {
    throw new ArgumentError(
      `${where}: argument \`gamma\` must be given, but is missing. Or use { path: "limit" }.`,
    );
  }
  if (limit && z === 0) {
    throw new ArgumentError(
      `${where}: argument \`polarization\` must not be 0 in the limit, where the state is 0/0.`,
    );
  }
  return {
    // For infinite damping all orders but the leading one vanish.
    exact: path === "exact" && !limit,
    third: path === "third" && !limit,
    attrsOf: ({ gamma, polarization }) => ({
      limit,
      gamma,
      polarization,
      observe: observe ?? null,
    }),
  };
}

/** The state of N inputs and one output has 4^(N+1) components. */
function checkInputs(where: string, { inputs }: CanonicalNetwork, method: EffectiveMethod): void {
  const N = inputs.theta.shape.at(-1)!;
  const [most, hint] =
    method === "fused"
      ? [MAX_INPUTS, 'Use { path: "effective" }.']
      : [MAX_COMPOSED_INPUTS, 'Use { method: "fused" }, which has first derivatives.'];
  if (N <= most) return;
  throw new ArgumentError(
    `${where}: argument \`theta\` must have at most ${String(most)} inputs with path "exact" and method "${method}", but has ${String(N)}. ${hint}`,
  );
}
