// The oracle of the exact steady state, checked itself: golden values in float64, every step of the derivation, and
// golden gradients for the differences that the conformance suite takes of it.

import { expect } from "chai";
import { exactProblemOf } from "../../benchmarks/cases/exact-steady-state.js";
import { effectiveSteadyState } from "../../kernels/effective-steady-state/reference.js";
import { philoxNormals, philoxUniforms } from "../../kernels/philox/reference.js";
import {
  exactSteadyState,
  exactSteps,
  frameCouplings,
} from "../../kernels/exact-steady-state/reference.js";
import { pauliMaps } from "../../kernels/exact-steady-state/superoperators.js";
import { closeTo, closeWithin } from "../support/close-to.js";
import { differences, largest } from "../support/gradcheck.js";
import { exactCases, stepsCase } from "./exact-golden.js";
import type { ExactProblem } from "../../kernels/exact-steady-state/reference.js";
import type { Inputs } from "../../benchmarks/cases/case.js";
import type { ExactCase } from "./exact-golden.js";

/** Rounding of values near 1 over a step of 6e-6 is 2e-11; at strong couplings it is amplified. */
const DIFFERENCES = 1e-8;

type Given = Pick<ExactCase, "theta" | "phi" | "J" | "gamma" | "z">;
const problemOf = ({ theta, phi, J, gamma, z }: Given): ExactProblem => ({
  theta,
  phi,
  J,
  gamma,
  polarization: z,
});

/** The file states errors over max(1, largest entry). */
function closeToGolden(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  closeWithin(actual, expected, tolerance * Math.max(1, largest(expected)), what);
}

describe("exactSteadyState() in float64", () => {
  for (const one of exactCases)
    it(`agrees with ${one.name}`, () => {
      closeToGolden(exactSteadyState(problemOf(one)), one.r_full, one.tolerance.float64, "r");
    });

  it("has the golden intermediate results", () => {
    const { tolerance, c, C, A, K, rates, X, Msym, w, beta, r, rhoQ } = stepsCase;
    const steps = exactSteps(problemOf(stepsCase));
    const maps = pauliMaps(stepsCase.z);
    const rows = frameCouplings(stepsCase.J[0]!, stepsCase.theta[0]!, stepsCase.phi[0]);
    const flat = (rows_: readonly Float64Array[]): number[] => rows_.flatMap((row) => [...row]);
    const close = (actual: readonly number[], expected: readonly number[], what: string): void => {
      closeToGolden(actual, expected, tolerance.float64, what);
    };
    close(rows.flat(), c[0]!.flat(), "c");
    close(maps.C.flat(2), C.flat(2), "C");
    close(maps.A.flat(2), A.flat(2), "A");
    close(flat(steps.K), K.flat(), "K");
    close(steps.D, rates, "D");
    close(flat(steps.X), X.flat(), "X");
    close(steps.Ms.flat(), Msym.flat(), "Ms");
    close(steps.w, w, "w");
    close(steps.beta, beta, "beta");
    close(steps.r, r, "r");
    close(steps.rhoQ, rhoQ, "rhoQ");
  });

  it("has the golden gradients by differences", () => {
    for (const one of exactCases) {
      // A gradient of three inputs takes 70 factorisations of 252 × 252.
      if (one.grad_full === undefined || one.N > 2) continue;
      const exact = {
        theta: { shape: [1, 1, one.N], values: one.theta },
        phi: { shape: [1, 1, one.N], values: one.phi },
        J: { shape: [1, 1, one.N, 3, 3], values: one.J.flat(2) },
        gamma: { shape: [1, 1], values: [one.gamma] },
        polarization: { shape: [1, 1], values: [one.z] },
      };
      const options = {
        J: "shared",
        phi: true,
        gamma: "[1, 1]",
        polarization: "[1, 1]",
        observe: null,
      } as const;
      const problem = exactProblemOf(one.name, exact as unknown as Inputs, options);
      const slopes = differences(problem, one.cotangent!);
      const { dJ, dtheta, dphi, dz, dgamma } = one.grad_full;
      const golden = {
        theta: dtheta,
        phi: dphi,
        J: dJ.flat(2),
        gamma: [dgamma],
        polarization: [dz],
      };
      for (const [name, expected] of Object.entries(golden)) {
        const allowed = DIFFERENCES * Math.max(1, largest(expected));
        closeWithin(slopes[name]!.gradient, expected, allowed, `${one.name} by ${name}`);
      }
    }
  });

  for (const [N, samples, slope] of [
    [1, 101, 2],
    [2, 101, 1],
    [3, 21, 1],
  ] as const)
    it(`is left by the effective equation as 1/Γ^${String(slope)} with ${String(N)} inputs`, () => {
      const angles = philoxUniforms(41, N, samples * N);
      const J = philoxNormals(42, N, samples * N * 9);
      const problem = (b: number, gamma: number): ExactProblem => ({
        theta: Array.from(angles.subarray(b * N, (b + 1) * N), (u) => Math.PI * u),
        J: Array.from({ length: N }, (_, n) =>
          [0, 1, 2].map((k) => {
            const from = 9 * (b * N + n) + 3 * k;
            return Array.from(J.subarray(from, from + 3));
          }),
        ),
        gamma,
        polarization: 1,
      });
      const median = (gamma: number): number =>
        Array.from({ length: samples }, (_, b) => {
          const [exact, effective] = [
            exactSteadyState(problem(b, gamma)),
            effectiveSteadyState(problem(b, gamma)),
          ];
          return Math.hypot(...exact.map((x, i) => x - effective[i]!));
        }).sort((x, y) => x - y)[samples >> 1]!;
      const measured = Math.log10(median(1e3) / median(1e4));
      expect(measured).to.be.within(slope - 0.1, slope + 0.1);
    });

  it("is j I with r = z v at every rate, for one input", () => {
    const J = [
      [0.8, 0, 0],
      [0, 0.8, 0],
      [0, 0, 0.8],
    ];
    for (const gamma of [0.1, 1, 100, 1e5]) {
      const r = exactSteadyState({ theta: [0.9], J: [J], gamma, polarization: 0.7 });
      closeTo(r, [0.548328836739, 0, 0.435126977789], { atol: 1e-11 });
    }
  });

  it("is NaN where the steady state is not unique", () => {
    const zero = [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ];
    const rankOne = (u: readonly number[]): number[][] => u.map((x) => [0.5 * x, -x, 2 * x]);
    for (const J of [
      [zero, zero],
      [rankOne([1, 2, 3]), rankOne([-1, 0.5, 2])],
    ]) {
      const problem = { theta: [0.3, 1.1], J, gamma: 100, polarization: 0.9 };
      expect(exactSteadyState(problem)).to.deep.equal([NaN, NaN, NaN]);
    }
  });
});
