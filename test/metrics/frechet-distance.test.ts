// Fréchet distances and the moments behind them: golden cases, closed forms, singular covariances, errors.

import { expect } from "chai";
import { ArgumentError, ShapeError } from "../../src/errors.js";
import {
  frechetDistance,
  frechetOfMoments,
  runningMoments,
  type GaussianMoments,
  type Points,
} from "../../src/metrics/index.js";
import { choleskyFactor, singularSum } from "../../src/metrics/singular-values.js";
import { normalArray, stream } from "../../src/random.js";
import { closeTo } from "../support/close-to.js";
import { frechetMoments, frechetSamples, matrixOf, toleranceOf } from "./golden.js";

function momentsOf(
  mean: readonly number[],
  covariance: readonly (readonly number[])[],
): GaussianMoments {
  const width = mean.length;
  return { width, mean: Float64Array.from(mean), covariance: Float64Array.from(covariance.flat()) };
}

/** Features as those of images: behind a ReLU, a third of them dead, their sizes a thousand apart. */
function features(event: number, n: number, width: number): Points {
  const values = normalArray(stream(5, "evaluation", event), n * width).map((x, at) => {
    const k = at % width;
    return k % 3 === 0 ? 0 : Math.max(0, x + 0.5) * 10 ** ((3 * k) / width);
  });
  return { values, width };
}

describe("frechetDistance()", () => {
  it("meets the golden values of samples, with more of them than coordinates or fewer", () => {
    for (const one of frechetSamples) {
      const [x, y] = [matrixOf(one.x), matrixOf(one.y)];
      const of = (epsilon: number): number => frechetDistance(x, y, { epsilon });
      const { frechet, "frechetEps1e-3": wide, "frechetEps1e-6": narrow } = one.expected;
      closeTo(of(0), frechet, toleranceOf(one));
      if (wide !== undefined) closeTo(of(1e-3), wide, toleranceOf(one));
      if (narrow !== undefined) closeTo(frechetDistance(x, y), narrow, { rtol: 1e-9 });
    }
  });

  it("meets the golden values of moments", () => {
    for (const one of frechetMoments) {
      const [a, b] = [momentsOf(one.mean1, one.cov1), momentsOf(one.mean2, one.cov2)];
      closeTo(frechetOfMoments(a, b, { epsilon: 0 }), one.expected.frechet, toleranceOf(one));
    }
  });

  it("is 0 between a set and itself to 1e-8, though a third of the features are constant", () => {
    const x = features(0, 300, 60);
    closeTo(frechetDistance(x, x), 0, { atol: 1e-8 });
  });

  it("is symmetric", () => {
    const [x, y] = [features(0, 200, 30), features(1, 250, 30)];
    closeTo(frechetDistance(x, y), frechetDistance(y, x), { rtol: 1e-12 });
  });

  it("is the squared length of a shift", () => {
    const x = features(2, 200, 12);
    const shift = Array.from({ length: 12 }, (_, k) => k / 10);
    const values = Float64Array.from(x.values, (value, at) => value + shift[at % 12]!);
    const wanted = shift.reduce((sum, c) => sum + c * c, 0);
    closeTo(frechetDistance(x, { values, width: 12 }), wanted, { rtol: 1e-6 });
  });

  it("refuses other widths, single points and numbers that are not finite", () => {
    const x = features(0, 10, 3);
    expect(() => frechetDistance(x, features(0, 10, 4))).to.throw(ShapeError, "same width");
    expect(() => frechetDistance(x, { values: [1, 2, 3], width: 3 })).to.throw(
      ArgumentError,
      "two points",
    );
    expect(() => frechetDistance({ values: [1, 2, NaN], width: 3 }, x)).to.throw(
      ArgumentError,
      "NaN",
    );
    expect(() => frechetDistance(x, x, { epsilon: -1 })).to.throw(ArgumentError, "`epsilon`");
  });
});

describe("runningMoments()", () => {
  it("gives the same moments in parts as at once, far from 0 as well", () => {
    const { values, width } = features(3, 90, 5);
    const far = Float64Array.from(values, (value) => value + 1e6);
    const inParts = runningMoments(width);
    for (const [from, to] of [
      [0, 10],
      [10, 10],
      [10, 85],
      [85, 90],
    ] as const)
      inParts.add(far.subarray(from * width, to * width));
    const atOnce = runningMoments(width);
    atOnce.add(values);
    const [a, b] = [inParts.moments(), atOnce.moments()];
    expect(a.count).to.equal(90);
    closeTo(
      a.mean.map((x) => x - 1e6),
      b.mean,
      { rtol: 1e-9, atol: 1e-9 },
    );
    closeTo(a.covariance, b.covariance, { rtol: 1e-8, atol: 1e-8 });
  });

  it("needs two points for a covariance, and whole ones", () => {
    const running = runningMoments(2);
    expect(() => running.moments()).to.throw(ArgumentError, "two points, but has 0");
    expect(() => {
      running.add([1, 2, 3]);
    }).to.throw(ShapeError, "whole points");
    expect(() => runningMoments(0)).to.throw(ArgumentError, "`width`");
  });
});

describe("singularSum()", () => {
  it("is the sum of what a diagonal matrix has, whatever its signs and order", () => {
    const d = [3, -1, 0, 1e-9, 7];
    const A = new Float64Array(25);
    d.forEach((value, i) => (A[6 * i] = value));
    closeTo(singularSum(A, 5), 11 + 1e-9, { rtol: 1e-15 });
  });

  it("is the trace of a positive matrix, dense or of rank 1", () => {
    const n = 40;
    for (const rank of [1, n]) {
      const G = normalArray(stream(9, "evaluation"), n * rank);
      const A = Float64Array.from({ length: n * n }, (_, at) => {
        const [i, j] = [Math.floor(at / n), at % n];
        let sum = 0;
        for (let k = 0; k < rank; k++) sum += G[i * rank + k]! * G[j * rank + k]!;
        return sum;
      });
      let trace = 0;
      for (let i = 0; i < n; i++) trace += A[i * n + i]!;
      closeTo(singularSum(A.slice(), n), trace, { rtol: 1e-12 });
    }
  });
});

describe("choleskyFactor()", () => {
  it("has the matrix as its square, also where that is singular", () => {
    const A = Float64Array.from([4, 2, 0, 2, 1, 0, 0, 0, 9]);
    const L = choleskyFactor(A, 3);
    const square = Float64Array.from({ length: 9 }, (_, at) => {
      const [i, j] = [Math.floor(at / 3), at % 3];
      return [0, 1, 2].reduce((sum, k) => sum + L[3 * i + k]! * L[3 * j + k]!, 0);
    });
    closeTo(square, A, { rtol: 1e-14, atol: 1e-14 });
  });
});
