// Every option of the schema has an effect: something that training, evaluation or sampling gives differs.

import { expect } from "chai";
import { useBackend } from "../../src/index.js";
import { dqgan, dqganConfig, dqganSchema } from "../../src/models/index.js";
import { changed, csvOptions, tiny, trained } from "./runs.js";
import { leavesOf } from "./schema-leaves.js";
import type { DqganOptions } from "../../src/models/index.js";

type Change = {
  /** Options, before and after. */
  readonly from: DqganOptions;
  readonly to: DqganOptions;
};

const LINE = tiny({ replicas: 2 });
const CSV = csvOptions(3);
const EFFECTIVE = tiny({ model: { forward: "effective", gamma: 10 } });

const on = (base: DqganOptions, change: DqganOptions): Change => ({
  from: base,
  to: changed(base, change),
});

/** One change for every leaf of the schema. */
const CHANGES: Readonly<Record<string, Change>> = {
  seed: on(LINE, { seed: 6 }),
  replicas: on(LINE, { replicas: 3 }),
  "data.file": { from: LINE, to: csvOptions(2, { replicas: 2 }) },
  "data.columns": on(CSV, { data: { columns: ["a", "c"] } }),
  "data.margin": on(CSV, { data: { margin: 0.2 } }),
  "data.slope": on(LINE, { data: { slope: 0.5 } }),
  "data.intercept": on(LINE, { data: { intercept: 2 } }),
  "data.mean": on(LINE, { data: { mean: 1.2 } }),
  "data.std": on(LINE, { data: { std: 0.2 } }),
  "data.noise": on(LINE, { data: { noise: 0.2 } }),
  "data.rows": on(LINE, { data: { rows: 20 } }),
  "data.seed": on(LINE, { data: { seed: 1 } }),
  "model.algorithm": on(LINE, { model: { algorithm: 1 } }),
  "model.heads": on(LINE, { model: { heads: 3 } }),
  "model.latent": on(LINE, { model: { latent: "uniform" } }),
  "model.latentMean": on(LINE, { model: { latentMean: 1 } }),
  "model.latentStd": on(LINE, { model: { latentStd: 0.8 } }),
  "model.inputs": on(LINE, { model: { inputs: 3 } }),
  "model.forward": on(LINE, { model: { forward: "effective" } }),
  "model.gamma": on(EFFECTIVE, { model: { gamma: 20 } }),
  "model.polarization": on(LINE, { model: { polarization: 0.6 } }),
  "model.encoding": on(LINE, { model: { encoding: "asPrinted" } }),
  "model.k": on(LINE, { model: { k: 3 } }),
  "model.initialStd": on(EFFECTIVE, { model: { initialStd: 0.3 } }),
  "train.steps": on(LINE, { train: { steps: 9 } }),
  "train.batch": on(LINE, { train: { batch: 17 } }),
  "train.optimizer": on(LINE, { train: { optimizer: "sgd" } }),
  "train.beta1": on(LINE, { train: { beta1: 0.8 } }),
  "train.beta2": on(LINE, { train: { beta2: 0.9 } }),
  "train.epsilon": on(LINE, { train: { epsilon: 0.1 } }),
  "train.discriminatorRate": on(LINE, { train: { discriminatorRate: 0.03 } }),
  "train.generatorRate": on(LINE, { train: { generatorRate: [0.005, 0.03] } }),
  "train.schedule": on(LINE, { train: { schedule: "constant" } }),
  "train.finalFraction": on(LINE, { train: { finalFraction: 0.5 } }),
  "train.discriminatorSteps": on(LINE, { train: { discriminatorSteps: 2 } }),
  "train.ema": on(LINE, { train: { ema: null } }),
  "train.evaluateEvery": on(LINE, { train: { evaluateEvery: 4 } }),
  "evaluate.n": on(LINE, { evaluate: { n: 301 } }),
  "evaluate.validation": on(LINE, { evaluate: { validation: 201 } }),
  "evaluate.marginalBins": on(LINE, { evaluate: { marginalBins: 11 } }),
  "evaluate.jointBins": on(LINE, { evaluate: { jointBins: 6 } }),
};

/** All that can be observed of a training. */
async function outcome(options: DqganOptions): Promise<string> {
  const { history, last } = await trained(options);
  const config = dqganConfig(options);
  const files = options.files ?? {};
  const { protocol: _, ...evaluation } = await dqgan.evaluate(config, last, { files });
  const samples = await dqgan.sample(config, last, { n: 5, files });
  const tensors = Object.entries(last.tensors).map(([name, { values }]) => [name, [...values]]);
  return JSON.stringify([history, tensors, evaluation, [...samples.values]]);
}

describe("every option", () => {
  before(() => useBackend("wasm"));
  const outcomes: Map<DqganOptions, Promise<string>> = new Map();
  const cached = (options: DqganOptions): Promise<string> => {
    const known = outcomes.get(options) ?? outcome(options);
    outcomes.set(options, known);
    return known;
  };

  it("is tried here", () => {
    expect(Object.keys(CHANGES)).to.have.members(leavesOf(dqganSchema).map(([key]) => key));
  });

  for (const [key, { from, to }] of Object.entries(CHANGES)) {
    it(`has an effect: ${key}`, async () => {
      expect(await outcome(to)).not.to.equal(await cached(from));
    });
  }

  it("has one only where it is meant to", async () => {
    const same = async (base: DqganOptions, change: DqganOptions): Promise<void> => {
      expect(await outcome(changed(base, change))).to.equal(await cached(base));
    };
    await same(LINE, { model: { gamma: 7 } });
    await same(LINE, { data: { margin: 0.2 } });
    await same(CSV, { data: { slope: 0.3 } });
    await same(LINE, { train: { finalFraction: null } });
  });
});
