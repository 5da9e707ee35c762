// Reduction of images, binarisation, bars and stripes and synthetic digits: golden values, exact moments and laws of draws.

import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  areaAverage,
  barsAndStripes,
  binarize,
  drawBarsAndStripes,
  exactMoments,
  scoreBarsAndStripes,
  syntheticDigits,
  type Images,
} from "../../src/data/index.js";
import { ArgumentError, ShapeError } from "../../src/errors.js";
import { stream } from "../../src/random.js";
import { closeTo } from "../support/close-to.js";

const { cases } = JSON.parse(
  readFileSync(new URL("../golden/images.json", import.meta.url), "utf8"),
) as { readonly cases: readonly { readonly name: string }[] };
const golden = (name: string): unknown => cases.find((one) => one.name === name)!;

function imagesOf(values: readonly number[][], height: number): Images {
  return {
    rows: values.length,
    height,
    width: values[0]!.length / height,
    values: Float64Array.from(values.flat()),
    white: 1,
    labels: new Uint8Array(values.length),
  };
}

describe("areaAverage()", () => {
  const { image, expected } = golden("area averaging") as {
    readonly image: number[][];
    readonly expected: {
      readonly image: number[][];
      readonly weights7to3: number[][];
      readonly weights28to6Row1: number[];
    };
  };

  it("is the golden reduction, of every image of a set", () => {
    const both = imagesOf([image.flat(), image.flat().map((x) => 1 - x)], 7);
    const small = areaAverage(both, 3);
    const want = expected.image.flat();
    closeTo(small.values, [...want, ...want.map((x) => 1 - x)], { atol: 1e-12 });
    expect([small.rows, small.height, small.width]).to.deep.equal([2, 3, 3]);
  });

  it("has the golden weights", () => {
    const unit = (n: number, k: number): number[] =>
      Array.from({ length: n }, (_, i) => (i === k ? 1 : 0));
    for (let k = 0; k < 7; k++) {
      const column = areaAverage(imagesOf([unit(7, k)], 1), 1, 3).values;
      closeTo(
        column,
        expected.weights7to3.map((row) => row[k]!),
        { atol: 1e-12 },
      );
    }
    const row1 = Array.from(
      { length: 28 },
      (_, k) => areaAverage(imagesOf([unit(28, k)], 28), 6, 1).values[1]!,
    );
    closeTo(row1, expected.weights28to6Row1, { atol: 1e-12 });
  });

  it("divides bytes by white, keeps the mean, and leaves full size alone", () => {
    const bytes: Images = {
      ...imagesOf([[0, 0, 0, 0]], 2),
      values: Uint8Array.of(255, 0, 51, 102),
      white: 255,
    };
    closeTo(areaAverage(bytes, 2).values, [1, 0, 0.2, 0.4], { atol: 1e-15 });
    closeTo(areaAverage(bytes, 1).values, [0.4], { atol: 1e-15 });
    const digits = syntheticDigits(stream(3, "data"), 5);
    const mean = (values: ArrayLike<number>): number =>
      Array.from(values).reduce((a, b) => a + b, 0) / values.length;
    closeTo(mean(areaAverage(digits, 6).values), mean(digits.values), { rtol: 1e-12 });
  });

  it("refuses to enlarge", () => {
    expect(() => areaAverage(imagesOf([[1, 1]], 1), 2)).to.throw(
      ShapeError,
      "at least 2 × 2 pixels, but has 1 × 2",
    );
  });
});

describe("exactMoments()", () => {
  const { pixels, expected } = golden("exact moments") as {
    readonly pixels: number[][];
    readonly expected: { readonly mean: number[]; readonly corr: number[][] };
  };
  const intensities = { values: pixels.flat(), width: 3 };
  const edges = [0, 1, 0, 2, 1, 2];
  const corr = [expected.corr[0]![1]!, expected.corr[0]![2]!, expected.corr[1]![2]!];

  it("are the golden moments", () => {
    const { mean, pairs } = exactMoments(intensities, edges);
    closeTo(mean, expected.mean, { atol: 1e-12 });
    closeTo(pairs, corr, { atol: 1e-12 });
  });

  it("are the average moments of draws", () => {
    const copies = 20_000;
    const values = Array.from({ length: copies }, () => intensities.values).flat();
    const spins = binarize({ values, width: 3 }, stream(1, "binarisation"));
    const rows = spins.length / 3;
    for (let e = 0; e < 3; e++) {
      let sum = 0;
      for (let row = 0; row < rows; row++)
        sum += spins[3 * row + edges[2 * e]!]! * spins[3 * row + edges[2 * e + 1]!]!;
      closeTo(sum / rows, corr[e]!, { atol: 5 / Math.sqrt(rows) });
    }
  });

  it("refuse pairs of one pixel, pixels that are not there, and no rows", () => {
    expect(() => exactMoments(intensities, [1, 1])).to.throw(ShapeError, "edge 0 is 1-1");
    expect(() => exactMoments(intensities, [0, 3])).to.throw(ShapeError, "edge 0 is 0-3");
    expect(() => exactMoments({ values: [], width: 3 }, [])).to.throw(ShapeError, "has 0 rows");
  });
});

