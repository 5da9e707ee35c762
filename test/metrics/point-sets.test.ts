// Measures of point sets in any dimension: golden cases, plain definitions, closed forms and the errors.

import { expect } from "chai";
import fc from "fast-check";
import {
  energyDistance2,
  medianHeuristic,
  mmd2,
  modeCoverage,
  nearestNeighbours,
  type Points,
} from "../../src/metrics/index.js";
import { ArgumentError, ShapeError } from "../../src/errors.js";
import { closeTo } from "../support/close-to.js";
import { modes, neighbours, pointSets, pointsOf, toleranceOf } from "./golden.js";

const line = (...values: number[]): Points => ({ values, width: 1 });
const coordinates = fc.double({ min: -5, max: 5, noNaN: true });
const sets = fc
  .array(fc.tuple(coordinates, coordinates), { minLength: 2, maxLength: 12 })
  .map(pointsOf);

function refuses(measure: (x: Points, y: Points) => unknown, where: string): void {
  const good = line(1, 2, 3);
  expect(() => measure(good, { values: [1, 2], width: 2 })).to.throw(ShapeError, "same width");
  expect(() => measure({ values: [1, 2, 3], width: 2 }, good)).to.throw(ShapeError, "whole points");
  expect(() => measure({ values: [1], width: 0 }, good)).to.throw(ArgumentError, "width");
  expect(() => measure(line(), good)).to.throw(ArgumentError, `${where}: argument`);
  expect(() => measure(good, line(1, Infinity, 2))).to.throw(ArgumentError, "Infinity");
}

describe("mmd2()", () => {
  it("meets the golden values: biased, unbiased, sum of kernels", () => {
    for (const one of pointSets) {
      const [x, y] = [pointsOf(one.x), pointsOf(one.y)];
      const { sigma, sigmas } = one;
      const values = [
        mmd2(x, y, { sigma }),
        mmd2(x, y, { sigma, estimator: "unbiased" }),
        mmd2(x, y, { sigma: sigmas }),
      ];
      const { biased, unbiased, biasedSumOfKernels } = one.expected;
      closeTo(values, [biased, unbiased, biasedSumOfKernels], toleranceOf(one));
    }
  });

  it("is 0 between equal sets, never negative, at most 2, and symmetric", () => {
    fc.assert(
      fc.property(sets, sets, (x, y) => {
        closeTo(mmd2(x, x, { sigma: 0.7 }), 0, { atol: 1e-14 });
        expect(mmd2(x, y, { sigma: 0.7 })).to.be.within(-1e-14, 2);
        closeTo(mmd2(x, y, { sigma: 0.7 }), mmd2(y, x, { sigma: 0.7 }), { atol: 1e-14 });
      }),
    );
  });

  it("refuses widths that are not positive, and single points without bias", () => {
    expect(() => mmd2(line(1), line(2), { sigma: 0 })).to.throw(ArgumentError, "`sigma`");
    expect(() => mmd2(line(1), line(2), { sigma: [] })).to.throw(
      ArgumentError,
      "at least one width",
    );
    expect(() => mmd2(line(1), line(2, 3), { sigma: 1, estimator: "unbiased" })).to.throw(
      ArgumentError,
      "at least 2 points",
    );
    refuses((x, y) => mmd2(x, y, { sigma: 1 }), "mmd2");
  });
});

describe("medianHeuristic()", () => {
  it("meets the golden value", () => {
    for (const one of pointSets) {
      const sigma = medianHeuristic(pointsOf(one.x), pointsOf(one.y));
      closeTo(sigma, one.expected.medianHeuristicSigma, toleranceOf(one));
    }
  });

  it("is the middle distance for an odd number of pairs", () => {
    closeTo(medianHeuristic(line(0, 1), line(10)), 9, {});
    refuses(medianHeuristic, "medianHeuristic");
  });
});

