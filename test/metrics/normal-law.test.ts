// The normal law against values computed with mpmath at 40 digits, from the float64 arguments below.

import { expect } from "chai";
import { normalCdf, normalQuantile } from "../../src/metrics/index.js";
import { ArgumentError } from "../../src/errors.js";
import { closeTo } from "../support/close-to.js";

const CDF = [
  [-30, 4.90671392714818706e-198],
  [-8, 6.22096057427178412e-16],
  [-3, 0.00134989803163009453],
  [-0.5, 0.308537538725986896],
  [0, 0.5],
  [0.3, 0.617911422188952633],
  [1, 0.841344746068542949],
  [2.5, 0.993790334674223865],
  [6, 0.999999999013412355],
] as const;

const QUANTILES = [
  [1e-300, -37.0470962993611992],
  [1e-20, -9.26234008979840758],
  [1e-6, -4.75342430882289896],
  [0.02, -2.05374891063182304],
  [0.1, -1.28155156554460044],
  [0.3, -0.524400512708040816],
  [0.5, 0],
  [0.9, 1.28155156554460059],
  [0.999, 3.09023230616781328],
] as const;

describe("normalCdf()", () => {
  it("is right to 1e-15 of its value on both tails", () => {
    for (const [x, p] of CDF) closeTo(normalCdf(x), p, { rtol: 1e-15 }, `Φ(${x})`);
  });

  it("ends in 0 and 1", () => {
    closeTo([-Infinity, -50, 50, Infinity].map(normalCdf), [0, 0, 1, 1], {});
  });
});

describe("normalQuantile()", () => {
  it("is right to 1e-15 of its value", () => {
    for (const [p, x] of QUANTILES) closeTo(normalQuantile(p), x, { rtol: 1e-15 }, `Φ⁻¹(${p})`);
  });

  it("inverts the distribution function", () => {
    for (let x = -8; x <= 5; x += 0.1) closeTo(normalQuantile(normalCdf(x)), x, { atol: 1e-10 });
  });

  it("is infinite at 0 and 1 and refuses what is no probability", () => {
    closeTo([normalQuantile(0), normalQuantile(1)], [-Infinity, Infinity], {});
    for (const p of [-0.1, 1.1, NaN])
      expect(() => normalQuantile(p)).to.throw(ArgumentError, "[0, 1]");
  });
});
