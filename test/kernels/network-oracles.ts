// What the oracles of both steady states of the network are checked with alike: golden samples as their problems, golden
// gradients by differences, and couplings that determine no steady state.

import { closeWithin } from "../support/close-to.js";
import { differences, largest } from "../support/gradcheck.js";
import type { Inputs, Problem } from "../../benchmarks/cases/case.js";
import type { EffectiveProblem } from "../../kernels/effective-steady-state/reference.js";
import type { Matrix, NetworkGradients, NetworkSample } from "./golden.js";

/** Rounding of values near 1 over a step of 6e-6 is 2e-11; where the problem is ill-conditioned it is amplified. */
const DIFFERENCES = 1e-8;

/** A golden sample as an oracle takes it. */
export function problemOf({
  theta,
  phi,
  J,
  gamma,
  z,
}: Pick<NetworkSample, "theta" | "phi" | "J" | "gamma" | "z">): EffectiveProblem {
  return { theta, phi, J, gamma, polarization: z };
}

/** How the inputs of a golden sample are given: one of each. */
const OPTIONS = {
  J: "shared",
  phi: true,
  gamma: "[1, 1]",
  polarization: "[1, 1]",
  observe: null,
} as const;

/**
 * Asserts that the differences which the conformance suite takes of an oracle are the golden gradients.
 *
 * @param makeProblem - of the steady state, from the numbers of the file, not rounded
 */
export function hasGoldenSlopes(
  makeProblem: (label: string, inputs: Inputs, options: typeof OPTIONS) => Problem,
  one: NetworkSample,
  { dJ, dtheta, dphi, dz, dgamma }: NetworkGradients,
): void {
  const { N } = one;
  const exact = {
    theta: { shape: [1, 1, N], values: one.theta },
    phi: { shape: [1, 1, N], values: one.phi },
    J: { shape: [1, 1, N, 3, 3], values: one.J.flat(2) },
    gamma: { shape: [1, 1], values: [one.gamma] },
    polarization: { shape: [1, 1], values: [one.z] },
  };
  const problem = makeProblem(one.name, exact as unknown as Inputs, OPTIONS);
  const slopes = differences(problem, one.cotangent!);
  const golden = { theta: dtheta, phi: dphi, J: dJ.flat(2), gamma: [dgamma], polarization: [dz] };
  for (const [name, expected] of Object.entries(golden)) {
    const allowed = DIFFERENCES * Math.max(1, largest(expected));
    closeWithin(slopes[name]!.gradient, expected, allowed, `${one.name} by ${name}`);
  }
}

/** `x I`. */
export const scalarMatrix = (x: number): Matrix => [
  [x, 0, 0],
  [0, x, 0],
  [0, 0, x],
];

const rankOne = (u: readonly number[]): Matrix => u.map((x) => [0.5 * x, -x, 2 * x]);

/** Couplings of two inputs without a unique steady state: none at all, and all rows in one direction. */
export const DEGENERATE: readonly (readonly Matrix[])[] = [
  [scalarMatrix(0), scalarMatrix(0)],
  [rankOne([1, 2, 3]), rankOne([-1, 0.5, 2])],
];
