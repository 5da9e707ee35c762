// Replicas as they are chosen from populations and joined to others: snapshots, configurations, trainings in parts; and the
// marks in schemas that say which settings replicas may have each for itself.

import { expect } from "chai";
import { z } from "zod";
import { ArgumentError, ConvergenceError, DataError, useBackend } from "../../src/index.js";
import {
  boltzmann,
  boltzmannConfig,
  boltzmannSchema,
  configOfOne,
  dqgan,
  dqganConfig,
  dqganSchema,
  dynamicKeys,
  hybridConfig,
  hybridQgan,
  hybridSchema,
  joinReplicas,
  selectConfig,
  selectReplicas,
} from "../../src/models/index.js";
import { faultOf, ofReplica, sameBits } from "./runs.js";
import type {
  ModelDefinition,
  PopulationConfig,
  Snapshot,
  TrainEvent,
  TrainOptions,
} from "../../src/models/index.js";

const EVALUATE = { n: 100, validation: 100 };
const SEEDS = [11, 3, 8, 500, 42];
const RATES = [0.02, 0.005, 0.1, 0.001, 0.3];

/** A training of 40 steps, five replicas with rates and seeds of their own. */
const DQGAN = dqganConfig({
  ...{ replicas: 5, seed: SEEDS, evaluate: EVALUATE },
  model: { heads: 2, k: [1, 2, 0.5, 1, 4] },
  train: {
    steps: 40,
    batch: 5,
    evaluateEvery: 0,
    generatorRate: RATES,
    ema: [0.1, 0.9, 0.5, 0, 0.99],
  },
});
const HYBRID = hybridConfig({
  ...{ replicas: 5, seed: SEEDS, evaluate: EVALUATE },
  model: { hidden: [4], lambda: [1, 10, 3, 0, 5] },
  train: { steps: 40, batch: 4, criticSteps: 1, evaluateEvery: 0, criticRate: RATES },
});
const BOLTZMANN = boltzmannConfig({
  ...{
    replicas: 5,
    seed: SEEDS,
    data: { source: "bars", size: 2 },
    model: { topology: "complete" },
  },
  train: { steps: 40, chains: 5, evaluateEvery: 0, rate: RATES, momentum: [0, 0.5, 0.9, 0.1, 0.2] },
});

type Reported = Omit<TrainEvent, "snapshot">;

async function run<C>(
  model: ModelDefinition<C>,
  config: C,
  options?: TrainOptions,
): Promise<{ readonly events: readonly Reported[]; readonly last: Snapshot }> {
  const events: Reported[] = [];
  let last: Snapshot = { step: NaN, tensors: {} };
  for await (const { snapshot, ...event } of model.train(config, options)) {
    events.push(event);
    last = await snapshot();
  }
  return { events, last };
}

/** Trains in parts, of fewer and fewer replicas and in other company, and compares with the training in a piece. */
async function compareParts<C extends PopulationConfig>(
  model: ModelDefinition<C>,
  config: C,
): Promise<void> {
  const { schema } = model;
  const whole = await run(model, config);
  const half = await run(model, config, { until: 20 });
  expect(half.last.step).to.equal(20);
  const kept = [3, 0, 4];
  const later = selectConfig(schema, config, kept);
  const rest = await run(model, later, { resume: selectReplicas(half.last, kept) });
  sameBits(rest.last, selectReplicas(whole.last, kept), "selected");
  kept.forEach((p, i) => {
    const own = (events: readonly Reported[], at: number): unknown =>
      Object.values(events.at(-1)!.metrics!).map((values) => values[at]);
    expect(own(rest.events, i), `replica ${String(p)}`).to.deep.equal(own(whole.events, p));
  });
  // Two by two and in another order than they began with.
  const parts = [[4, 1], [2], [0, 3]];
  const joined = joinReplicas(parts.map((indices) => selectReplicas(half.last, indices)));
  const order = parts.flat();
  const again = await run(model, selectConfig(schema, config, order), { resume: joined });
  sameBits(again.last, selectReplicas(whole.last, order), "joined");
}

describe("a training in parts, of some replicas", () => {
  for (const backend of ["wasm", "cpu"] as const) {
    it(`has the bits of one in a piece: DQGAN, ${backend}`, async () => {
      await useBackend(backend);
      await compareParts(dqgan, DQGAN);
    });
    it(`has the bits of one in a piece: hybrid QGAN, ${backend}`, async () => {
      await useBackend(backend);
      await compareParts(hybridQgan, HYBRID);
    });
  }
  it("has the bits of one in a piece: Boltzmann machine", () => compareParts(boltzmann, BOLTZMANN));
});

