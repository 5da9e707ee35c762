// A training that is continued is the training that was never interrupted; snapshots that do not fit are refused.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { ArgumentError, DataError, useBackend } from "../../src/index.js";
import { dqgan, dqganConfig, trainDqgan } from "../../src/models/index.js";
import { csvOptions, faultOf, sameBits, tiny, trained } from "./runs.js";
import type { DqganOptions, Snapshot } from "../../src/models/index.js";

const CASES: [string, DqganOptions][] = [
  ["algorithm 2, Adam", tiny({ replicas: 2 })],
  ["algorithm 1", tiny({ model: { algorithm: 1 } })],
  ["plain ascent, no moving average", tiny({ train: { optimizer: "sgd", ema: null } })],
  ["several discriminator steps", tiny({ train: { discriminatorSteps: 2 } })],
  ["a CSV file", csvOptions(3)],
  ["a fixed training set", tiny({ data: { rows: 40 } })],
  ["fewer events than steps", tiny({ train: { steps: 420, evaluateEvery: 101, batch: 4 } })],
];

describe("a continued training", () => {
  before(() => useBackend("wasm"));

  for (const [name, options] of CASES) {
    it(`is the uninterrupted one from any step: ${name}`, async () => {
      const whole = await trained(options);
      const steps = [...whole.snapshots.keys()];
      // All steps of a short training, some of a long one.
      const some = steps.filter((_, i) => i % Math.ceil(steps.length / 7) === 0);
      for (const from of some.filter((step) => step !== whole.last.step)) {
        const rest = await trained({ ...options, resume: whole.snapshots.get(from)! });
        expect(rest.history).to.deep.equal(whole.history.filter(({ step }) => step > from));
        sameBits(rest.last, whole.last, `from step ${from.toString()}`);
      }
    });
  }

  it("does nothing where nothing is left to do", async () => {
    const { last } = await trained(tiny());
    const events = [];
    for await (const event of trainDqgan({ ...tiny(), resume: last })) events.push(event);
    expect(events).to.deep.equal([]);
  });

  it("does not touch the snapshot it is given", async () => {
    const { snapshots } = await trained(tiny());
    const from = snapshots.get(4)!;
    const copy = structuredClone(from);
    await trained({ ...tiny(), resume: from });
    sameBits(from, copy);
  });
});

describe("a snapshot", () => {
  before(() => useBackend("wasm"));

  it("holds every array of the state under its name, population first", async () => {
    const { last } = await trained(tiny({ replicas: 3, model: { heads: 4, inputs: 1 } }));
    const shapes = Object.fromEntries(
      Object.entries(last.tensors).map(([name, { shape }]) => [name, shape]),
    );
    const [generator, discriminator] = [
      [3, 2, 1, 3, 3],
      [3, 4, 2, 3, 3],
    ];
    expect(shapes).to.deep.equal({
      generator,
      discriminator,
      average: generator,
      "generator.m": generator,
      "generator.v": generator,
      "discriminator.m": discriminator,
      "discriminator.v": discriminator,
    });
    expect(last.step).to.equal(8);
  });

  it("is that of its event as long as the next is not asked for", async () => {
    for await (const event of trainDqgan(tiny())) {
      const [first, second] = [await event.snapshot(), await event.snapshot()];
      sameBits(second, first);
      expect(first.step).to.equal(event.step);
    }
  });

  const without = (snapshot: Snapshot, name: string): Snapshot => ({
    ...snapshot,
    tensors: Object.fromEntries(Object.entries(snapshot.tensors).filter(([key]) => key !== name)),
  });
  const HINT = " The snapshot belongs to another configuration.";
  const REFUSED: [string, DqganOptions, (s: Snapshot) => Snapshot, string][] = [
    [
      "of another number of heads",
      tiny({ model: { heads: 3 } }),
      (s) => s,
      "train: tensor `discriminator` of the snapshot must have shape [1, 3, 2, 3, 3], but it has shape [1, 2, 2, 3, 3] and 36 values.",
    ],
    [
      "of another number of replicas",
      tiny({ replicas: 2 }),
      (s) => s,
      "train: tensor `generator` of the snapshot must have shape [2, 2, 2, 3, 3], but it has shape [1, 2, 2, 3, 3] and 36 values.",
    ],
    [
      "of data with other columns",
      csvOptions(3),
      (s) => s,
      "train: tensor `generator` of the snapshot must have shape [1, 3, 2, 3, 3], but it has shape [1, 2, 2, 3, 3] and 36 values.",
    ],
    [
      "without the optimiser's state",
      tiny(),
      (s) => without(s, "generator.v"),
      "train: tensor `generator.v` of the snapshot must have shape [1, 2, 2, 3, 3], but it is missing.",
    ],
    [
      "whose values were cut off",
      tiny(),
      (s) => {
        const average = { ...s.tensors["average"]!, values: new Float32Array(7) };
        return { ...s, tensors: { ...s.tensors, average } };
      },
      "train: tensor `average` of the snapshot must have shape [1, 2, 2, 3, 3], but it has shape [1, 2, 2, 3, 3] and 7 values.",
    ],
  ];
  for (const [name, options, change, message] of REFUSED) {
    it(`is refused: one ${name}`, async () => {
      const { last } = await trained(tiny());
      const before = tf.memory().numTensors;
      const fault = await faultOf(trained({ ...options, resume: { ...change(last), step: 2 } }));
      expect(fault).to.be.instanceOf(DataError);
      expect(fault.message).to.equal(message + HINT);
      expect(tf.memory().numTensors, "tensors").to.equal(before);
    });
  }

  for (const step of [9, -1, 1.5, NaN]) {
    it(`is refused: one of step ${step.toString()} of 8`, async () => {
      const { last } = await trained(tiny());
      const fault = await faultOf(trained({ ...tiny(), resume: { ...last, step } }));
      expect(fault).to.be.instanceOf(ArgumentError);
      expect(fault.message).to.equal(
        `train: argument \`resume\` must be a snapshot of a step from 0 to 8, but is one of step ${step.toString()}.`,
      );
    });
  }

  it("is refused by evaluate and sample in their own names", async () => {
    const { last } = await trained(tiny());
    const other = dqganConfig(tiny({ replicas: 4 }));
    const rest =
      ": tensor `average` of the snapshot must have shape [4, 2, 2, 3, 3], but it has shape [1, 2, 2, 3, 3] and 36 values." +
      HINT;
    expect((await faultOf(dqgan.evaluate(other, last))).message).to.equal(`evaluate${rest}`);
    expect((await faultOf(dqgan.sample(other, last, { n: 5 }))).message).to.equal(`sample${rest}`);
  });
});
