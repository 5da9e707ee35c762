// The QAAAN as a model: configurations, training in every variant and on every backend, resumption, replicas, samples, memory.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { ArgumentError, ConvergenceError, DataError, useBackend } from "../../src/index.js";
import { qaaan, qaaanConfig, qaaanPresets, trainQaaan } from "../../src/models/index.js";
import { whyMissing } from "../support/backends.js";
import { closeTo } from "../support/close-to.js";
import { sameBits } from "../support/same-bits.js";
import { events, snapshotAt, tiny } from "./qaaan-runs.js";
import type { QaaanOptions, Snapshot } from "../../src/models/index.js";

function sameSnapshots(actual: Snapshot, expected: Snapshot, p?: number): void {
  expect(Object.keys(actual.tensors)).to.deep.equal(Object.keys(expected.tensors));
  for (const [name, { values }] of Object.entries(actual.tensors)) {
    const all = expected.tensors[name]!.values;
    const first = p === undefined ? 0 : p * values.length;
    sameBits(values, all.subarray(first, first + values.length), name);
  }
}

describe("qaaanConfig()", () => {
  it("accepts every preset", () => {
    for (const preset of Object.keys(qaaanPresets)) {
      expect(qaaanConfig({ preset }).train.steps, preset).to.be.above(0);
    }
    expect(qaaanConfig({ preset: "paper" }).train.discriminatorRate).to.equal(2e-4);
  });

  it("names what does not go together", () => {
    const wrong: [QaaanOptions, RegExp][] = [
      [{ prior: { cells: [2, 2, 4] } }, /prior\.cells.*100 features.*has 32/],
      [{ model: { features: 1 } }, /model\.features.*at least 2/],
      [
        { model: { generator: { channels: [8] } } },
        /model\.generator\.channels.*discriminator, 2, got 1/,
      ],
      [{ data: { side: 32 } }, /data\.side.*28 or 8 for digits, got 32/],
      [{ data: { source: "rooms" } }, /data\.side.*32 or 64 for rooms, got 28/],
      [{ train: { realLabels: [1, 0.8] } }, /train\.realLabels.*rise/],
      [{ annealer: { slices: 3 } }, /annealer\.slices/],
      [{ seed: 2 ** 31 - 1, replicas: 2 }, /seed.*2 replicas/],
    ];
    for (const [options, message] of wrong) {
      expect(() => qaaanConfig(options)).to.throw(ArgumentError, message);
    }
  });
});

const VARIANTS: readonly (readonly [string, QaaanOptions])[] = [
  ["two replicas, Gibbs chains on Chimera", tiny({ replicas: 2 })],
  ["simulated annealing", tiny({ prior: { sampler: "annealing", every: 2 } })],
  ["path-integral annealing", tiny({ prior: { sampler: "path-integral" } })],
  [
    "an annealer with ranges and errors, on a complete graph",
    tiny({
      model: { features: 5 },
      prior: { sampler: "embedded", graph: "complete" },
      annealer: { beta: 2, scaling: "fill", noiseBiases: 0.1, noiseCouplings: 0.05, rangeCouplings: 1 }, // prettier-ignore
    }),
  ],
  ["a bipartite graph, several updates, both sources", tiny({ prior: { graph: "bipartite", steps: 2, start: 1, featureSource: "both", decay: 0 } })], // prettier-ignore
  ["binary latents, two discriminator steps", tiny({ model: { latent: "binary" }, train: { discriminatorSteps: 2 } })], // prettier-ignore
  [
    "noisy latents, a frozen prior",
    tiny({ model: { latent: "gaussian" }, prior: { frozen: true } }),
  ],
  ["uniform latents, dense networks, no average", tiny({ model: { latent: "uniform", network: "dense" }, train: { ema: null } })], // prettier-ignore
];

