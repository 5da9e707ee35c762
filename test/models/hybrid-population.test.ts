// Replicas of a hybrid QGAN: alone the same bits as in a population, and after an interruption the same as without.

import { expect } from "chai";
import { ArgumentError, DataError, useBackend } from "../../src/index.js";
import { hybridConfig, hybridQgan, trainHybridQgan } from "../../src/models/index.js";
import { csvOptions, tiny, trained } from "./hybrid-runs.js";
import { historyOf, ofReplica, sameBits } from "./runs.js";
import type { HybridOptions, Snapshot } from "../../src/models/index.js";

const SEED = 5;
const P = 3;
const RATES = { criticRate: [1e-3, 2e-3, 4e-3], generatorRate: [4e-3, 2e-3, 1e-3] };

const VARIANTS: readonly (readonly [string, HybridOptions])[] = [
  ["preset robust", tiny()],
  ["preset paper", tiny({ preset: "paper" })],
  ["preset trainable", tiny({ preset: "trainable" })],
  ["preset plane", tiny({ preset: "plane" })],
  ["different rates", tiny({ replicas: P, train: RATES })],
  ["a critic of softplus", tiny({ model: { activation: "softplus" } })],
  ["batches of 1, no moving average", tiny({ train: { batch: 1, ema: null } })],
  ["batches of 65", tiny({ train: { batch: 65, criticSteps: 1 } })],
  ["strongly entangling layers on three qubits", tiny({ model: { ansatz: "stronglyEntangling", qubits: 3 } })], // prettier-ignore
  ["a ring", tiny({ data: { law: "ring" }, model: { ansatz: "hardwareEfficient", outputScale: 1.5 } })], // prettier-ignore
  ["CSV of three columns", csvOptions(3)],
];

const at = (rate: number | readonly number[], p: number): number =>
  typeof rate === "number" ? rate : rate[p]!;

/** Replica p of the options, alone. */
function alone(options: HybridOptions, p: number): HybridOptions {
  const { train } = hybridConfig(options);
  const rates = {
    criticRate: at(train.criticRate, p),
    generatorRate: at(train.generatorRate, p),
  };
  return { ...options, replicas: 1, seed: SEED + p, train: { ...options.train, ...rates } };
}

describe("a replica of a hybrid QGAN", () => {
  before(() => useBackend("wasm"));

  for (const [name, options] of VARIANTS) {
    it(`has the bits it has alone: ${name}`, async () => {
      const population = { ...options, replicas: P, seed: SEED };
      const together = await trained(population);
      for (let p = 0; p < P; p++) {
        const own = await trained(alone(population, p));
        sameBits(ofReplica(together.last, p), own.last, `replica ${String(p)}`);
        expect(historyOf(together.history, p)).to.deep.equal(own.history);
      }
    });
  }

  it("does not depend on the number of threads", async () => {
    const options = tiny({ replicas: 3, train: { batch: 300, steps: 3 }, model: { hidden: [32] } });
    await useBackend("wasm", { threads: 1 });
    const one = await trained(options);
    await useBackend("wasm", { threads: 2 });
    sameBits((await trained(options)).last, one.last);
  });
});

describe("a continued training of a hybrid QGAN", () => {
  before(() => useBackend("wasm"));

  for (const [name, options] of VARIANTS) {
    it(`is the uninterrupted one from any step: ${name}`, async () => {
      const whole = await trained(options);
      for (const [step, snapshot] of whole.snapshots) {
        if (step === whole.last.step) continue;
        const rest = await trained({ ...options, resume: snapshot });
        expect(rest.history).to.deep.equal(whole.history.filter((row) => row.step > step));
        sameBits(rest.last, whole.last, `from step ${String(step)}`);
      }
    });
  }

  const faultOf = async (promise: Promise<unknown>): Promise<Error> =>
    promise.then(
      () => expect.fail("there was no error"),
      (error: unknown) => error as Error,
    );

  it("refuses a snapshot of another configuration, naming the tensor", async () => {
    const { last } = await trained(tiny());
    const other = tiny({ model: { hidden: [5] } });
    const text =
      "tensor `critic` of the snapshot must have shape [1, 16], but it has shape [1, 97] and 97 values. The snapshot belongs to another configuration.";
    const early: Snapshot = { ...last, step: 2 };
    const fault = await faultOf(trained({ ...other, resume: early }));
    expect(fault).to.be.instanceOf(DataError);
    expect(fault.message).to.equal(`train: ${text}`);
    const evaluated = await faultOf(hybridQgan.evaluate(hybridConfig(other), last));
    expect(evaluated.message).to.equal(`evaluate: ${text}`);
    const missing = { ...last, tensors: { critic: last.tensors["critic"]! } };
    const sampled = await faultOf(hybridQgan.sample(hybridConfig(tiny()), missing, { n: 3 }));
    expect(sampled.message).to.include("sample: tensor `average`").and.to.include("it is missing");
  });

  it("refuses a step beyond the training", async () => {
    const { last } = await trained(tiny());
    const fault = await faultOf(trained({ ...tiny(), resume: { ...last, step: 7 } }));
    expect(fault).to.be.instanceOf(ArgumentError);
    expect(fault.message).to.include("from 0 to 6, but is one of step 7");
  });

  it("stops when no replica is finite, and says which step", async () => {
    const options = tiny({
      replicas: 2,
      train: { generatorRate: 1e38, criticRate: 1e38, steps: 40 },
    });
    const fault = await faultOf(
      (async () => {
        for await (const event of trainHybridQgan(options)) expect(event.step).to.be.below(40);
      })(),
    );
    expect(fault.message).to.match(
      /^train: losses and parameters must be finite, .* at step \d+\./,
    );
  });
});
