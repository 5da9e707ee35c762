// The result object of all samplers: what its methods keep, merge and order, and how it is written down.

import { expect } from "chai";
import { ArgumentError, DataError, ShapeError } from "../../src/errors.js";
import {
  concat,
  NO_INFO,
  sampleSet,
  type SampleInfo,
  type SampleSet,
} from "../../src/ising/sample-set.js";
import { sampleSetFromJson } from "../../src/ising/sample-set-json.js";

const INFO: SampleInfo = {
  ...NO_INFO,
  sampler: "gibbs",
  seed: 7,
  beta: 1,
  sweeps: 10,
  flips: 3e6,
  flipsPerNs: 1.5,
  timing: { preprocessMs: 1, samplingMs: 2, postprocessMs: 3 },
  diagnostics: { rHat: [NaN], ess: [12] },
};

/** Rows as strings of signs, with energies, of one model unless said. */
function setOf(rows: readonly (readonly [string, number])[], model?: number[]): SampleSet {
  return sampleSet({
    n: rows[0]![0].length,
    samples: Int8Array.from(
      rows.flatMap(([signs]) => [...signs].map((sign) => (sign === "+" ? 1 : -1))),
    ),
    energies: Float64Array.from(rows, ([, energy]) => energy),
    chain: Int32Array.from(rows, (_, i) => i % 2),
    ...(model !== undefined && { model: Int32Array.from(model) }),
    parts: [INFO],
  });
}

const signs = (set: SampleSet): readonly string[] => set.toJSON().samples;
const small = setOf([
  ["+-+", 2],
  ["---", -1],
  ["+-+", 2],
  ["-++", -1],
  ["---", -1],
]);

describe("sampleSet()", () => {
  it("fills in multiplicities of one, and chain, model and part zero", () => {
    const set = sampleSet({
      n: 1,
      samples: Int8Array.of(1, -1),
      energies: Float64Array.of(0, 0),
      parts: [NO_INFO],
    });
    expect([...set.numOccurrences]).to.deep.equal([1, 1]);
    for (const column of [set.chain, set.model, set.part])
      expect([...column]).to.deep.equal([0, 0]);
    expect(set.info).to.equal(NO_INFO);
  });

  it("has the earliest row of lowest energy as its first", () => {
    expect({ ...small.first, sample: [...small.first.sample] }).to.deep.equal({
      sample: [-1, -1, -1],
      energy: -1,
      numOccurrences: 1,
      chain: 1,
      model: 0,
      part: 0,
    });
  });

  it("says what is wrong with the columns", () => {
    const columns = {
      n: 2,
      samples: Int8Array.of(1, -1),
      energies: Float64Array.of(0),
      parts: [NO_INFO],
    };
    expect(() => sampleSet({ ...columns, n: 3 })).to.throw(ShapeError, "`samples`");
    expect(() => sampleSet({ ...columns, chain: new Int32Array(2) })).to.throw(
      ShapeError,
      "`chain`",
    );
    expect(() => sampleSet({ ...columns, samples: Int8Array.of(1, 0) })).to.throw(
      ArgumentError,
      "sample 0 has 0 at spin 1",
    );
    expect(() => sampleSet({ ...columns, parts: [] })).to.throw(ArgumentError, "`part`");
    expect(() => small.row(5)).to.throw(ArgumentError, "which has 5, but is 5");
  });
});

describe("a sample set without rows", () => {
  const none = small.ofModel(9);

  it("can be copied, cut, merged and written", () => {
    for (const set of [
      none,
      none.lowest(),
      none.aggregate(),
      none.truncate(3),
      concat([none, none]),
    ]) {
      expect(set.rows).to.equal(0);
    }
    expect(sampleSet({ ...none, parts: [NO_INFO] }).rows).to.equal(0);
    expect(sampleSetFromJson(none.toJSON()).rows).to.equal(0);
    expect(() => none.first).to.throw(ArgumentError, "which has 0");
  });
});

describe("lowest()", () => {
  it("keeps all rows of the lowest energy within the tolerance", () => {
    expect(signs(small.lowest())).to.deep.equal(["---", "-++", "---"]);
    const near = setOf([
      ["+", -1],
      ["-", -1 + 1e-6],
    ]);
    expect(near.lowest().rows).to.equal(2);
    expect(near.lowest({ rtol: 0 }).rows).to.equal(1);
    expect(near.lowest({ rtol: 0, atol: 2e-6 }).rows).to.equal(2);
  });

  it("has one lowest energy for each model", () => {
    const set = setOf(
      [
        ["++", 5],
        ["+-", -3],
        ["-+", 4],
      ],
      [1, 0, 1],
    );
    expect(signs(set.lowest())).to.deep.equal(["+-", "-+"]);
  });
});

