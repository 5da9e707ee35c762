// Rows drawn from a trained population.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { ArgumentError, useBackend } from "../../src/index.js";
import { dqgan, dqganConfig } from "../../src/models/index.js";
import { csvOptions, csvText, tiny, trained } from "./runs.js";
import type { DqganOptions, Samples, Snapshot } from "../../src/models/index.js";

type How = { readonly n: number; readonly seed?: number; readonly replica?: number };

const known = new Map<DqganOptions, Promise<Snapshot>>();

async function sampled(options: DqganOptions, how: How): Promise<Samples> {
  const snapshot = known.get(options) ?? trained(options).then(({ last }) => last);
  known.set(options, snapshot);
  const { files = {} } = options;
  return dqgan.sample(dqganConfig(options), await snapshot, { files, ...how });
}

const LINE = tiny({ replicas: 3 });

describe("dqgan.sample()", () => {
  before(() => useBackend("wasm"));

  it("draws rows of angles for the line", async () => {
    const { columns, values } = await sampled(LINE, { n: 1000 });
    expect(columns).to.deep.equal(["theta_1", "theta_2"]);
    expect(values).to.have.length(2000);
    expect(Math.min(...values)).to.be.above(0);
    expect(Math.max(...values)).to.be.below(Math.PI);
  });

  for (const d of [1, 2, 3] as const) {
    it(`draws rows in the units of a file of ${d.toString()} columns`, async () => {
      const options = csvOptions(d);
      const { columns, values } = await sampled(options, { n: 500 });
      expect(columns).to.deep.equal(["a", "b", "c"].slice(0, d));
      expect(values).to.have.length(500 * d);
      const rows = csvText(d)
        .split("\n")
        .slice(1)
        .map((line) => line.split(",").map(Number));
      for (let c = 0; c < d; c++) {
        const real = rows.map((row) => row[c]!);
        const [lo, hi] = [Math.min(...real), Math.max(...real)];
        // The margins of [0, π] that are left free: 0.05 / 0.9 of the range on each side.
        const margin = ((hi - lo) * 0.05) / 0.9;
        const own = values.filter((_, i) => i % d === c);
        expect(Math.min(...own)).to.be.at.least(lo - margin * 1.001);
        expect(Math.max(...own)).to.be.at.most(hi + margin * 1.001);
        const spread = Math.max(...own) - Math.min(...own);
        expect(spread, "fills a part of the range").to.be.above((hi - lo) / 20);
      }
    });
  }

  it("gives the same first rows whatever their number", async () => {
    for (const options of [LINE, tiny({ model: { inputs: 3, latent: "uniform" } })]) {
      // More rows than are computed at a time.
      const { values: many } = await sampled(options, { n: 65_536 + 77, replica: 0 });
      for (const n of [1, 2, 3, 5, 257, 65_536, 65_537]) {
        const { values } = await sampled(options, { n, replica: 0 });
        expect(values).to.have.length(2 * n);
        expect(
          values.every((x, i) => x === many[i]),
          n.toString(),
        ).to.equal(true);
      }
      const tail = many.subarray(2 * 65_536);
      expect(new Set(tail).size, "the next rows are others").to.be.above(100);
      expect(tail[0]).not.to.equal(many[0]);
    }
  });

  it("is repeated by its seed, which is the replica's own if none is given", async () => {
    const { values } = await sampled(LINE, { n: 20, replica: 1 });
    expect((await sampled(LINE, { n: 20, replica: 1 })).values).to.deep.equal(values);
    expect((await sampled(LINE, { n: 20, replica: 1, seed: 5 + 1 })).values).to.deep.equal(values);
    expect((await sampled(LINE, { n: 20, replica: 1, seed: 0 })).values).not.to.deep.equal(values);
  });

  it("draws from the replica that is named, by default the best in validation", async () => {
    const all = await Promise.all([0, 1, 2].map((replica) => sampled(LINE, { n: 20, replica })));
    const { best } = await dqgan.evaluate(dqganConfig(LINE), (await known.get(LINE))!);
    expect((await sampled(LINE, { n: 20 })).values).to.deep.equal(all[best]!.values);
    expect(all[0]!.values).not.to.deep.equal(all[1]!.values);
  });

  it("gives a replica of a population the rows it has alone", async () => {
    const alone = await sampled(tiny({ seed: 5 + 2 }), { n: 20 });
    expect((await sampled(LINE, { n: 20, replica: 2 })).values).to.deep.equal(alone.values);
  });

  it("draws other rows than the test", async () => {
    const { arrays } = await dqgan.evaluate(dqganConfig(LINE), (await known.get(LINE))!);
    const { values } = await sampled(LINE, { n: 300 });
    const test = new Set(arrays["scatterGenerated"]);
    expect(values.filter((x) => test.has(x)).length).to.be.below(10);
  });

  it("leaves nothing behind", async () => {
    for (const options of [LINE, csvOptions(2)]) {
      await sampled(options, { n: 5 });
      const earlier = tf.memory();
      await sampled(options, { n: 500 });
      expect(tf.memory()).to.deep.equal(earlier);
    }
  });

  for (const [how, message] of [
    [{ n: 0 }, "argument `n` must be an integer from 1 to 2147483647, but is 0."],
    [{ n: 2.5 }, "argument `n` must be an integer from 1 to 2147483647, but is 2.5."],
    [{ n: 5, replica: 3 }, "argument `replica` must be an integer from 0 to 2, but is 3."],
    [{ n: 5, replica: -1 }, "argument `replica` must be an integer from 0 to 2, but is -1."],
    [
      { n: 5, seed: 2 ** 31 },
      "argument `seed` must be an integer from 0 to 2147483647, but is 2147483648.",
    ],
    [{ n: 5, seed: 0.5 }, "argument `seed` must be an integer from 0 to 2147483647, but is 0.5."],
  ] as const) {
    it(`refuses ${JSON.stringify(how)}`, async () => {
      const fault: unknown = await sampled(LINE, how).catch((error: unknown) => error);
      expect(fault).to.be.instanceOf(ArgumentError);
      expect((fault as Error).message).to.equal(`sample: ${message}`);
    });
  }
});
