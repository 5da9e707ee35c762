// Laws: means, deviations and quantiles from their formulas, mixtures by their parts, and the sources made of them.

import { expect } from "chai";
import { ArgumentError, data, metrics, useBackend } from "../../src/index.js";
import { stream } from "../../src/random.js";

const N = 20_000;
const mean = (x: ArrayLike<number>): number => Array.from(x).reduce((a, b) => a + b, 0) / x.length;

describe("namedLaw()", () => {
  for (const name of data.NAMED_LAWS) {
    it(`has the mean and the standard deviation that are asked for: ${name}`, () => {
      const { quantile } = data.namedLaw(name, 0.5, 0.2);
      // The midpoint rule over quantiles: exact but for the outermost cells.
      const n = 1e5;
      const x = Float64Array.from({ length: n }, (_, i) => quantile!((i + 0.5) / n));
      const m = mean(x);
      const std = Math.sqrt(mean(x.map((value) => (value - m) ** 2)));
      expect(m).to.be.closeTo(0.5, 2e-5);
      expect(std).to.be.closeTo(0.2, 2e-4);
    });
  }

  it("has the quantiles of the textbook", () => {
    const at = (name: data.NamedLaw, p: number): number => data.namedLaw(name, 0, 1).quantile!(p);
    expect(at("normal", 0.975)).to.be.closeTo(1.959963984540054, 1e-12);
    expect(at("uniform", 1)).to.equal(Math.sqrt(3));
    expect(at("exponential", 0.5)).to.be.closeTo(Math.LN2 - 1, 1e-15);
    expect(at("laplace", 0.75)).to.be.closeTo(Math.LN2 / Math.SQRT2, 1e-15);
    expect(at("laplace", 0.25)).to.be.closeTo(-Math.LN2 / Math.SQRT2, 1e-15);
  });

  it("refuses a standard deviation of 0", () => {
    expect(() => data.namedLaw("normal", 0, 0)).to.throw(
      ArgumentError,
      "namedLaw: argument `std` must be a positive number, but is 0.",
    );
  });
});

describe("lawSource()", () => {
  before(() => useBackend("wasm"));

  it("compares with quantiles where they are known, with held-out rows elsewhere", () => {
    const line = data.lawSource(data.namedLaw("normal", 0, 0.2));
    const target = line.target("test", 1001, 0);
    expect(target[500]).to.be.closeTo(0, 1e-7);
    expect([...target]).to.deep.equal([...target].sort((a, b) => a - b));
    const ring = data.lawSource(data.ringLaw());
    expect(ring.target("test", 10, 3)).to.deep.equal(ring.held("test", 10, 3));
  });

  it("draws rows of the law, the same for the same seed, others for other splits", () => {
    const source = data.lawSource(data.namedLaw("normal", 0.3, 0.2));
    const rows = source.held("test", N, 4);
    // The Kolmogorov-Smirnov distance exceeds 1.95/√n once in a thousand.
    expect(metrics.kolmogorovSmirnovNormal(rows, { mean: 0.3, std: 0.2 })).to.be.below(1.95 / Math.sqrt(N)); // prettier-ignore
    expect(source.held("test", N, 4)).to.deep.equal(rows);
    expect(source.held("floor", N, 4)).not.to.deep.equal(rows);
    expect(source.held("test", 7, 4)).to.deep.equal(rows.subarray(0, 7));
  });

  it("gives every replica the batch of its own stream", async () => {
    const source = data.lawSource(data.gridLaw());
    const streams = [1, 2].map((seed) => stream(seed, "data", 3));
    const both = await source.batch(streams, 5).data();
    const second = await source.batch(streams.slice(1), 5).data();
    expect([...both.slice(10)]).to.deep.equal([...second]);
    expect(source.batch(streams, 5).shape).to.deep.equal([2, 5, 2]);
  });

  const PLANE: readonly (readonly [string, data.Law, number])[] = [
    ["ring", data.ringLaw(), 8],
    ["grid", data.gridLaw(), 25],
  ];
  for (const [name, law, modes] of PLANE) {
    it(`has all parts in equal numbers, three deviations wide: ${name}`, () => {
      const rows = data.lawSource(law).held("test", N, 1);
      const coverage = metrics.modeCoverage(
        { values: rows, width: 2 },
        { values: law.modes!.centres.flat(), width: 2 },
        { std: law.modes!.std },
      );
      // P(|x| < 3σ) in the plane, and five standard deviations of binomial counts.
      const inside = 1 - Math.exp(-4.5);
      const share = inside / modes;
      expect(coverage.highQualityFraction).to.be.closeTo(inside, 5 * Math.sqrt((inside * (1 - inside)) / N)); // prettier-ignore
      for (const count of coverage.counts)
        expect(count / N).to.be.closeTo(share, 5 * Math.sqrt((share * (1 - share)) / N));
    });
  }

  it("has two circles of radii r/2 and r", () => {
    const rows = data.lawSource(data.circlesLaw(2, 0.01)).held("test", N, 1);
    const radii = Float64Array.from({ length: N }, (_, i) =>
      Math.hypot(rows[2 * i]!, rows[2 * i + 1]!),
    );
    expect(radii.every((r) => Math.min(Math.abs(r - 1), Math.abs(r - 2)) < 0.06)).to.equal(true);
    expect(radii.filter((r) => r < 1.5).length / N).to.be.closeTo(0.5, 2.5 / Math.sqrt(N));
  });

  it("gives the parts of a mixture their weights", () => {
    const source = data.lawSource(data.mixtureLaw([[-1], [1]], 0.05, [1, 3]));
    const rows = source.held("test", N, 1);
    expect(rows.filter((x) => x > 0).length / N).to.be.closeTo(0.75, 5 * Math.sqrt(0.1875 / N));
    expect(() => data.mixtureLaw([[0], [1]], 0.1, [1])).to.throw(ArgumentError, "2 numbers ≥ 0");
  });
});

describe("csvRowSource()", () => {
  before(() => useBackend("wasm"));

  const text = ["a,b", ...Array.from({ length: 400 }, (_, i) => `${i},${(i * 7) % 400}`)].join(
    "\n",
  );

  it("scales the training rows to 1 less the margin, and back", () => {
    const source = data.csvRowSource(text, { margin: 0.1 });
    const rows = source.held("test", 1000, 0);
    expect(Math.max(...rows.map(Math.abs))).to.be.at.most(1);
    const units = source.toUnits(rows);
    // Every value is one of the integers of the file.
    for (const x of units) expect(Math.abs(x - Math.round(x))).to.be.below(1e-3);
    expect(source.target("test", 1000, 0)).to.deep.equal(rows);
  });

  it("draws batches between -1 and 1", async () => {
    const source = data.csvRowSource(text);
    const batch = source.batch([stream(1, "data", 0), stream(2, "data", 0)], 50);
    expect(batch.shape).to.deep.equal([2, 50, 2]);
    const values = await batch.data();
    expect(Math.max(...values.map(Math.abs))).to.be.within(0.5, 0.9 + 1e-6);
    source.dispose();
  });
});