describe("aggregate()", () => {
  it("merges equal rows, in the order of first appearance", () => {
    const merged = small.aggregate();
    expect(signs(merged)).to.deep.equal(["+-+", "---", "-++"]);
    expect([...merged.numOccurrences]).to.deep.equal([2, 2, 1]);
    expect([...merged.energies]).to.deep.equal([2, -1, -1]);
    expect([...merged.aggregate().numOccurrences]).to.deep.equal([2, 2, 1]);
  });

  it("tells models apart, and rows that differ in one of many spins", () => {
    expect(setOf([["+", 0], ["+", 0]], [0, 1]).aggregate().rows).to.equal(2); // prettier-ignore
    for (let i = 0; i < 70; i++) {
      const long = "+".repeat(70);
      const other = `${"+".repeat(i)}-${"+".repeat(69 - i)}`;
      expect(setOf([[long, 0], [other, 0], [long, 0]]).aggregate().rows).to.equal(2); // prettier-ignore
    }
  });
});

describe("truncate()", () => {
  it("keeps the rows of lowest energy in ascending order, ties in the order of sampling", () => {
    expect(signs(small.truncate(4))).to.deep.equal(["---", "-++", "---", "+-+"]);
    expect([...small.truncate(3).chain]).to.deep.equal([1, 1, 0]);
    expect(small.truncate(99).rows).to.equal(5);
    expect(small.truncate(0).rows).to.equal(0);
    expect(() => small.truncate(-1)).to.throw(ArgumentError, "`count`");
  });
});

describe("ofModel()", () => {
  it("keeps the rows of one model", () => {
    const set = setOf([["+", 0], ["-", 1], ["+", 2]], [0, 2, 0]); // prettier-ignore
    expect([...set.ofModel(0).energies]).to.deep.equal([0, 2]);
    expect(set.ofModel(1).rows).to.equal(0);
  });
});

describe("concat()", () => {
  const other = sampleSet({ ...setOf([["++-", 3]]), parts: [{ ...INFO, seed: 8 }] });

  it("keeps for every row which part it came from, also when rows are reordered", () => {
    const joined = concat([small, other, concat([other, small])]);
    expect(joined.rows).to.equal(12);
    expect([...joined.part]).to.deep.equal([0, 0, 0, 0, 0, 1, 2, 3, 3, 3, 3, 3]);
    expect(joined.parts.map((info) => info.seed)).to.deep.equal([7, 8, 8, 7]);
    const [last] = joined.truncate(12).part.slice(-1);
    expect(joined.parts[last!]!.seed).to.equal(8);
  });

  it("adds flips and times, and keeps of the rest what the parts have in common", () => {
    const { info } = concat([small, other]);
    expect(info).to.deep.equal({
      ...INFO,
      seed: null,
      flips: 6e6,
      timing: { preprocessMs: 2, samplingMs: 4, postprocessMs: 6 },
      diagnostics: null,
    });
  });

  it("refuses nothing, and different numbers of spins", () => {
    expect(() => concat([])).to.throw(ArgumentError, "`sets`");
    expect(() => concat([small, setOf([["+", 0]])])).to.throw(ShapeError, "`sets[1]`");
  });
});

describe("sampleSetFromJson()", () => {
  it("reads back what JSON.stringify wrote, numbers without notation included", () => {
    const odd = sampleSet({
      ...small,
      energies: Float64Array.of(2, -1, Infinity, NaN, 0.1),
      parts: [{ ...INFO, beta: [Infinity, 1] }],
    });
    const back = sampleSetFromJson(JSON.parse(JSON.stringify(odd)));
    expect(back.toJSON()).to.deep.equal(odd.toJSON());
    expect([...back.energies]).to.deep.equal([2, -1, Infinity, NaN, 0.1]);
    expect(back.info).to.deep.equal({ ...INFO, beta: [Infinity, 1] });
  });

  it("refuses other files and broken rows", () => {
    expect(() => sampleSetFromJson({ a: 1 })).to.throw(DataError, "format");
    expect(() => sampleSetFromJson(null)).to.throw(DataError, "format");
    expect(() => sampleSetFromJson({ ...small.toJSON(), samples: ["+0-"] })).to.throw(
      DataError,
      '"+0-"',
    );
  });
});

describe("toDimod()", () => {
  it("is what dimod's from_serializable takes", () => {
    const set = setOf([["+-", 2], ["--", -1]]).toDimod(["a", "b"]); // prettier-ignore
    expect(set.sample_data.data).to.deep.equal([[1, -1], [-1, -1]]); // prettier-ignore
    expect(set.variable_labels).to.deep.equal(["a", "b"]);
    expect(set.vectors["energy"]).to.deep.equal({
      type: "array",
      data: [2, -1],
      data_type: "float64",
      shape: [2],
      use_bytes: false,
    });
    expect(set.vectors["num_occurrences"]!.data).to.deep.equal([1, 1]);
    expect(JSON.parse(JSON.stringify(set))).to.deep.equal(set);
  });
});
