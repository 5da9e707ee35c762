// A replica in a population is the replica alone, bit for bit, whatever the others do.

import { expect } from "chai";
import { ConvergenceError, useBackend } from "../../src/index.js";
import { dqgan, dqganConfig } from "../../src/models/index.js";
import { csvOptions, historyOf, ofReplica, sameBits, tiny, trained } from "./runs.js";
import type { DqganOptions } from "../../src/models/index.js";

const SEED = 5;
const P = 3;

/** Rate of replica p. */
const at = (rate: unknown, p: number): number =>
  Array.isArray(rate) ? (rate[p] as number) : (rate as number);

/** Replica p of the options, alone. */
function alone(options: DqganOptions, p: number): DqganOptions {
  const { train } = options;
  const rates = {
    discriminatorRate: at(train?.discriminatorRate ?? 0.02, p),
    generatorRate: at(train?.generatorRate ?? 0.005, p),
  };
  return { ...options, replicas: 1, seed: SEED + p, train: { ...train, ...rates } };
}

async function compare(options: DqganOptions): Promise<void> {
  const population = { ...options, replicas: P, seed: SEED };
  const together = await trained(population);
  for (let p = 0; p < P; p++) {
    const own = await trained(alone(population, p));
    sameBits(ofReplica(together.last, p), own.last, `replica ${p.toString()}`);
    expect(historyOf(together.history, p)).to.deep.equal(own.history);
  }
}

const DIFFERENT_RATES = {
  discriminatorRate: [0.02, 0.001, 0.1],
  generatorRate: [0.01, 0.3, 0.002],
} as const;

describe("a replica in a population", () => {
  before(() => useBackend("wasm"));

  for (const algorithm of [1, 2] as const) {
    for (const optimizer of ["adam", "sgd"] as const) {
      for (const batch of [16, 257]) {
        it(`has the bits it has alone: algorithm ${algorithm.toString()}, ${optimizer}, batch ${batch.toString()}`, () =>
          compare(tiny({ model: { algorithm }, train: { optimizer, batch, steps: 6 } })));
      }
    }
  }

  const VARIANTS: [string, DqganOptions][] = [
    ["batches of 1", tiny({ train: { batch: 1 } })],
    ["batches of 2", tiny({ train: { batch: 2 } })],
    ["batches of 3, algorithm 1", tiny({ model: { algorithm: 1 }, train: { batch: 3 } })],
    ["one head, one input", tiny({ model: { heads: 1, inputs: 1 }, train: { batch: 5 } })],
    ["different rates", tiny({ train: DIFFERENT_RATES })],
    ["different rates and plain ascent", tiny({ train: { ...DIFFERENT_RATES, optimizer: "sgd" } })],
    [
      "the effective equation",
      tiny({ model: { forward: "effective", gamma: 10, polarization: 0.8 } }),
    ],
    ["operators as printed", tiny({ model: { encoding: "asPrinted" } })],
    ["several discriminator steps", tiny({ train: { discriminatorSteps: 3 } })],
    [
      "uniform latent angles, no moving average",
      tiny({ model: { latent: "uniform" }, train: { ema: null } }),
    ],
    ["a fixed training set", tiny({ data: { rows: 50 } })],
    ["CSV of one column", csvOptions(1)],
    ["CSV of two columns", csvOptions(2, { train: DIFFERENT_RATES })],
    ["CSV of three columns", csvOptions(3, { model: { inputs: 3 } })],
  ];
  for (const [name, options] of VARIANTS) {
    it(`has the bits it has alone: ${name}`, () => compare(options));
  }

  it("differs from the others", async () => {
    const { last } = await trained(tiny({ replicas: 2 }));
    const [first, second] = [ofReplica(last, 0), ofReplica(last, 1)];
    for (const name of Object.keys(last.tensors))
      expect(first.tensors[name]!.values, name).not.to.deep.equal(second.tensors[name]!.values);
  });
});

describe("threads", () => {
  it("do not change a bit", async () => {
    const options = tiny({ replicas: 3, train: { batch: 700, steps: 4 }, model: { heads: 8 } });
    await useBackend("wasm", { threads: 1 });
    const one = await trained(options);
    await useBackend("wasm", { threads: 2 });
    const two = await trained(options);
    sameBits(two.last, one.last);
    expect(two.history).to.deep.equal(one.history);
  });
});

