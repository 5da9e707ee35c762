// Inception Scores and class histograms: golden cases, the identity of entropies, bounds and errors.

import { expect } from "chai";
import { ArgumentError } from "../../src/errors.js";
import { classHistogram, inceptionScore, type Points } from "../../src/metrics/index.js";
import { stream, uniformArray } from "../../src/random.js";
import { closeTo } from "../support/close-to.js";
import { inceptionScores, matrixOf, scoreBounds, toleranceOf } from "./golden.js";

/** Random rows of probabilities. */
function someProbabilities(rows: number, width: number): Points {
  const u = uniformArray(stream(3, "evaluation"), rows * width);
  const values = Float64Array.from(u);
  for (let row = 0; row < rows; row++) {
    const part = values.subarray(row * width, (row + 1) * width);
    const sum = part.reduce((a, b) => a + b, 0);
    part.forEach((value, k) => (part[k] = value / sum));
  }
  return { values, width };
}

describe("inceptionScore()", () => {
  it("meets the golden values, of one split and of more", () => {
    for (const one of inceptionScores) {
      const { score, std } = inceptionScore(matrixOf(one.probs), { splits: one.splits ?? 1 });
      const { is, mean = is!, std: wanted = 0 } = one.expected;
      closeTo([score, std], [mean, wanted], toleranceOf(one));
    }
  });

  it("is the number of classes for sure and even answers, and 1 for answers that are all alike", () => {
    for (const one of scoreBounds) {
      const { isOneHot, isConstant } = one.expected;
      closeTo(inceptionScore(matrixOf(one.oneHot)).score, isOneHot, toleranceOf(one));
      closeTo(inceptionScore(matrixOf(one.constant)).score, isConstant, toleranceOf(one));
    }
  });

  it("is exp(H(mean p) − mean H(p))", () => {
    const points = someProbabilities(50, 7);
    const entropy = (p: ArrayLike<number>): number =>
      Array.from(p).reduce((sum, x) => sum - x * Math.log(x), 0);
    const rows = Array.from({ length: 50 }, (_, i) =>
      Array.from(points.values).slice(7 * i, 7 * i + 7),
    );
    const mean = rows[0]!.map((_, k) => rows.reduce((sum, row) => sum + row[k]! / 50, 0));
    const within = rows.reduce((sum, row) => sum + entropy(row) / 50, 0);
    closeTo(inceptionScore(points).score, Math.exp(entropy(mean) - within), { rtol: 1e-12 });
  });

  it("refuses rows that are no probabilities, and more splits than samples", () => {
    const of = (...values: number[]): Points => ({ values, width: 2 });
    expect(() => inceptionScore(of(0.5, 0.6))).to.throw(ArgumentError, "row 0 has sum 1.1");
    expect(() => inceptionScore(of(0.5, 0.5, -0.5, 1.5))).to.throw(
      ArgumentError,
      "row 1 has a negative",
    );
    expect(() => inceptionScore(of(0.5, 0.5), { splits: 2 })).to.throw(ArgumentError, "`splits`");
    expect(() => inceptionScore(of())).to.throw(ArgumentError, "must hold samples");
  });
});

describe("classHistogram()", () => {
  it("counts the most probable classes and names the fractions of the rarest and the commonest", () => {
    const values = [0.7, 0.2, 0.1, 0.4, 0.4, 0.2, 0.1, 0.8, 0.1, 0.6, 0.3, 0.1];
    const { counts, smallest, largest } = classHistogram({ values, width: 3 });
    expect(Array.from(counts)).to.deep.equal([3, 1, 0]);
    expect([smallest, largest]).to.deep.equal([0, 0.75]);
  });
});