describe("binarize()", () => {
  it("never turns 0 on or 1 off, and is fair at one half", () => {
    const rows = 100_000;
    const values = Float64Array.from({ length: 3 * rows }, (_, i) => [0, 0.5, 1][i % 3]!);
    const spins = binarize({ values, width: 3 }, stream(2, "binarisation"));
    const sums = [0, 0, 0];
    for (const [i, spin] of spins.entries()) sums[i % 3]! += spin;
    expect([sums[0], sums[2]]).to.deep.equal([-rows, rows]);
    closeTo(sums[1]! / rows, 0, { atol: 5 / Math.sqrt(rows) });
  });

  it("draws anew for each event, and the same for the same", () => {
    const half = { values: new Float64Array(64).fill(0.5), width: 8 };
    const draw = (event: number): string =>
      binarize(half, stream(1, "binarisation", event)).join("");
    expect(draw(0)).to.equal(draw(0)).and.not.equal(draw(1));
  });
});

describe("barsAndStripes()", () => {
  const { sizes, expected } = golden("bars and stripes") as {
    readonly sizes: [number, number][];
    readonly expected: { readonly counts: number[]; readonly patterns2x2: number[][] };
  };

  it("has the golden patterns", () => {
    const spins = expected.patterns2x2.flat().map((bit) => 2 * bit - 1);
    expect([...barsAndStripes(2, 2)]).to.deep.equal(spins);
    for (const [i, [rows, columns]] of sizes.entries()) {
      expect(barsAndStripes(rows, columns).length / (rows * columns)).to.equal(expected.counts[i]);
    }
    expect([...barsAndStripes(1, 1)]).to.deep.equal([-1, 1]);
    expect(() => barsAndStripes(0, 2)).to.throw(ArgumentError, "`rows`");
  });

  it("is drawn with equal probabilities, and scored", () => {
    const count = 6000;
    const drawn = drawBarsAndStripes(2, 2, stream(1, "data"), count);
    const seen = new Map<string, number>();
    for (let row = 0; row < count; row++) {
      const key = drawn.subarray(4 * row, 4 * row + 4).join();
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    expect(seen.size).to.equal(6);
    for (const times of seen.values())
      closeTo(times, 1000, { atol: 5 * Math.sqrt(count * (1 / 6) * (5 / 6)) });
    expect(scoreBarsAndStripes(drawn, 2, 2)).to.deep.equal({ valid: 1, covered: 1 });
    const half = Int8Array.of(1, 1, 1, 1, 1, -1, -1, 1);
    expect(scoreBarsAndStripes(half, 2, 2)).to.deep.equal({ valid: 0.5, covered: 1 / 6 });
    expect(() => scoreBarsAndStripes(half, 3, 3)).to.throw(ArgumentError, "`samples`");
  });
});

describe("syntheticDigits()", () => {
  it("are intensities with labels, more of them beginning with the same", () => {
    const many = syntheticDigits(stream(1, "data"), 40);
    expect([many.rows, many.height, many.width, many.values.length]).to.deep.equal([
      40,
      28,
      28,
      40 * 784,
    ]);
    expect(many.values.every((x) => x >= 0 && x <= 1 + 1e-12)).to.equal(true);
    const few = syntheticDigits(stream(1, "data"), 3);
    expect([...few.values]).to.deep.equal([...many.values.subarray(0, 3 * 784)]);
    expect([...few.labels]).to.deep.equal([...many.labels.subarray(0, 3)]);
  });

  it("have every label about as often, or in order", () => {
    const rows = 2000;
    const counts = new Array<number>(10).fill(0);
    for (const label of syntheticDigits(stream(2, "data"), rows, { side: 8 }).labels)
      counts[label]!++;
    for (const count of counts) closeTo(count, rows / 10, { atol: 5 * Math.sqrt(rows * 0.09) });
    expect([...syntheticDigits(stream(2, "data"), 12, { ordered: true }).labels].join("")).to.equal(
      "012345678901",
    );
  });

  it("at 8 × 8 are the averages of those at 28 × 28", () => {
    const from = stream(5, "data");
    const small = syntheticDigits(from, 4, { side: 8 });
    closeTo(small.values, areaAverage(syntheticDigits(from, 4), 8).values, {});
  });

  it("are told apart by the nearest mean image, mostly", () => {
    const mean = Array.from({ length: 10 }, () => new Float64Array(64));
    const known = syntheticDigits(stream(1, "data"), 1000, { side: 8, ordered: true });
    for (let row = 0; row < 1000; row++) {
      for (let i = 0; i < 64; i++) mean[row % 10]![i]! += known.values[64 * row + i]! / 100;
    }
    const fresh = syntheticDigits(stream(2, "data"), 500, { side: 8, ordered: true });
    const distance = (row: number, digit: number): number =>
      mean[digit]!.reduce((sum, x, i) => sum + (x - fresh.values[64 * row + i]!) ** 2, 0);
    let right = 0;
    for (let row = 0; row < 500; row++) {
      const distances = mean.map((_, digit) => distance(row, digit));
      if (distances.indexOf(Math.min(...distances)) === row % 10) right++;
    }
    // Far above chance, which is 50 ± 7: the labels belong to the images.
    expect(right).to.be.greaterThan(350);
  });
});
