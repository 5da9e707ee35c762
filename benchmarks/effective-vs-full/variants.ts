// The equations that are compared, in float64: the corrected effective equation, its limit, the next order, and what is
// printed in arXiv:2408.15597. The printed ones live here only (docs/decisions/0002).

import { effectiveSteadyState } from "../../kernels/effective-steady-state/reference.js";
import { exactSteps, solveInPlace } from "../../kernels/exact-steady-state/reference.js";
import type { ExactSteps } from "../../kernels/exact-steady-state/reference.js";
import type { Matrix } from "../../kernels/exact-steady-state/superoperators.js";
import type { Network } from "./problems.js";

/** A Bloch vector. */
export type Bloch = readonly [number, number, number];

/** The equations by name, in the order of tables. */
export const VARIANTS = [
  "effective",
  "third order",
  "limit",
  "as printed",
  "only μ repaired",
  "only Jᵀ repaired",
] as const;

/** One of {@link VARIANTS}. */
export type Variant = (typeof VARIANTS)[number];

/** The full steady state and those of all variants for one network. */
export type Solutions = { readonly full: Bloch } & Readonly<Record<Variant, Bloch>>;

const transpose = (J: Matrix): Matrix => [0, 1, 2].map((k) => J.map((row) => row[k]!));

/**
 * Third order in 1/Γ: one more term of the Neumann series, (D - K_QQ/Γ)⁻¹ ≈ D⁻¹ + D⁻¹ K_QQ D⁻¹/Γ. Its generator is not
 * completely positive and r may leave the Bloch ball: an estimate of the error, nothing to train with.
 */
function thirdOrder({ K, D }: ExactSteps, gamma: number): Bloch {
  const first = K.slice(4).map((row, q) => row.slice(0, 4).map((x) => x / D[q + 4]!));
  const X = first.map((row, q) =>
    row.map((x, p) => {
      let sum = 0;
      const from = K[q + 4]!;
      for (let j = 0; j < first.length; j++) sum += from[j + 4]! * first[j]![p]!;
      return x + sum / (gamma * D[q + 4]!);
    }),
  );
  const B = [1, 2, 3].map((i) =>
    [0, 1, 2, 3].map((p) => X.reduce((sum, row, q) => sum + K[i]![q + 4]! * row[p]!, 0)),
  );
  const A = B.map((row, i) => Float64Array.from([1, 2, 3], (p) => row[p]! + gamma * K[i + 1]![p]!));
  const r = B.map((row) => Float64Array.of(-row[0]!));
  solveInPlace(A, r);
  return [r[0]![0]!, r[1]![0]!, r[2]![0]!];
}

/**
 * All steady states of one network. The full problem has the jump operators √(Γ(1+z)/2)|s⟩⟨s⊥|, √(Γ(1-z)/2)|s⊥⟩⟨s|. The
 * printed operators are those of z = -μ, the printed equation is the effective one with J transposed and z = +μ; so it
 * is given -z here. `only μ repaired` leaves the transpose, `only Jᵀ repaired` the sign.
 */
export function solutions({ theta, J }: Network, gamma: number, z: number): Solutions {
  const steps = exactSteps({ theta, J, gamma, polarization: z });
  const turned = J.map(transpose);
  const second = (couplings: readonly Matrix[], polarization: number, rate = gamma): Bloch =>
    effectiveSteadyState({ theta, J: couplings, gamma: rate, polarization });
  return {
    full: steps.r,
    effective: second(J, z),
    "third order": thirdOrder(steps, gamma),
    limit: second(J, z, Infinity),
    "as printed": second(turned, -z),
    "only μ repaired": second(turned, z),
    "only Jᵀ repaired": second(J, -z),
  };
}

/** Trace distance of two qubit states by their Bloch vectors. */
export function traceDistance(r: Bloch, s: Bloch): number {
  return Math.hypot(r[0] - s[0], r[1] - s[1], r[2] - s[2]) / 2;
}
