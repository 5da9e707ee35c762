// The oracle of the effective steady state, checked itself: golden values in float64, and golden gradients for the
// differences that the conformance suite takes of it.

import { expect } from "chai";
import { effectiveProblemOf } from "../../benchmarks/cases/effective-steady-state.js";
import {
  effectiveEquation,
  effectiveSteadyState,
  uniqueness,
} from "../../kernels/effective-steady-state/reference.js";
import { closeTo, closeWithin } from "../support/close-to.js";
import { differences, largest } from "../support/gradcheck.js";
import { networkCases } from "./golden.js";
import type { EffectiveProblem } from "../../kernels/effective-steady-state/reference.js";
import type { ExactInputs, Inputs } from "../../benchmarks/cases/case.js";
import type { NetworkCase } from "./golden.js";

/** Rounding of values near 1 over a step of 6e-6 is 2e-11; where u is small it is amplified. */
const DIFFERENCES = 1e-8;

const problemOf = ({ theta, phi, J, gamma, z }: NetworkCase): EffectiveProblem => ({
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

/** The numbers of the file, not rounded. */
function exactInputs({ N, theta, phi, J, gamma, z }: NetworkCase): ExactInputs {
  return {
    theta: { shape: [1, 1, N], values: theta },
    phi: { shape: [1, 1, N], values: phi },
    J: { shape: [1, 1, N, 3, 3], values: J.flat(2) },
    gamma: { shape: [1, 1], values: [gamma] },
    polarization: { shape: [1, 1], values: [z] },
  };
}

describe("effectiveSteadyState() in float64", () => {
  for (const one of networkCases)
    it(`agrees with ${one.name}`, () => {
      const tolerance = one.tolerance.float64;
      const { h, M, beta } = effectiveEquation(problemOf(one));
      closeToGolden(h, one.h, tolerance, "h");
      closeToGolden(M.flat(), one.M.flat(), tolerance, "M");
      closeToGolden(beta, one.beta, tolerance, "beta");
      closeToGolden(effectiveSteadyState(problemOf(one)), one.r_effective, tolerance, "r");
      if (one.r_limit === undefined) return;
      const limit = effectiveSteadyState({ ...problemOf(one), gamma: Infinity });
      closeToGolden(limit, one.r_limit, tolerance, "limit");
    });

  it("has the golden gradients by differences", () => {
    for (const one of networkCases) {
      if (one.grad_effective === undefined) continue;
      const exact = exactInputs(one);
      const options = {
        J: "shared",
        phi: true,
        gamma: "[1, 1]",
        polarization: "[1, 1]",
        observe: null,
      } as const;
      const problem = effectiveProblemOf(one.name, exact as unknown as Inputs, options);
      const slopes = differences(problem, one.cotangent!);
      const { dJ, dtheta, dphi, dz, dgamma } = one.grad_effective;
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

  it("is j I with r = z v at every rate, for one input", () => {
    // open-systems notes, inline case: J = 0.8 I, theta = 0.9, z = 0.7
    const J = [
      [0.8, 0, 0],
      [0, 0.8, 0],
      [0, 0, 0.8],
    ];
    for (const gamma of [1, 100, 1e5, Infinity]) {
      const r = effectiveSteadyState({ theta: [0.9], J: [J], gamma, polarization: 0.7 });
      closeTo(r, [0.548328836739, 0, 0.435126977789], { atol: 1e-12 });
    }
  });

  it("is NaN where the steady state is not unique", () => {
    const theta = [0.3, 1.1];
    const zero = [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ];
    const rankOne = (u: readonly number[]): number[][] => u.map((x) => [0.5 * x, -x, 2 * x]);
    for (const J of [
      [zero, zero],
      [rankOne([1, 2, 3]), rankOne([-1, 0.5, 2])],
    ])
      for (const gamma of [100, Infinity]) {
        const problem = { theta, J, gamma, polarization: 0.9 };
        expect(effectiveSteadyState(problem)).to.deep.equal([NaN, NaN, NaN]);
        expect(uniqueness(problem)).to.satisfy((u: number) => !(u > 1e-12));
      }
  });
});
