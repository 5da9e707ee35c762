// Histograms: golden cases, edges, outliers and the errors.

import { expect } from "chai";
import fc from "fast-check";
import { binEdges, histogram, histogram2d, probabilities } from "../../src/metrics/index.js";
import { ArgumentError, ShapeError } from "../../src/errors.js";
import { closeTo } from "../support/close-to.js";
import { coordinatesOf, edges, histograms, jointHistograms } from "./golden.js";

const unit = { lo: 0, hi: 1, bins: 4 };

describe("histogram()", () => {
  it("meets the golden counts, outliers clipped to the edge bins", () => {
    for (const { x, y, lo, hi, bins, expected } of histograms) {
      closeTo(histogram(x, { lo, hi, bins }), expected.countsX, {});
      closeTo(histogram(y, { lo, hi, bins }), expected.countsY, {});
    }
  });

  it("closes bins on the left and the last one on both sides", () => {
    for (const { x, lo, hi, bins, expected } of edges) {
      closeTo(histogram(x, { lo, hi, bins }), expected.counts, {});
    }
  });

  it("clips, drops or refuses outliers", () => {
    const x = [-1, 0, 0.3, 1, 7];
    closeTo(histogram(x, unit), [2, 1, 0, 2], {});
    closeTo(histogram(x, { ...unit, outliers: "drop" }), [1, 1, 0, 1], {});
    expect(() => histogram(x, { ...unit, outliers: "error" })).to.throw(
      ArgumentError,
      "histogram: argument `x` must lie in [0, 1], but `x[0]` is -1.",
    );
  });

  it("counts every sample once", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
        fc.integer({ min: 1, max: 20 }),
        (x, bins) => {
          const counts = histogram(x, { lo: -2, hi: 3, bins });
          expect(counts.reduce((sum, count) => sum + count, 0)).to.equal(x.length);
        },
      ),
    );
  });

  it("says what is wrong with its arguments", () => {
    expect(() => histogram([1], { lo: 1, hi: 1, bins: 3 })).to.throw(ArgumentError, "lo < hi");
    expect(() => histogram([1], { lo: 0, hi: Infinity, bins: 3 })).to.throw("lo < hi");
    expect(() => histogram([1], { ...unit, bins: 0 })).to.throw(
      "`bins` must be a positive integer",
    );
    expect(() => histogram([1], { ...unit, bins: 1.5 })).to.throw("but is 1.5");
    expect(() => histogram([], unit)).to.throw(ArgumentError, "must hold samples, but is empty");
    expect(() => histogram([0, NaN], unit)).to.throw("`x[1]` is NaN");
    expect(() => histogram([-Infinity], unit)).to.throw("`x[0]` is -Infinity");
  });
});

describe("histogram2d()", () => {
  it("meets the golden counts, row-major with x along the rows", () => {
    for (const { x, y, lo, hi, bins, expected } of jointHistograms) {
      const countsOf = (points: typeof x): Float64Array =>
        histogram2d(...coordinatesOf(points), { lo, hi, bins });
      closeTo(countsOf(x), expected.countsX.flat(), {});
      closeTo(countsOf(y), expected.countsY.flat(), {});
    }
  });

  it("has the histograms of its coordinates as marginals", () => {
    const x = [0.1, 0.6, 0.9, 0.3, 2];
    const y = [0.8, 0.2, 0.3, -1, 0.5];
    const joint = histogram2d(x, y, unit);
    const rows = [0, 1, 2, 3].map((i) => joint.slice(4 * i, 4 * i + 4).reduce((a, b) => a + b, 0));
    closeTo(rows, histogram(x, unit), {});
  });

  it("drops or refuses a point when one coordinate lies outside", () => {
    const count = (outliers: "drop" | "error"): number =>
      histogram2d([0.5, 0.5, 2], [0.5, 3, 0.5], { ...unit, outliers }).reduce((a, b) => a + b, 0);
    expect(count("drop")).to.equal(1);
    expect(() => count("error")).to.throw("histogram2d: argument `x` must lie in [0, 1]");
  });

  it("refuses coordinates of different lengths", () => {
    expect(() => histogram2d([1, 2], [1], unit)).to.throw(ShapeError, "have 2 and 1 entries");
    expect(() => histogram2d([1], [NaN], unit)).to.throw("histogram2d: argument `y`");
  });
});

describe("binEdges()", () => {
  it("runs from lo to hi exactly", () => {
    closeTo(
      binEdges({ lo: 0, hi: Math.PI, bins: 3 }),
      [0, Math.PI / 3, (2 * Math.PI) / 3, Math.PI],
      {
        rtol: 1e-15,
      },
    );
    expect(binEdges({ lo: -0.1, hi: 0.2, bins: 7 })[7]).to.equal(0.2);
  });
});

describe("probabilities()", () => {
  it("divides by the sum", () => {
    closeTo(probabilities([1, 3, 0]), [0.25, 0.75, 0], {});
  });

  it("refuses negative weights and a sum of zero", () => {
    expect(() => probabilities([1, -0.1])).to.throw(ArgumentError, "`counts[1]` is -0.1");
    expect(() => probabilities([0, 0])).to.throw(
      ArgumentError,
      "positive, finite sum, but it is 0",
    );
    expect(() => probabilities([])).to.throw("is empty");
  });
});
