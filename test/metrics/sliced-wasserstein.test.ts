// The sliced Wasserstein distance: shifts have a closed form, one column is the plain distance.

import { expect } from "chai";
import { ArgumentError, metrics, ShapeError } from "../../src/index.js";
import { normalArray, stream } from "../../src/random.js";

const { slicedWasserstein1, wasserstein1 } = metrics;
const cloud = (width: number, seed: number): metrics.Points => ({
  values: normalArray(stream(seed, "problemGenerators"), 300 * width),
  width,
});
const shifted = ({ values, width }: metrics.Points, by: readonly number[]): metrics.Points => ({
  values: Array.from(values, (x, i) => x + by[i % width]!),
  width,
});

describe("slicedWasserstein1()", () => {
  it("is the mean projection of a shift", () => {
    const x = cloud(2, 1);
    // A shift by (3, 4) moves the projection on angle φ by |3 cos φ + 4 sin φ|.
    const angles = Array.from({ length: 64 }, (_, k) => (k * Math.PI) / 64);
    const mean = angles.reduce((sum, a) => sum + Math.abs(3 * Math.cos(a) + 4 * Math.sin(a)), 0) / 64; // prettier-ignore
    expect(slicedWasserstein1(x, shifted(x, [3, 4]))).to.be.closeTo(mean, 1e-6);
    // Over all angles that is 5 · 2/π.
    expect(mean).to.be.closeTo(10 / Math.PI, 0.005);
  });

  it("is the Wasserstein distance of one column", () => {
    const [x, y] = [cloud(1, 1), cloud(1, 2)];
    expect(slicedWasserstein1(x, y)).to.equal(wasserstein1(x.values, y.values));
  });

  it("is 0 for equal sets, symmetric, and the same at every call, in five dimensions", () => {
    const [x, y] = [cloud(5, 1), cloud(5, 2)];
    expect(slicedWasserstein1(x, x)).to.equal(0);
    expect(slicedWasserstein1(x, y)).to.equal(slicedWasserstein1(y, x));
    expect(slicedWasserstein1(x, shifted(x, [1, 0, 0, 0, 0]), { directions: 500 })).to.be.closeTo(
      // E|u₁| of a random direction in five dimensions, 3/8, and five standard errors of 500 directions.
      3 / 8,
      (5 * Math.sqrt(1 / 5 - 9 / 64)) / Math.sqrt(500),
    );
  });

  it("names what is wrong", () => {
    expect(() => slicedWasserstein1(cloud(2, 1), cloud(3, 1))).to.throw(ShapeError);
    expect(() => slicedWasserstein1(cloud(2, 1), cloud(2, 2), { directions: 0 }))
      .to.throw(ArgumentError, "slicedWasserstein1: argument `directions` must be a positive integer, but is 0."); // prettier-ignore
  });
});
