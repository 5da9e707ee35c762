// The evaluation: measures beside floors, choice by validation, arrays, and that its protocol is what was done.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { ArgumentError, metrics, useBackend } from "../../src/index.js";
import { dqgan, dqganConfig } from "../../src/models/index.js";
import { closeTo } from "../support/close-to.js";
import { csvOptions, csvText, tiny, trained } from "./runs.js";
import type { DqganOptions, Evaluation, Snapshot } from "../../src/models/index.js";

type Options = { readonly n?: number; readonly seed?: number };

const known = new Map<DqganOptions, Promise<Snapshot>>();

/** The end of a training, trained once. */
function snapshotOf(options: DqganOptions): Promise<Snapshot> {
  const snapshot = known.get(options) ?? trained(options).then(({ last }) => last);
  known.set(options, snapshot);
  return snapshot;
}

async function evaluated(options: DqganOptions, how: Options = {}): Promise<Evaluation> {
  const { files = {} } = options;
  return dqgan.evaluate(dqganConfig(options), await snapshotOf(options), { files, ...how });
}

const measure = ({ measures }: Evaluation, name: string): Evaluation["measures"][number] =>
  measures.find((one) => one.name === name)!;

const LINE = tiny({ replicas: 3 });
const CSV: Readonly<Record<1 | 2 | 3, DqganOptions>> = {
  1: csvOptions(1),
  2: csvOptions(2),
  3: csvOptions(3),
};

const perColumn = (d: number): string[] =>
  Array.from({ length: d }, (_, c) => [`distance.${c.toString()}`, `w1.${c.toString()}`]).flat();
const LINE_FIT = ["slope", "intercept", "residualStd", "correlation"];

