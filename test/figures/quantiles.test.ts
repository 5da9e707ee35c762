// Quantiles and bands over replicas.

import { expect } from "chai";

import { bandWords, bands, quantile, thinned } from "../../src/figures/quantiles.js";

describe("quantile()", () => {
  it("interpolates between neighbours", () => {
    expect(quantile([1, 2, 3, 4], 0.5)).to.equal(2.5);
    expect(quantile([1, 2, 3, 4], 0.25)).to.equal(1.75);
    expect(quantile([1, 2, 3, 4], 0)).to.equal(1);
    expect(quantile([1, 2, 3, 4], 1)).to.equal(4);
    expect(quantile([7], 0.3)).to.equal(7);
  });
});

describe("bands()", () => {
  it("gives range, quartiles and median of a few replicas", () => {
    expect(bands([{ x: 5, values: [4, 1, 3, 2, 5] }])).to.deep.equal([
      { x: 5, low: 1, lowerQuartile: 2, median: 3, upperQuartile: 4, high: 5 },
    ]);
  });

  it("gives the 5 % and 95 % quantiles of twenty replicas and more", () => {
    const values = Array.from({ length: 21 }, (_, i) => i);
    const [band] = bands([{ x: 0, values }]);
    expect(band?.low).to.equal(1);
    expect(band?.high).to.equal(19);
  });

  it("leaves out replicas that diverged, and places where all did", () => {
    const rows = [
      { x: 1, values: [1, Number.NaN, 3] },
      { x: 2, values: [Number.NaN, Number.POSITIVE_INFINITY] },
    ];
    expect(bands(rows).map((band) => [band.x, band.median])).to.deep.equal([[1, 2]]);
  });
});

describe("bandWords()", () => {
  it("says what the bands are", () => {
    expect(bandWords(1)).to.equal("1 replica");
    expect(bandWords(8)).to.equal("median, quartiles and range of 8 replicas");
    expect(bandWords(20)).to.equal("median, quartiles and 5–95 % band of 20 replicas");
  });
});

describe("thinned()", () => {
  it("averages each replica over neighbouring rows and keeps the last place", () => {
    const rows = [1, 2, 3, 4, 5].map((x) => ({ x, values: [x, 10 * x] }));
    expect(thinned(rows, 3)).to.deep.equal([
      { x: 2, values: [1.5, 15] },
      { x: 4, values: [3.5, 35] },
      { x: 5, values: [5, 50] },
    ]);
  });

  it("leaves short series alone", () => {
    const rows = [{ x: 1, values: [2] }];
    expect(thinned(rows, 10)).to.deep.equal(rows);
    expect(thinned([], 10)).to.deep.equal([]);
  });
});