describe("train() until a step", () => {
  before(() => useBackend("wasm"));

  it("ends there with an event that has metrics, and says how long the whole training is", async () => {
    for (const until of [1, 7, 40]) {
      const { events } = await run(dqgan, DQGAN, { until });
      const { step, steps, metrics } = events.at(-1)!;
      expect([step, steps]).to.deep.equal([until, 40]);
      expect(metrics).to.have.property("jointDistance").with.length(5);
      expect(events.slice(0, -1).every((event) => event.metrics === undefined)).to.equal(true);
    }
  });

  it("does nothing where it begins", async () => {
    const { last } = await run(dqgan, DQGAN, { until: 5 });
    const { events } = await run(dqgan, DQGAN, { resume: last, until: 5 });
    expect(events).to.deep.equal([]);
  });

  for (const until of [41, 4, 7.5, NaN]) {
    it(`refuses step ${String(until)} of 40 after step 5`, async () => {
      for (const [model, config] of [
        [dqgan, DQGAN],
        [hybridQgan, HYBRID],
        [boltzmann, BOLTZMANN],
      ] as const) {
        const { last } = await run(model as ModelDefinition<unknown>, config, { until: 5 });
        const fault = await faultOf(
          run(model as ModelDefinition<unknown>, config, { resume: last, until }),
        );
        expect(fault).to.be.instanceOf(ArgumentError);
        expect(fault.message).to.match(/^train: argument `until` must be an integer from 5 to 40/);
      }
    });
  }
});

const ABSURD = 1e37;

/** The rates with an absurd one for replica 2. */
const sick = RATES.with(2, ABSURD);

describe("a replica with an absurd rate", () => {
  const without = [0, 1, 3, 4];

  async function compare<C extends PopulationConfig>(
    model: ModelDefinition<C>,
    mixed: C,
    loss: string,
  ): Promise<void> {
    const together = await run(model, mixed);
    const healthy = await run(model, selectConfig(model.schema, mixed, without));
    sameBits(selectReplicas(together.last, without), healthy.last);
    together.events.forEach(({ losses, metrics }, i) => {
      const sane = healthy.events[i]!;
      without.forEach((p, at) => {
        for (const [name, values] of Object.entries(losses))
          expect(values[p], name).to.equal(sane.losses[name]![at]);
        for (const [name, values] of Object.entries(metrics ?? {}))
          expect(values[p], name).to.equal(sane.metrics![name]![at]);
      });
    });
    const reported = together.events.map(({ losses }) => Number.isFinite(losses[loss]![2]));
    const first = reported.indexOf(false);
    expect(first, "diverged").to.be.at.least(0);
    expect(
      reported.slice(first).some((finite) => finite),
      "finite again",
    ).to.equal(false);
  }

  for (const backend of ["wasm", "cpu"] as const) {
    it(`changes no bit of the others, and has losses that are not finite: DQGAN, ${backend}`, async () => {
      await useBackend(backend);
      const train = { ...DQGAN.train, steps: 6, generatorRate: RATES.with(2, 1e39) };
      await compare(dqgan, { ...DQGAN, train }, "generator");
    });
    it(`changes no bit of the others, and has losses that are not finite: hybrid QGAN, ${backend}`, async () => {
      await useBackend(backend);
      const train = { ...HYBRID.train, steps: 6, criticRate: sick };
      await compare(hybridQgan, { ...HYBRID, train }, "critic");
    });
  }

  for (const sampler of ["gibbs", "annealing", "path-integral", "embedded", "exact"] as const) {
    it(`changes no bit of the others, and has losses that are not finite: Boltzmann machine, ${sampler}`, async () => {
      const rate = RATES.with(2, 1e39);
      const train = { ...BOLTZMANN.train, steps: 6, sampler, rate };
      await compare(boltzmann, { ...BOLTZMANN, train }, "momentError");
    });
    it(`does not stop the others while it is finite: Boltzmann machine, ${sampler}`, async () => {
      const train = { ...BOLTZMANN.train, steps: 6, sampler, rate: RATES.with(2, 1e30) };
      const { last } = await run(boltzmann, { ...BOLTZMANN, train });
      const healthy = selectConfig(boltzmannSchema, { ...BOLTZMANN, train }, without);
      sameBits(selectReplicas(last, without), (await run(boltzmann, healthy)).last);
    });
  }

  it("is measured as NaN in the evaluation of Boltzmann machines, and not the best", async () => {
    const train = { ...BOLTZMANN.train, steps: 6, rate: RATES.with(2, 1e39) };
    const config = { ...BOLTZMANN, train };
    const { last } = await run(boltzmann, config);
    const { best, replicas, measures } = await boltzmann.evaluate(config, last, { n: 100 });
    expect(best).not.to.equal(2);
    expect(Object.values(replicas[2]!).every(Number.isNaN)).to.equal(true);
    expect(measures.every(({ value }) => Number.isFinite(value))).to.equal(true);
  });

  it("ends the training if it is every one, naming the seeds", async () => {
    const train = { ...BOLTZMANN.train, rate: 1e39 };
    const fault = await faultOf(run(boltzmann, { ...BOLTZMANN, train }));
    expect(fault).to.be.instanceOf(ConvergenceError);
    expect(fault.message).to.include("every replica, seeds 11, 3, 8, 500, 42, are not at step 1");
  });
});