describe("dqgan.evaluate()", () => {
  before(() => useBackend("wasm"));

  const NAMES: [string, DqganOptions, string[]][] = [
    ["the line", LINE, ["jointDistance", "marginalDistance", ...perColumn(2), ...LINE_FIT]],
    ["one column", CSV[1], ["marginalDistance", ...perColumn(1)]],
    ["two columns", CSV[2], ["jointDistance", "marginalDistance", ...perColumn(2), ...LINE_FIT]],
    ["three columns", CSV[3], ["jointDistance", "marginalDistance", ...perColumn(3)]],
  ];
  for (const [name, options, names] of NAMES) {
    it(`has all measures, distances with their floors: ${name}`, async () => {
      const { measures, model } = await evaluated(options);
      expect(model).to.equal("dqgan");
      expect(measures.map((one) => one.name)).to.deep.equal(names);
      for (const { name: own, label, value, floor, note } of measures) {
        expect(label, own).to.match(/\S/);
        expect(value, own).to.satisfy(Number.isFinite);
        if (LINE_FIT.includes(own)) expect(note).to.match(/^real: -?\d/);
        else expect(floor, own).to.be.above(0);
      }
    });

    it(`has every array that figures need: ${name}`, async () => {
      const { arrays, columns } = await evaluated(options);
      const d = columns.length;
      const sizes = Object.fromEntries(Object.entries(arrays).map(([key, x]) => [key, x.length]));
      const rows = options === LINE ? 300 : 60;
      const want: Record<string, number> = { marginalEdges: 11, jointEdges: 6 };
      for (const kind of ["Real", "Generated"]) {
        for (let i = 0; i < d; i++) {
          want[`marginal${kind}.${i.toString()}`] = 10;
          for (let j = i + 1; j < d; j++) want[`joint${kind}.${i.toString()}.${j.toString()}`] = 25;
        }
        want[`scatter${kind}`] = d * rows;
      }
      expect(sizes).to.deep.equal(want);
      closeTo([arrays["marginalEdges"]![0]!, arrays["jointEdges"]!.at(-1)!], [0, Math.PI], {});
      for (const [key, values] of Object.entries(arrays))
        if (/^(marginal|joint)(Real|Generated)/.test(key))
          closeTo(
            values.reduce((a, b) => a + b, 0),
            1,
            { atol: 1e-12 },
            key,
          );
    });

    it(`has distances that follow from its arrays: ${name}`, async () => {
      const evaluation = await evaluated(options);
      const { arrays, columns, best, replicas } = evaluation;
      const distance = (key: string): number => {
        const [real, generated] = ["Real", "Generated"].map(
          (kind) => arrays[key.replace("*", kind)]!,
        );
        return metrics.hellinger(real!, generated!);
      };
      const cs = columns.map((_, c) => c);
      const own = cs.map((c) => distance(`marginal*.${c.toString()}`));
      own.forEach((value, c) => {
        closeTo(measure(evaluation, `distance.${c.toString()}`).value, value, { atol: 1e-12 });
      });
      const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length;
      closeTo(measure(evaluation, "marginalDistance").value, mean(own), { atol: 1e-12 });
      const pairs = cs.flatMap((i) =>
        cs.filter((j) => j > i).map((j) => `joint*.${i.toString()}.${j.toString()}`),
      );
      const joint = pairs.length > 0 ? mean(pairs.map(distance)) : mean(own);
      closeTo(replicas[best]!["jointDistance"]!, joint, { atol: 1e-12 });
    });
  }

  it("has one row per replica, that of the best with the values of the measures", async () => {
    const evaluation = await evaluated(LINE);
    const { replicas, best, measures } = evaluation;
    expect(replicas).to.have.length(3);
    const names = ["validation", "jointDistance", "marginalDistance", ...perColumn(2)];
    for (const row of replicas) expect(Object.keys(row)).to.have.members(names);
    for (const { name, value } of measures.filter((one) => !LINE_FIT.includes(one.name)))
      expect(replicas[best]![name], name).to.equal(value);
  });

  it("names the columns", async () => {
    expect((await evaluated(LINE)).columns).to.deep.equal(["theta_1", "theta_2"]);
    expect((await evaluated(CSV[3])).columns).to.deep.equal(["a", "b", "c"]);
  });

  it("validates as the training did", async () => {
    const { history } = await trained(LINE);
    const { replicas } = await evaluated(LINE);
    expect(replicas.map((row) => row["validation"])).to.deep.equal(
      history.at(-1)!.metrics!["jointDistance"],
    );
  });

  it("chooses the best replica by validation and not by the test", async () => {
    // Small samples, so that the two disagree now and then.
    const options = tiny({ replicas: 8, evaluate: { n: 100, validation: 100 } });
    let disagreements = 0;
    for (let seed = 0; seed < 6; seed++) {
      const { best, replicas } = await evaluated(options, { seed });
      const smallest = (name: string): number => Math.min(...replicas.map((row) => row[name]!));
      expect(replicas[best]!["validation"]).to.equal(smallest("validation"));
      if (replicas[best]!["jointDistance"] !== smallest("jointDistance")) disagreements++;
    }
    expect(disagreements, "a test that can fail").to.be.above(0);
  });

  it("gives the same numbers again, and others with another seed", async () => {
    const [first, again, other] = [
      await evaluated(LINE),
      await evaluated(LINE),
      await evaluated(LINE, { seed: 10 }),
    ];
    expect(again).to.deep.equal(first);
    expect(other.replicas.map((row) => row["validation"])).to.deep.equal(
      first.replicas.map((row) => row["validation"]),
    );
    other.replicas.forEach((row, p) =>
      expect(row["w1.0"]).not.to.equal(first.replicas[p]!["w1.0"]),
    );
    // Real samples, and so floors, stay.
    expect(measure(other, "jointDistance").floor).to.equal(measure(first, "jointDistance").floor);
  });

  it("gives a replica of a population the numbers it has alone", async () => {
    const { replicas } = await evaluated(LINE);
    const alone = await evaluated(tiny({ seed: 5 + 2 }));
    expect(alone.replicas[0]).to.deep.equal(replicas[2]);
  });

  it("states the paper's distances beside those of the paper's line alone", async () => {
    const published = async (options: DqganOptions): Promise<(number | undefined)[]> => {
      const evaluation = await evaluated(options);
      return ["jointDistance", "marginalDistance"].map(
        (name) => measure(evaluation, name).published,
      );
    };
    expect(await published(tiny())).to.deep.equal([0.094, 0.094]);
    expect(await published(tiny({ model: { algorithm: 1 } }))).to.deep.equal([0.137, 0.137]);
    expect(await published(tiny({ data: { rows: 100 } }))).to.deep.equal([0.094, 0.094]);
    expect(await published(tiny({ data: { slope: 0.6 } }))).to.deep.equal([undefined, undefined]);
    expect(await published(CSV[2])).to.deep.equal([undefined, undefined]);
  });

  it("survives a generator that always says the same", async () => {
    const options = tiny({ model: { forward: "effective", polarization: 0 } });
    const evaluation = await evaluated(options);
    expect(measure(evaluation, "jointDistance").value).to.be.within(0, 1);
    expect(measure(evaluation, "slope").value).to.be.NaN;
    expect(new Set(evaluation.arrays["scatterGenerated"])).to.have.property("size", 1);
  });

  it("keeps at most 2000 points for a scatter plot", async () => {
    const { arrays } = await evaluated(LINE, { n: 3000 });
    expect(arrays["scatterReal"]).to.have.length(4000);
    expect(arrays["scatterGenerated"]).to.have.length(4000);
  });

  it("leaves nothing behind", async () => {
    for (const options of [LINE, CSV[2]]) {
      await snapshotOf(options);
      const earlier = tf.memory();
      await evaluated(options);
      expect(tf.memory()).to.deep.equal(earlier);
    }
  });

  for (const [options, message] of [
    [{ n: 99 }, "argument `n` must be an integer from 100 to 2147483647, but is 99."],
    [{ n: 150.5 }, "argument `n` must be an integer from 100 to 2147483647, but is 150.5."],
    [{ seed: -1 }, "argument `seed` must be an integer from 0 to 2147483640, but is -1."],
    [
      { seed: 2 ** 31 - 7 },
      "argument `seed` must be an integer from 0 to 2147483640, but is 2147483641.",
    ],
  ] as const) {
    it(`refuses ${JSON.stringify(options)}`, async () => {
      // Seeds 5, 6, 7: the largest one has to stay an int32.
      const fault: unknown = await evaluated(LINE, options).catch((error: unknown) => error);
      expect(fault).to.be.instanceOf(ArgumentError);
      expect((fault as Error).message).to.equal(`evaluate: ${message}`);
    });
  }
});

