// Nothing leaks: every public function leaves its results and nothing else, and gives back what it keeps.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { backendInfo, data, network, random, useBackend } from "../../src/index.js";
import { dqgan, dqganConfig, trainDqgan } from "../../src/models/index.js";
import { csvOptions, csvText, tiny, trained } from "../models/runs.js";

type Call = () => tf.TensorContainer | Promise<unknown>;

const streams = [random.stream(1, "data"), random.stream(2, "data")];
const problem = (): { theta: tf.Tensor; J: tf.Tensor; gamma: number } => kept!;
let kept: { theta: tf.Tensor; J: tf.Tensor; gamma: number } | undefined;

/** Tensors that a call leaves, by the name of the function. */
const CALLS: Readonly<Record<string, readonly [Call, number]>> = {
  "random.stream": [() => ({ ...random.stream(1, "data") }), 0],
  "random.uniform": [() => random.uniform(streams, [3]), 1],
  "random.normal": [() => random.normal(streams[0]!, [3, 2]), 1],
  "random.uniformArray": [() => Array.from(random.uniformArray(streams[0]!, 5)), 0],
  "random.normalArray": [() => Array.from(random.normalArray(streams[0]!, 5)), 0],
  "network.steadyState": [() => network.steadyState(problem()), 1],
  "network.steadyStateAndGradients": [
    () => {
      const cotangent = tf.ones([3, 5, 2, 3]);
      const result = network.steadyStateAndGradients(problem(), cotangent);
      cotangent.dispose();
      return result;
    },
    3,
  ],
  "network.validity": [() => network.validity(problem()), 8],
  "data.parseCsv": [() => data.parseCsv(csvText(2)).columns.length, 0],
  "data.lineSource": [
    () => {
      const source = data.lineSource(dqganConfig({ data: { rows: 20 } }).data);
      const batch = source.batch(streams, 4);
      source.held("test", 5, 0);
      source.dispose();
      return batch;
    },
    1,
  ],
  "data.csvSource": [
    () => {
      const source = data.csvSource(csvText(2));
      const batch = source.batch(streams, 4);
      source.held("test", 5, 0);
      source.dispose();
      return batch;
    },
    1,
  ],
  "data.imageSource": [
    () => {
      const source = data.digitImages({ side: 8, train: 6, test: 4 });
      source.test.range(0, 2).dispose();
      return source.batch(streams[0]!, 3);
    },
    1,
  ],
  "data.lawSource": [
    () => {
      const source = data.lawSource(data.ringLaw());
      const batch = source.batch(streams, 4);
      source.held("test", 5, 0);
      source.dispose();
      return batch;
    },
    1,
  ],
  "data.csvRowSource": [
    () => {
      const source = data.csvRowSource(csvText(2));
      const batch = source.batch(streams, 4);
      source.held("test", 5, 0);
      source.dispose();
      return batch;
    },
    1,
  ],
  backendInfo: [() => backendInfo().name, 0],
  useBackend: [() => useBackend("wasm"), 0],
};

const publicFunctions = (): string[] => {
  const of = (prefix: string, module: object): string[] =>
    Object.entries(module).flatMap(([name, value]) =>
      typeof value === "function" ? [prefix + name] : [],
    );
  // Of the data functions the sources make tensors; the others work on arrays.
  const sources = of("data.", data).filter((name) => name.endsWith("Source"));
  return [...of("random.", random), ...of("network.", network), ...sources];
};

describe("every public function", () => {
  before(async () => {
    await useBackend("wasm");
    kept = { theta: tf.ones([3, 5, 2]), J: random.normal(streams[0]!, [3, 2, 2, 3, 3]), gamma: 10 };
  });
  after(() => {
    tf.dispose([kept!.theta, kept!.J]);
  });

  it("is tried here, where it can make tensors", () => {
    expect(Object.keys(CALLS)).to.include.members(publicFunctions());
  });

  for (const [name, [call, results]] of Object.entries(CALLS)) {
    it(`leaves its results alone: ${name}`, async () => {
      const earlier = tf.memory();
      const result = await call();
      expect(tf.memory().numTensors).to.equal(earlier.numTensors + results);
      tf.dispose(result as tf.TensorContainer);
      expect(tf.memory()).to.deep.equal(earlier);
    });
  }

  it("leaves nothing when it throws", () => {
    const earlier = tf.memory();
    const theta = tf.ones([4, 2]);
    expect(() => network.steadyState({ ...problem(), theta })).to.throw();
    expect(() => network.validity({ ...problem(), theta })).to.throw();
    expect(() => random.uniform(streams, [3], { offset: 1 })).to.throw();
    theta.dispose();
    expect(tf.memory()).to.deep.equal(earlier);
  });

  it("leaves nothing after its gradients are taken", () => {
    const earlier = tf.memory();
    for (const method of ["fused", "composed"] as const) {
      const f = (theta: tf.Tensor, J: tf.Tensor): tf.Tensor =>
        tf.sum(network.steadyState({ theta, J, gamma: 10 }, { method }));
      tf.dispose(tf.grads(f)([problem().theta, problem().J]));
    }
    expect(tf.memory()).to.deep.equal(earlier);
  });

  it("leaves nothing: the model's", async () => {
    for (const options of [tiny({ replicas: 2 }), csvOptions(3)]) {
      const earlier = tf.memory();
      const { last } = await trained(options);
      const config = dqganConfig(options);
      const files = options.files ?? {};
      const evaluation = await dqgan.evaluate(config, last, { files });
      dqgan.figures(config, [], evaluation);
      await dqgan.sample(config, last, { n: 9, files });
      const events = trainDqgan(options);
      await events.next();
      await events.return();
      expect(tf.memory()).to.deep.equal(earlier);
    }
  });
});
