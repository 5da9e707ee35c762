// The learning-rate schedules.

import { expect } from "chai";
import { constant, cosine } from "../../src/learning/schedule.js";
import { schedule as golden } from "../models/golden.js";
import { closeTo } from "../support/close-to.js";

describe("cosine()", () => {
  it("reproduces the golden rates", () => {
    const { etaMax, etaMin, T, t, expected, tolerance } = golden;
    const multiplier = cosine(etaMin / etaMax);
    const rates = t.map((step) => etaMax * multiplier(step, T));
    closeTo(rates, expected.eta, { rtol: tolerance, atol: tolerance });
  });

  it("starts at 1, is half way in the middle and ends at the final fraction", () => {
    const f = 0.02;
    closeTo(
      [0, 50, 100].map((t) => cosine(f)(t, 100)),
      [1, (1 + f) / 2, f],
      { rtol: 1e-15 },
    );
  });

  it("never rises", () => {
    const rates = Array.from({ length: 101 }, (_, t) => cosine(0.1)(t, 100));
    rates.slice(1).forEach((rate, t) => expect(rate).to.be.below(rates[t]!));
  });
});

describe("constant()", () => {
  it("is 1 at every step", () => {
    expect([0, 7, 99].map((t) => constant()(t, 100))).to.deep.equal([1, 1, 1]);
  });
});