describe("the floors of an evaluation", () => {
  before(() => useBackend("wasm"));

  const NAMES = ["distance.0", "distance.1", "jointDistance"] as const;
  const REFERENCE: [number, readonly [number, number, number]][] = [
    [1000, [0.113, 0.087, 0.108]],
    [10_000, [0.036, 0.028, 0.036]],
    [100_000, [0.0106, 0.0095, 0.0117]],
  ];
  for (const [n, reference] of REFERENCE) {
    it(`are those of two samples of the paper's line: n = ${n.toString()}`, async () => {
      const draws = n > 10_000 ? 6 : 12;
      const floors: number[][] = [[], [], []];
      for (let seed = 0; seed < draws; seed++) {
        const options = {
          data: { seed },
          evaluate: { validation: 100, marginalBins: 50, jointBins: 25 },
        };
        const evaluation = await dqgan.evaluate(
          dqganConfig(tiny(options)),
          await snapshotOf(FLOORS),
          { n },
        );
        NAMES.forEach((name, i) => floors[i]!.push(measure(evaluation, name).floor!));
      }
      reference.forEach((expected, i) => {
        const mean = floors[i]!.reduce((a, b) => a + b, 0) / draws;
        const variance = floors[i]!.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (draws - 1);
        // The reference is one draw, rounded.
        const rounding = n > 10_000 ? 0.00005 : 0.0005;
        closeTo(mean, expected, { atol: 5 * Math.sqrt(variance) + rounding }, NAMES[i]);
        expect(Math.sqrt(variance), "a bound that can fail").to.be.below(mean / 3);
      });
    });
  }
});

