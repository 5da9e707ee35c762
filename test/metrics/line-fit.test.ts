// The straight line: the golden case, exact lines, samples without spread and the errors.

import { expect } from "chai";
import { lineFit } from "../../src/metrics/index.js";
import { ArgumentError, ShapeError } from "../../src/errors.js";
import { closeTo } from "../support/close-to.js";
import { coordinatesOf, lines, toleranceOf } from "./golden.js";

describe("lineFit()", () => {
  it("meets the golden case", () => {
    for (const one of lines) {
      const fit = lineFit(...coordinatesOf(one.points));
      const { slope, intercept, residualStd, pearson } = one.expected;
      const found = [fit.slope, fit.intercept, fit.residualStd, fit.r];
      closeTo(found, [slope, intercept, residualStd, pearson], toleranceOf(one));
    }
  });

  it("finds an exact line far from the origin", () => {
    const x = Float64Array.from({ length: 1000 }, (_, i) => 1e6 + i / 1000);
    const fit = lineFit(
      x,
      x.map((value) => 3 - 2 * (value - 1e6)),
    );
    closeTo([fit.slope, fit.intercept, fit.r], [-2, 2e6 + 3, -1], { rtol: 1e-9 });
    closeTo(fit.residualStd, 0, { atol: 1e-8 });
  });

  it("has no line through samples without spread, and no correlation for a level one", () => {
    // The sum of three times 0.1, divided by 3, is not 0.1.
    for (const same of [1, 0.1, 0.7]) {
      const point = lineFit([same, same, same], [1, 2, 3]);
      const all = [point.slope, point.intercept, point.residualStd, point.r];
      expect(all).to.deep.equal([NaN, NaN, NaN, NaN]);
      expect(lineFit([1, 2, 3], [same, same, same]).r).to.be.NaN;
    }
    const level = lineFit([1, 2, 3], [5, 5, 5]);
    closeTo([level.slope, level.intercept, level.residualStd], [0, 5, 0], {});
    expect(level.r).to.be.NaN;
  });

  it("says what is wrong with its arguments", () => {
    expect(() => lineFit([1, 2, 3], [1, 2])).to.throw(ShapeError, "have 3 and 2 entries");
    expect(() => lineFit([1, 2], [1, 2])).to.throw(
      ArgumentError,
      "at least 3 samples, but holds 2",
    );
    expect(() => lineFit([1, 2, NaN], [1, 2, 3])).to.throw(ArgumentError, "`x[2]` is NaN");
  });
});