const snapshotOf = (P: number, from = 0, step = 4): Snapshot => ({
  step,
  tensors: {
    a: { shape: [P, 2], values: Float32Array.from({ length: 2 * P }, (_, i) => 10 * from + i) },
    b: { shape: [P], values: Float32Array.from({ length: P }, (_, i) => 10 * from - i) },
  },
});

describe("selectReplicas()", () => {
  it("takes replicas in the order asked for and copies them", () => {
    const from = snapshotOf(3);
    const { step, tensors } = selectReplicas(from, [2, 0]);
    expect(step).to.equal(4);
    expect(tensors["a"]).to.deep.equal({ shape: [2, 2], values: Float32Array.of(4, 5, 0, 1) });
    expect(tensors["b"]).to.deep.equal({ shape: [2], values: Float32Array.of(-2, 0) });
    tensors["a"]!.values[0] = 99;
    expect(from.tensors["a"]!.values[4]).to.equal(4);
  });

  it("is what the part of a population is", async () => {
    const { last } = await run(dqgan, DQGAN, { until: 1 });
    for (const p of [0, 3]) sameBits(selectReplicas(last, [p]), ofReplica(last, p));
  });

  for (const [name, indices, message] of [
    ["no replica", [], "must name at least one replica and none twice, but is []."],
    ["one twice", [1, 1], "must name at least one replica and none twice, but is [1, 1]."],
    ["one that there is not", [0, 3], "must be an integer from 0 to 2, but is 3."],
    ["a part of one", [0.5], "must be an integer from 0 to 2, but is 0.5."],
  ] as const) {
    it(`refuses ${name}`, () => {
      expect(() => selectReplicas(snapshotOf(3), indices))
        .to.throw(ArgumentError)
        .with.property("message")
        .that.includes(`selectReplicas: argument \`indices\` ${message}`);
    });
  }

  it("refuses a tensor without the population axis", () => {
    const { tensors, step } = snapshotOf(3);
    const odd = { shape: [2, 3], values: new Float32Array(6) };
    expect(() => selectReplicas({ step, tensors: { ...tensors, odd } }, [0])).to.throw(
      DataError,
      "selectReplicas: every tensor of a snapshot must begin with the axis of its 3 replicas, but `odd` has shape [2, 3] and 6 values.",
    );
  });
});

describe("joinReplicas()", () => {
  it("puts populations one after the other, and selectReplicas takes them apart again", () => {
    const parts = [snapshotOf(2, 1), snapshotOf(1, 2), snapshotOf(3, 3)];
    const all = joinReplicas(parts);
    expect(all.tensors["a"]!.shape).to.deep.equal([6, 2]);
    sameBits(selectReplicas(all, [0, 1]), parts[0]!);
    sameBits(selectReplicas(all, [2]), parts[1]!);
    sameBits(selectReplicas(all, [3, 4, 5]), parts[2]!);
  });

  it("refuses nothing, different steps and different tensors", () => {
    expect(() => joinReplicas([])).to.throw(ArgumentError, /at least one entry/);
    expect(() => joinReplicas([snapshotOf(1), snapshotOf(1, 0, 5)])).to.throw(
      ArgumentError,
      /of steps 4 and 5\./,
    );
    const { step, tensors } = snapshotOf(1);
    const wider = { ...tensors, a: { shape: [1, 3], values: new Float32Array(3) } };
    expect(() => joinReplicas([snapshotOf(2), { step, tensors: wider }])).to.throw(
      DataError,
      "`a` of shape [P, 2] among them, but number 1 has `a` [1, 3], `b` [1].",
    );
    const more = { ...tensors, c: tensors["b"]! };
    expect(() => joinReplicas([snapshotOf(2), { step, tensors: more }])).to.throw(DataError);
  });
});

const SCHEMAS = { dqgan: dqganSchema, hybrid: hybridSchema, boltzmann: boltzmannSchema } as const;

type Node = {
  readonly sweep?: string;
  readonly properties?: Readonly<Record<string, Node>>;
};