describe("energyDistance2()", () => {
  it("meets the golden value", () => {
    for (const one of pointSets) {
      const value = energyDistance2(pointsOf(one.x), pointsOf(one.y));
      closeTo(value, one.expected.energyDistanceSquared, toleranceOf(one));
    }
  });

  it("is 0 between equal sets and symmetric", () => {
    fc.assert(
      fc.property(sets, sets, (x, y) => {
        closeTo(energyDistance2(x, x), 0, { atol: 1e-14 });
        closeTo(energyDistance2(x, y), energyDistance2(y, x), { atol: 1e-13 });
      }),
    );
  });

  it("agrees on a line with the same points in the plane", () => {
    const inPlane = (x: Points): Points => ({
      values: Array.from(x.values).flatMap((value) => [value, 0]),
      width: 2,
    });
    fc.assert(
      fc.property(
        fc.array(coordinates, { minLength: 1 }),
        fc.array(coordinates, { minLength: 1 }),
        (x, y) => {
          const [a, b] = [line(...x), line(...y)];
          closeTo(energyDistance2(a, b), energyDistance2(inPlane(a), inPlane(b)), { atol: 1e-12 });
        },
      ),
    );
    refuses(energyDistance2, "energyDistance2");
  });
});

describe("nearestNeighbours()", () => {
  it("meets the golden values", () => {
    for (const one of neighbours) {
      const found = nearestNeighbours(pointsOf(one.real), pointsOf(one.fake), one);
      for (const name of ["precision", "recall", "density", "coverage"] as const) {
        closeTo(found[name], one.expected[name], toleranceOf(one), `${one.name}, ${name}`);
      }
    }
  });

  it("closes the balls, and leaves a point out of its own neighbours", () => {
    const { precision, recall, coverage } = nearestNeighbours(line(0, 1), line(2, 10), { k: 1 });
    closeTo([precision, recall, coverage], [0.5, 1, 0.5], {});
  });

  it("swaps precision and recall with the sets", () => {
    fc.assert(
      fc.property(sets, sets, (x, y) => {
        const [forth, back] = [
          nearestNeighbours(x, y, { k: 1 }),
          nearestNeighbours(y, x, { k: 1 }),
        ];
        closeTo([forth.precision, forth.recall], [back.recall, back.precision], {});
      }),
    );
  });

  it("refuses a k that is not below the number of points", () => {
    for (const k of [0, 3, 1.5]) {
      expect(() => nearestNeighbours(line(1, 2, 3), line(1, 2, 3, 4), { k })).to.throw(
        ArgumentError,
        "less 1 (2)",
      );
    }
    refuses((x, y) => nearestNeighbours(x, y, { k: 1 }), "nearestNeighbours");
  });
});

describe("modeCoverage()", () => {
  it("meets the golden values", () => {
    for (const one of modes) {
      const found = modeCoverage(pointsOf(one.samples), pointsOf(one.centres), one);
      closeTo(found.nearest, one.expected.nearest, {});
      closeTo(found.highQualityFraction, one.expected.highQualityFraction, toleranceOf(one));
      closeTo(found.modesCovered, one.expected.modesCovered, {});
    }
  });

  it("covers a mode only with enough samples of high quality", () => {
    const samples = line(0, 0.1, -0.29, 5, 5.31);
    const found = modeCoverage(samples, line(0, 5), { std: 0.1, minCount: 2 });
    closeTo(found.counts, [3, 1], {});
    closeTo([found.modesCovered, found.highQualityFraction], [1, 0.8], {});
  });

  it("says what is wrong with its arguments", () => {
    const [x, y] = [line(1), line(2)];
    expect(() => modeCoverage(x, y, { std: 0 })).to.throw(ArgumentError, "`std`");
    expect(() => modeCoverage(x, y, { std: 1, minCount: 0 })).to.throw(ArgumentError, "`minCount`");
    refuses((a, b) => modeCoverage(a, b, { std: 1 }), "modeCoverage");
  });
});
