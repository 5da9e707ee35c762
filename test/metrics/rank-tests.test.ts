// Rank tests: values of SciPy, ties by enumeration, coverage of the intervals, errors.

import { expect } from "chai";
import { ArgumentError, ShapeError } from "../../src/errors.js";
import { mannWhitneyTest, signedRankTest } from "../../src/metrics/index.js";
import { normalArray, stream } from "../../src/random.js";
import { closeTo } from "../support/close-to.js";

const X = [7.13, 6.91, 7.34, 7.02, 6.85, 7.26, 7.07, 6.98, 7.19, 7.22];
const Y = [7.05, 7.03, 6.71, 6.83, 6.75, 7.29, 7.11, 6.6, 6.95, 7.4];

describe("signedRankTest()", () => {
  it("has the p-value of SciPy's wilcoxon(method='exact')", () => {
    closeTo(signedRankTest(X, Y).pValue, 0.193359375, { rtol: 1e-12 });
  });

  it("has the p-value of SciPy's permutation_test where differences tie or are 0", () => {
    closeTo(signedRankTest([1, 2, 2, 3, 5, 6], [2, 2, 3, 4, 6.5, 3]).pValue, 0.5625, {
      rtol: 1e-12,
    });
  });

  it("estimates a constant shift exactly, and says so when pairs are too few for an interval", () => {
    const { shift, interval, superiority, pValue } = signedRankTest([1, 2, 3], [0, 1, 2]);
    expect([shift, superiority]).to.deep.equal([1, 1]);
    expect(interval).to.deep.equal([-Infinity, Infinity]);
    closeTo(pValue, 0.25, { rtol: 1e-15 });
  });

  it("has intervals that miss the true shift in at most one of twenty trials", () => {
    const trials = 400;
    let missed = 0;
    for (let trial = 0; trial < trials; trial++) {
      const d = normalArray(stream(trial, "evaluation"), 10);
      const [lo, hi] = signedRankTest(d, new Array<number>(10).fill(0)).interval;
      if (lo > 0 || hi < 0) missed++;
    }
    // The exact level of n = 10 is 2 P(W ≤ 8) = 50/1024; four standard deviations around it.
    const level = 50 / 1024;
    expect(missed / trials).to.be.closeTo(level, 4 * Math.sqrt((level * (1 - level)) / trials));
  });

  it("refuses lists of different lengths, empty ones and too many numbers", () => {
    expect(() => signedRankTest([1, 2], [1])).to.throw(ShapeError, "same length");
    expect(() => signedRankTest([], [])).to.throw(ArgumentError, "must hold samples");
    expect(() => signedRankTest([1], [2], { confidence: 1 })).to.throw(
      ArgumentError,
      "`confidence`",
    );
    const many = new Array<number>(201).fill(1);
    expect(() => signedRankTest(many, many)).to.throw(ArgumentError, "at most 200");
  });
});

describe("mannWhitneyTest()", () => {
  it("has the p-value of SciPy's mannwhitneyu(method='exact'), for equal and unequal groups", () => {
    closeTo(mannWhitneyTest(X, Y).pValue, 0.24745069172313758, { rtol: 1e-12 });
    closeTo(mannWhitneyTest(X, Y.slice(0, 6)).pValue, 0.1805694305694306, { rtol: 1e-12 });
    closeTo(mannWhitneyTest(X, Y).superiority, 66 / 100, { rtol: 1e-15 });
  });

  it("has the p-value of SciPy's permutation_test where numbers tie", () => {
    closeTo(mannWhitneyTest([1, 2, 2, 3, 5], [2, 3, 4, 4, 6, 7]).pValue, 0.12554112554112554, {
      rtol: 1e-12,
    });
  });

  it("is symmetric in its groups", () => {
    const [a, b] = [mannWhitneyTest(X, Y), mannWhitneyTest(Y, X)];
    closeTo(a.pValue, b.pValue, { rtol: 1e-12 });
    closeTo([a.shift, ...a.interval], [-b.shift, -b.interval[1], -b.interval[0]], { rtol: 1e-12 });
    closeTo(a.superiority, 1 - b.superiority, { rtol: 1e-12 });
  });

  it("has intervals that miss the true shift as often as their exact level says", () => {
    const trials = 400;
    let missed = 0;
    for (let trial = 0; trial < trials; trial++) {
      const u = normalArray(stream(trial, "evaluation", 1), 20);
      const [lo, hi] = mannWhitneyTest(u.subarray(0, 10), u.subarray(10)).interval;
      if (lo > 0 || hi < 0) missed++;
    }
    // Of two groups of 10, P(U ≤ 23) = 0.0216 is the largest tail below 2.5 %: tables of Mann and Whitney.
    const level = 0.0433;
    expect(missed / trials).to.be.closeTo(level, 4 * Math.sqrt((level * (1 - level)) / trials));
  });
});
