// Distances of one-dimensional samples: golden cases, closed forms, invariances and the errors.

import { expect } from "chai";
import fc from "fast-check";
import {
  kolmogorovSmirnov,
  kolmogorovSmirnovNormal,
  normalQuantile,
  wasserstein1,
  wasserstein1Normal,
} from "../../src/metrics/index.js";
import { ArgumentError } from "../../src/errors.js";
import { closeTo } from "../support/close-to.js";
import { againstNormal, toleranceOf, twoSamples } from "./golden.js";

const samples = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), {
  minLength: 1,
  maxLength: 40,
});
const tight = { rtol: 1e-12, atol: 1e-12 };

describe("wasserstein1()", () => {
  it("meets the golden values, for equal and unequal sizes and with ties", () => {
    for (const one of twoSamples) {
      closeTo(wasserstein1(one.x, one.y), one.expected.w1, toleranceOf(one), one.name);
    }
  });

  it("is |c| under a shift by c", () => {
    fc.assert(
      fc.property(samples, fc.double({ min: -5, max: 5, noNaN: true }), (x, c) => {
        const shifted = x.map((value) => value + c);
        closeTo(wasserstein1(x, shifted), Math.abs(c), tight);
      }),
    );
  });

  it("does not change when a sample is repeated, so equal and unequal sizes agree", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ min: -9, max: 9, noNaN: true }),
            fc.double({ min: -9, max: 9, noNaN: true }),
          ),
          { minLength: 1, maxLength: 30 },
        ),
        (rows) => {
          const x = rows.map(([first]) => first);
          const y = rows.map(([, second]) => second);
          closeTo(wasserstein1([...x, ...x, ...x], y), wasserstein1(x, y), tight);
        },
      ),
    );
  });

  it("is symmetric, and leaves its arguments as they are", () => {
    fc.assert(
      fc.property(samples, samples, (x, y) => {
        const before = [[...x], [...y]];
        closeTo(wasserstein1(x, y), wasserstein1(y, x), tight);
        closeTo([x, y], before, {});
      }),
    );
  });

  it("refuses samples that are empty or not finite", () => {
    expect(() => wasserstein1([], [1])).to.throw(ArgumentError, "wasserstein1: argument `x`");
    expect(() => wasserstein1([1], [1, NaN])).to.throw(ArgumentError, "`y[1]` is NaN");
  });
});

describe("wasserstein1Normal()", () => {
  it("meets the golden value", () => {
    for (const one of againstNormal) {
      const value = wasserstein1Normal(one.x, one);
      closeTo(value, one.expected.w1, toleranceOf(one), one.name);
    }
  });

  it("is 0 at the quantiles and |c| when they are shifted by c", () => {
    const quantiles = Array.from(
      { length: 99 },
      (_, i) => 2 + 0.3 * normalQuantile((i + 0.5) / 99),
    );
    closeTo(wasserstein1Normal(quantiles, { mean: 2, std: 0.3 }), 0, { atol: 1e-15 });
    closeTo(wasserstein1Normal(quantiles, { mean: 1.5, std: 0.3 }), 0.5, tight);
  });

  it("refuses a standard deviation that is not positive", () => {
    expect(() => wasserstein1Normal([1], { mean: 0, std: 0 })).to.throw(ArgumentError, "`std`");
  });
});

describe("kolmogorovSmirnov()", () => {
  it("meets the golden values, for equal and unequal sizes and with ties", () => {
    for (const one of twoSamples) {
      closeTo(kolmogorovSmirnov(one.x, one.y), one.expected.ks, toleranceOf(one), one.name);
    }
  });

  it("is the largest difference of the distribution functions at any sample", () => {
    const cdf = (x: readonly number[], at: number): number =>
      x.filter((value) => value <= at).length / x.length;
    fc.assert(
      fc.property(samples, samples, (x, y) => {
        const at = [...x, ...y].map((value) => Math.abs(cdf(x, value) - cdf(y, value)));
        closeTo(kolmogorovSmirnov(x, y), Math.max(...at), { atol: 1e-15 });
      }),
    );
  });

  it("lies in [0, 1], is 0 for equal and 1 for separated samples", () => {
    fc.assert(
      fc.property(samples, samples, (x, y) => {
        expect(kolmogorovSmirnov(x, y)).to.be.within(0, 1);
        expect(kolmogorovSmirnov(x, x)).to.equal(0);
        const beyond = y.map((value) => value + 100);
        expect(kolmogorovSmirnov(x, beyond)).to.equal(1);
      }),
    );
  });

  it("refuses samples that are empty or not finite", () => {
    expect(() => kolmogorovSmirnov([1], [])).to.throw(ArgumentError, "argument `y`");
  });
});

describe("kolmogorovSmirnovNormal()", () => {
  it("meets the golden value", () => {
    for (const one of againstNormal) {
      const value = kolmogorovSmirnovNormal(one.x, one);
      closeTo(value, one.expected.ks, toleranceOf(one), one.name);
    }
  });

  it("is half a step at the midpoint quantiles, the least possible", () => {
    const quantiles = Array.from({ length: 20 }, (_, i) => normalQuantile((i + 0.5) / 20));
    closeTo(kolmogorovSmirnovNormal(quantiles, { mean: 0, std: 1 }), 0.025, tight);
  });

  it("refuses a standard deviation that is not positive", () => {
    expect(() => kolmogorovSmirnovNormal([1], { mean: 0, std: -1 })).to.throw(
      ArgumentError,
      "`std`",
    );
  });
});