describe("settings that a schema marks as dynamic", () => {
  it("are those of this list: what changes neither shape nor graph nor code", () => {
    const adam = ["beta1", "beta2", "epsilon", "generatorRate", "finalFraction", "ema"];
    const train = adam.map((key) => `train.${key}`);
    expect(dynamicKeys(dqganSchema)).to.have.members([
      ...["seed", "model.latentMean", "model.latentStd", "model.gamma", "model.polarization"],
      ...["model.k", "model.initialStd", "train.discriminatorRate", ...train],
    ]);
    expect(dynamicKeys(hybridSchema)).to.have.members([
      ...["seed", "model.outputScale", "model.initialAngle", "model.lambda"],
      ...["train.criticRate", ...train],
    ]);
    expect(dynamicKeys(boltzmannSchema)).to.have.members([
      ...["seed", "model.initialStd", "train.rate", "train.momentum", "annealer.beta"],
      ...["annealer.chainStrength", "annealer.noiseBiases", "annealer.noiseCouplings"],
    ]);
  });

  it("carry the mark where JSON schema has their description, under defaults and null too", () => {
    const { properties } = z.toJSONSchema(dqganSchema, { io: "input" }) as Node;
    const { ema, beta1, batch } = properties!["train"]!.properties!;
    expect([ema!.sweep, beta1!.sweep, properties!["seed"]!.sweep]).to.deep.equal(["dynamic", "dynamic", "dynamic"]); // prettier-ignore
    expect(batch!.sweep).to.equal(undefined);
  });

  for (const [name, schema] of Object.entries(SCHEMAS)) {
    it(`take one value, or one for each replica, and nothing else: ${name}`, () => {
      const base = schema.parse({ replicas: 3 }) as Record<string, unknown>;
      for (const key of dynamicKeys(schema)) {
        const path = key.split(".");
        const value = path.reduce<unknown>((part, k) => (part as Record<string, unknown>)[k], base);
        const withList = (list: readonly unknown[]): unknown => {
          const [section, field] = path;
          if (field === undefined) return { ...base, [section!]: list };
          return { ...base, [section!]: { ...(base[section!] as object), [field]: list } };
        };
        expect(schema.safeParse(withList([value, value, value])).success, key).to.equal(true);
        const { error } = schema.safeParse(withList([value, value]));
        expect(error?.issues[0], key).to.include({
          message:
            "must be one number or a list of one for each of the 3 replicas, got a list of 2",
        });
        expect(error!.issues[0]!.path.join("."), key).to.equal(key);
        const wrong = schema.safeParse(withList(["x", value, value])).error;
        expect(wrong?.issues.length, key).to.be.at.least(1);
      }
    });
  }

  it("say what is wrong with a value in the words of a number", () => {
    const refused = (gamma: unknown): string | undefined =>
      dqganSchema.safeParse({ replicas: 2, model: { gamma } }).error?.issues[0]?.message;
    expect(refused(-1)).to.match(/^Too small/);
    expect(refused([1, -1])).to.match(/^Too small/);
    expect(refused("much")).to.equal("must be one number, or a list of one for each replica");
  });
});

describe("configurations of replicas", () => {
  it("have the settings and seeds of those replicas", () => {
    const own = selectConfig(dqganSchema, DQGAN, [4, 1]);
    expect([own.replicas, own.seed]).to.deep.equal([2, [42, 3]]);
    expect(own.train.generatorRate).to.deep.equal([0.3, 0.005]);
    expect(own.model.k).to.deep.equal([4, 2]);
    expect(own.train.discriminatorRate).to.equal(DQGAN.train.discriminatorRate);
    expect(dqganSchema.parse(own)).to.deep.equal(own);
  });

  it("keep lists that are no settings of replicas", () => {
    const config = hybridConfig({
      replicas: 2,
      seed: 7,
      data: { law: "mixture", means: [-1, 0.5] },
    });
    const one = configOfOne(hybridSchema, config, 1);
    expect([one.replicas, one.seed]).to.deep.equal([1, 8]);
    expect(one.data).to.deep.equal(config.data);
    expect(one.model.hidden).to.deep.equal(config.model.hidden);
  });
});

describe("seeds of replicas", () => {
  before(() => useBackend("wasm"));

  it("are seed + p, or what a list says", async () => {
    const base = { ...DQGAN, train: { ...DQGAN.train, steps: 2 } };
    const counted = await run(dqgan, { ...base, seed: 8 });
    const listed = await run(dqgan, { ...base, seed: [8, 9, 10, 11, 12] });
    sameBits(listed.last, counted.last);
  });

  it("are refused where they are not whole, too large or not enough", () => {
    for (const seed of [[1.5, 2], [1, 2 ** 31], [1], [-1, 2]])
      expect(dqganSchema.safeParse({ replicas: 2, seed }).success, String(seed)).to.equal(false);
  });
});