describe("trainQaaan()", () => {
  before(() => useBackend("wasm"));

  for (const [name, options] of VARIANTS) {
    it(`trains, and continues bit for bit: ${name}`, async () => {
      const before = tf.memory().numTensors;
      const all = await events(options);
      expect(tf.memory().numTensors).to.equal(before);
      const { losses, metrics } = all.at(-1)!;
      for (const values of Object.values({ ...losses, featureMean: metrics!["featureMean"]! })) {
        expect(values).to.have.length(options.replicas ?? 1);
        expect(values.every(Number.isFinite)).to.equal(true);
      }
      const whole = await snapshotAt(options, 4);
      const resume = await snapshotAt(options, 2);
      sameSnapshots(await snapshotAt({ ...options, resume }, 4), whole);
    });
  }

  it("trains each replica as if it were alone", async () => {
    const together = await snapshotAt(tiny({ seed: 7, replicas: 3 }), 4);
    for (const p of [0, 2]) {
      sameSnapshots(await snapshotAt(tiny({ seed: 7 + p }), 4), together, p);
    }
    const listed = await snapshotAt(tiny({ seed: [30, 9], replicas: 2 }), 4);
    sameSnapshots(await snapshotAt(tiny({ seed: 9 }), 4), listed, 1);
  });

  it("ends at `until` with an event that is measured, and goes on from there", async () => {
    const part = await events(tiny({ until: 3 }));
    expect(part.map(({ step }) => step)).to.deep.equal([1, 2, 3]);
    expect(part.at(-1)!.metrics).to.include.keys("pairDistance", "priorLikelihood", "featureMean");
    const resume = await snapshotAt(tiny({ until: 3 }), 3);
    sameSnapshots(await snapshotAt(tiny({ resume }), 4), await snapshotAt(tiny(), 4));
  });

  it("keeps a prior at 0 that is frozen, and learns one that is not", async () => {
    const couplings = async (options: QaaanOptions): Promise<number> => {
      const { values } = (await snapshotAt(options, 4)).tensors["couplings"]!;
      return values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    };
    expect(await couplings(tiny({ prior: { frozen: true } }))).to.equal(0);
    expect(await couplings(tiny({ prior: { start: 4 } }))).to.equal(0);
    // One update of η = 0.002 moves a coupling by at most 2 η.
    const learned = await couplings(tiny());
    expect(learned).to.be.above(0);
    expect(learned).to.be.at.most(4 * 2 * 0.002);
  });

  it("draws sheets of images where it is measured", async () => {
    let sheets = 0;
    for await (const { images, step } of trainQaaan(tiny())) {
      expect(images !== undefined).to.equal(step % 2 === 0);
      if (images === undefined) continue;
      const { values, shape } = await images();
      expect(shape).to.deep.equal([100, 8, 8, 1]);
      expect(values.every((x) => Math.abs(x) <= 1)).to.equal(true);
      sheets++;
    }
    expect(sheets).to.equal(2);
  });

  it("says which seed is not finite any more, and which images do not fit", async () => {
    const diverging = tiny({ train: { generatorRate: 1e30, discriminatorRate: 1e30, steps: 20 } });
    const caught = await events(diverging).catch((error: unknown) => error);
    expect(caught).to.be.instanceOf(ConvergenceError);
    expect(String(caught)).to.match(/seed 1 are not at step \d+\. Lower/);
    const odd = tiny({
      model: { discriminator: { channels: [2, 2, 2, 2] }, generator: { channels: [2, 2, 2, 2] } },
    });
    const wrong = await events(odd).catch((error: unknown) => error);
    expect(wrong).to.be.instanceOf(DataError);
    expect(String(wrong)).to.match(/multiples of 16.*digits are 8 × 8/);
    const missing = await events(tiny({ data: { file: "mnist" } })).catch(
      (error: unknown) => error,
    );
    expect(String(missing)).to.match(/text of mnist must be given/);
    const resume = await snapshotAt(tiny(), 4);
    const other = await events(tiny({ resume, model: { features: 10 } })).catch(
      (error: unknown) => error,
    );
    expect(other).to.be.instanceOf(DataError);
    const late = await events(tiny({ resume, until: 3 })).catch((error: unknown) => error);
    expect(late).to.be.instanceOf(ArgumentError);
  });

  it("is `small` on small digits for 50 steps: finite, with a constant number of tensors", async function () {
    this.timeout(60_000);
    const counts = new Set<number>();
    const options: QaaanOptions = {
      data: { side: 8, train: 500, test: 10 },
      train: { steps: 50, evaluateEvery: 0 },
      evaluate: { annealedChains: 20, annealedSteps: 20 },
    };
    const before = tf.memory().numTensors;
    for await (const { step, losses, metrics } of trainQaaan(options)) {
      counts.add(tf.memory().numTensors);
      expect(Number.isFinite(losses["discriminator"]![0]), `step ${step}`).to.equal(true);
      expect(Number.isFinite(losses["generator"]![0]), `step ${step}`).to.equal(true);
      if (metrics) expect(metrics["pairDistance"]![0]).to.be.within(0, 2);
    }
    expect(counts.size).to.equal(1);
    expect(tf.memory().numTensors).to.equal(before);
  });
});

describe("qaaan.sample()", () => {
  before(() => useBackend("wasm"));

  for (const [name, options] of VARIANTS.slice(0, 4)) {
    it(`draws images whose first ones do not depend on their number: ${name}`, async () => {
      const config = qaaanConfig(options);
      const snapshot = await snapshotAt(options, 4);
      const few = await qaaan.sample(config, snapshot, { n: 3 });
      const many = await qaaan.sample(config, snapshot, { n: 250 });
      expect(few.columns).to.have.length(64);
      expect(many.values).to.have.length(250 * 64);
      closeTo(few.values, many.values.subarray(0, 3 * 64), { atol: 1e-5 });
      const other = await qaaan.sample(config, snapshot, { n: 3, seed: 99 });
      expect(other.values).to.not.deep.equal(few.values);
    });
  }

  it("names the channels of colours", async () => {
    const options = tiny({ data: { source: "rooms", side: 32 } });
    const snapshot = await snapshotAt(options, 2);
    const { columns } = await qaaan.sample(qaaanConfig(options), snapshot, { n: 1 });
    expect(columns).to.have.length(3 * 32 * 32);
    expect(columns.slice(0, 4)).to.deep.equal(["r0", "g0", "b0", "r1"]);
  });
});

describe("a training of three steps", () => {
  for (const backend of ["cpu", "tensorflow"] as const) {
    it(`is the same on ${backend} as on wasm, to 1e-3`, async function () {
      await useBackend("wasm");
      const expected = await snapshotAt(tiny({ train: { steps: 3 } }), 3);
      const reason = await whyMissing(backend);
      if (reason !== null) return this.skip();
      const actual = await snapshotAt(tiny({ train: { steps: 3 } }), 3);
      for (const [name, { values }] of Object.entries(actual.tensors)) {
        closeTo(values, expected.tensors[name]!.values, { atol: 1e-3 });
      }
      await useBackend("wasm");
    });
  }
});
