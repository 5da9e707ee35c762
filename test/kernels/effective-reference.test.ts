// The oracle of the effective steady state, checked itself: golden values in float64, and golden gradients for the
// differences that the conformance suite takes of it.

import { expect } from "chai";
import { effectiveProblemOf } from "../../benchmarks/cases/effective-steady-state.js";
import {
  effectiveEquation,
  effectiveSteadyState,
  uniqueness,
} from "../../kernels/effective-steady-state/reference.js";
import { closeToGolden } from "../support/close-to-golden.js";
import { closeTo } from "../support/close-to.js";
import { networkCases } from "./golden.js";
import { DEGENERATE, hasGoldenSlopes, problemOf, scalarMatrix } from "./network-oracles.js";

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
      hasGoldenSlopes(effectiveProblemOf, one, one.grad_effective);
    }
  });

  it("is j I with r = z v at every rate, for one input", () => {
    // open-systems notes, inline case: J = 0.8 I, theta = 0.9, z = 0.7
    const J = scalarMatrix(0.8);
    for (const gamma of [1, 100, 1e5, Infinity]) {
      const r = effectiveSteadyState({ theta: [0.9], J: [J], gamma, polarization: 0.7 });
      closeTo(r, [0.548328836739, 0, 0.435126977789], { atol: 1e-12 });
    }
  });

  it("is NaN where the steady state is not unique", () => {
    const theta = [0.3, 1.1];
    for (const J of DEGENERATE)
      for (const gamma of [100, Infinity]) {
        const problem = { theta, J, gamma, polarization: 0.9 };
        expect(effectiveSteadyState(problem)).to.deep.equal([NaN, NaN, NaN]);
        expect(uniqueness(problem)).to.satisfy((u: number) => !(u > 1e-12));
      }
  });
});