const FLOORS = tiny();

describe("the protocol of an evaluation", () => {
  before(() => useBackend("wasm"));
  const sentences = async (options: DqganOptions, how: Options = {}): Promise<string> =>
    (await evaluated(options, how)).protocol.join("\n");

  it("states sizes, bins, choice, floors, generator and data of the line", async () => {
    const { protocol, best } = await evaluated(LINE, { n: 1234 });
    expect(protocol).to.deep.equal([
      "1,234 generated and 1,234 real samples; 2 columns.",
      "Hellinger distances on [0, π]: 10 bins for each column, 5 × 5 for each pair of columns; outliers count in the edge bins.",
      `Replica ${best.toString()} of 3 (the first is 0) has the smallest joint distance to 200 validation samples; the test samples played no part in the choice.`,
      "Floors are the same distances between two real samples of 1,234.",
      "The generator is the moving average (decay 0.998) over the training; its input angles are N(1.5708, 0.4), which is the law of theta_1.",
      "Line with noise: theta_1 ~ N(1.5708, 0.4), theta_2 = -0.6 theta_1 + 2.5133 + N(0, 0.01); angles in radians, nothing is scaled, clipped or dropped.",
      "Every training batch is a fresh draw. Held-out samples are fresh draws.",
    ]);
  });

  it("compares as many generated rows as a file holds out, and says so", async () => {
    // 600 rows: a tenth each for validation, test and floor.
    const { protocol, arrays } = await evaluated(CSV[2], { n: 5000 });
    expect(protocol[0]).to.equal(
      "60 generated and 60 real samples, all that the data holds out for the test; 2 columns.",
    );
    expect(protocol).to.include("Floors are the same distances between two real samples of 60.");
    expect(arrays["scatterReal"]).to.have.length(120);
    expect(arrays["scatterGenerated"]).to.have.length(120);
    const two = await sentences(csvOptions(2, { replicas: 2 }));
    expect(two).to.include("joint distance to 60 validation samples");
  });

  it("uses fewer rows of a file where fewer are asked for", async () => {
    const options = { ...csvOptions(2), files: { "data.csv": csvText(2, 3000) } };
    const { protocol } = await evaluated(options, { n: 150 });
    expect(protocol[0]).to.equal("150 generated and 150 real samples; 2 columns.");
  });

  it("says what the data source reports", async () => {
    expect(await sentences(CSV[2])).to.match(/data\.csv|rows/);
  });

  it("speaks of marginal distances and no pairs where there is one column", async () => {
    const text = await sentences(csvOptions(1, { replicas: 2 }));
    expect(text).to.include("smallest marginal distance");
    expect(text).to.include("1 column.");
    expect(text).not.to.include("pair");
  });

  it("speaks of no choice where there is none", async () => {
    expect(await sentences(tiny())).not.to.include("smallest");
  });

  for (const [options, words] of [
    [tiny({ model: { latent: "uniform" } }), "its input angles are uniform on [0, π]."],
    [tiny({ model: { latent: "circle" } }), "its input angles are uniform on [0, 2π]."],
    [tiny({ model: { latentStd: 0.3 } }), "its input angles are N(1.5708, 0.3)."],
    [tiny({ data: { mean: 1 } }), "its input angles are N(1.5708, 0.4)."],
    [CSV[2], "its input angles are N(1.5708, 0.4)."],
    [tiny({ train: { ema: null } }), "The generator is the last one;"],
    [
      tiny({ model: { polarization: -0.5 } }),
      "At polarization -0.5 angles near 0 and π are out of reach.",
    ],
  ] as const) {
    it(`says: ${words}`, async () => {
      expect(await sentences(options)).to.include(words);
    });
  }

  it("warns of no reach at full polarization", async () => {
    expect(await sentences(LINE)).not.to.include("reach");
  });
});
