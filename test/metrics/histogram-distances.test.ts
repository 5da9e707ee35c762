// Distances of histograms: golden cases, identities between them, bounds and the errors.

import { expect } from "chai";
import fc from "fast-check";
import {
  hellinger,
  histogram,
  histogram2d,
  jensenShannon,
  jsDistance,
  overlap,
  probabilities,
  totalVariation,
} from "../../src/metrics/index.js";
import { ArgumentError, ShapeError } from "../../src/errors.js";
import { closeTo } from "../support/close-to.js";
import {
  coordinatesOf,
  givenProbabilities,
  histograms,
  jointHistograms,
  toleranceOf,
  type Distances,
} from "./golden.js";

const distances = { hellinger, overlap, totalVariation, jensenShannon, jsDistance };

type Expectation = {
  readonly name: string;
  readonly expected: Distances;
  readonly tolerance: number;
};

function meetsGolden(one: Expectation, p: ArrayLike<number>, q: ArrayLike<number>): void {
  for (const name of Object.keys(distances) as (keyof Distances)[]) {
    const value = distances[name](p, q);
    closeTo(value, one.expected[name], toleranceOf(one), `${one.name}, ${name}`);
  }
}

/** Two weight vectors on the same bins, neither of which vanishes. */
const pairs = fc
  .array(fc.tuple(fc.nat(9), fc.nat(9)), { minLength: 1, maxLength: 30 })
  .map((bins) => [bins.map(([p]) => p), bins.map(([, q]) => q)] as const)
  .filter((pair) => pair.every((weights) => weights.some((weight) => weight > 0)));

describe("distances of histograms", () => {
  it("meet the golden values for given probabilities", () => {
    for (const one of givenProbabilities) meetsGolden(one, one.p, one.q);
  });

  it("meet the golden values for histograms of samples", () => {
    for (const one of histograms) {
      meetsGolden(one, histogram(one.x, one), histogram(one.y, one));
    }
  });

  it("meet the golden values for joint histograms", () => {
    for (const one of jointHistograms) {
      const [p, q] = [one.x, one.y].map((points) => histogram2d(...coordinatesOf(points), one));
      meetsGolden(one, p ?? [], q ?? []);
    }
  });

  it("are symmetric, bounded, and 0 (overlap 1) between equal distributions", () => {
    const largest = { hellinger: 1, overlap: 1, totalVariation: 1, jensenShannon: Math.LN2 };
    fc.assert(
      fc.property(pairs, ([p, q]) => {
        for (const [name, bound] of Object.entries(largest)) {
          const distance = distances[name as keyof typeof largest];
          closeTo(distance(p, q), distance(q, p), { atol: 1e-15 }, name);
          expect(distance(p, q), name).to.be.within(0, bound);
          closeTo(distance(p, p), name === "overlap" ? 1 : 0, { atol: 1e-15 }, name);
        }
      }),
    );
  });

  it("do not depend on the scale of the weights", () => {
    fc.assert(
      fc.property(pairs, ([p, q]) => {
        for (const [name, distance] of Object.entries(distances)) {
          closeTo(distance(probabilities(p), q), distance(p, q), { atol: 1e-12 }, name);
        }
      }),
    );
  });

  it("agree with each other: TV = 1 - overlap, and D_H² ≤ TV ≤ √2 D_H", () => {
    fc.assert(
      fc.property(pairs, ([p, q]) => {
        const tv = totalVariation(p, q);
        closeTo(tv, 1 - overlap(p, q), { atol: 1e-15 });
        expect(tv).to.be.at.least(hellinger(p, q) ** 2 - 1e-15);
        expect(tv).to.be.at.most(Math.SQRT2 * hellinger(p, q) + 1e-15);
      }),
    );
  });

  it("say what is wrong with their arguments", () => {
    for (const [name, distance] of Object.entries(distances)) {
      const start = `${name}: argument`;
      expect(() => distance([1, 2], [1])).to.throw(ShapeError, `${start}s \`p\` and \`q\``);
      expect(() => distance([1, -2], [1, 1])).to.throw(ArgumentError, `${start} \`p\``);
      expect(() => distance([1, 2], [0, 0])).to.throw(ArgumentError, `${start} \`q\``);
      expect(() => distance([1, NaN], [1, 1])).to.throw(ArgumentError, "finite");
      expect(() => distance([], [])).to.throw(ArgumentError, "empty");
    }
  });
});

describe("hellinger()", () => {
  it("is √(1 - Σ √(pq))", () => {
    fc.assert(
      fc.property(pairs, ([weightsP, weightsQ]) => {
        const p = probabilities(weightsP);
        const q = probabilities(weightsQ);
        const affinity = p.reduce((sum, weight, i) => sum + Math.sqrt(weight * q[i]!), 0);
        closeTo(hellinger(p, q) ** 2, 1 - affinity, { atol: 1e-14 });
      }),
    );
  });
});
