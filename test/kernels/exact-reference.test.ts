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
import { closeToGolden } from "../support/close-to-golden.js";
import { closeTo } from "../support/close-to.js";
import { exactCases, stepsCase } from "./exact-golden.js";
import { DEGENERATE, hasGoldenSlopes, problemOf, scalarMatrix } from "./network-oracles.js";
import type { ExactProblem } from "../../kernels/exact-steady-state/reference.js";

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
      hasGoldenSlopes(exactProblemOf, one, one.grad_full);
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
    const J = scalarMatrix(0.8);
    for (const gamma of [0.1, 1, 100, 1e5]) {
      const r = exactSteadyState({ theta: [0.9], J: [J], gamma, polarization: 0.7 });
      closeTo(r, [0.548328836739, 0, 0.435126977789], { atol: 1e-11 });
    }
  });

  it("is NaN where the steady state is not unique", () => {
    for (const J of DEGENERATE) {
      const problem = { theta: [0.3, 1.1], J, gamma: 100, polarization: 0.9 };
      expect(exactSteadyState(problem)).to.deep.equal([NaN, NaN, NaN]);
    }
  });
});