describe("the backends wasm and cpu", () => {
  it("agree to single precision", async () => {
    const options = tiny({ train: { steps: 3 } });
    await useBackend("cpu");
    const cpu = await trained(options);
    await useBackend("wasm");
    const wasm = await trained(options);
    for (const [name, { values }] of Object.entries(wasm.last.tensors)) {
      const other = cpu.last.tensors[name]!.values;
      const scale = Math.max(...values.map(Math.abs));
      values.forEach((x, i) => expect(Math.abs(x - other[i]!)).to.be.below(1e-5 * scale));
    }
  });
});

describe("a replica that diverges", () => {
  before(() => useBackend("wasm"));
  const sane = tiny({ replicas: 3 });
  // Only an infinite step gets through: the networks do not mind the scale of their couplings.
  const rates = { discriminatorRate: [0.02, 0.02, 0.02], generatorRate: [1e39, 0.005, 0.005] };
  const sick: DqganOptions = { ...sane, train: { ...sane.train, ...rates } };

  it("does not change a bit of the others", async () => {
    const [healthy, mixed] = [await trained(sane), await trained(sick)];
    expect(mixed.history.at(-1)!.losses["generator"]![0]).to.be.NaN;
    for (const p of [1, 2]) {
      sameBits(ofReplica(mixed.last, p), ofReplica(healthy.last, p));
      expect(historyOf(mixed.history, p)).to.deep.equal(historyOf(healthy.history, p));
    }
  });

  it("is never the best, and has NaN for every distance", async () => {
    const { last, history } = await trained(sick);
    expect(history.at(-1)!.metrics!["jointDistance"]![0]).to.be.NaN;
    const config = dqganConfig(sick);
    const { best, replicas, protocol, measures } = await dqgan.evaluate(config, last);
    expect(best).not.to.equal(0);
    expect(Object.values(replicas[0]!).every(Number.isNaN)).to.equal(true);
    expect(Object.values(replicas[best]!).every(Number.isFinite)).to.equal(true);
    expect(measures.every(({ value }) => Number.isFinite(value))).to.equal(true);
    expect(protocol).to.include("1 of 3 replicas diverged.");
    const { values } = await dqgan.sample(config, last, { n: 50 });
    expect(values.every(Number.isFinite)).to.equal(true);
  });

  it("ends the training only if it is the last one, naming step and seeds", async () => {
    const options = (replicas: number): DqganOptions =>
      tiny({ replicas, seed: 40, train: { generatorRate: 1e39, steps: 20 } });
    for (const [replicas, who] of [
      [1, "seed 40"],
      [3, "every replica, seeds 40 to 42"],
    ] as const) {
      let events = 0;
      let fault: unknown;
      try {
        for await (const _ of dqgan.train(dqganConfig(options(replicas)))) events++;
      } catch (error) {
        fault = error;
      }
      expect(fault).to.be.instanceOf(ConvergenceError);
      // Nothing is reported that a run could keep as its checkpoint.
      expect(events).to.equal(0);
      expect((fault as Error).message).to.equal(
        `train: losses and couplings must be finite, but those of ${who} are not at step 1. Lower the learning rates, or use another seed.`,
      );
    }
  });

  it("can be evaluated where all have diverged", async () => {
    const { last } = await trained(tiny({ replicas: 2 }));
    const average = last.tensors["average"]!;
    const values = average.values.map(() => NaN);
    const snapshot = { ...last, tensors: { ...last.tensors, average: { ...average, values } } };
    const config = dqganConfig(tiny({ replicas: 2 }));
    const { best, measures, protocol, arrays } = await dqgan.evaluate(config, snapshot);
    expect(best).to.equal(0);
    expect(measures.every(({ value }) => Number.isNaN(value))).to.equal(true);
    expect(protocol).to.include("2 of 2 replicas diverged.");
    expect(protocol.join(" ")).not.to.include("smallest");
    expect(arrays["scatterGenerated"]).to.deep.equal([]);
  });
});
