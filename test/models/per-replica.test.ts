// Settings that differ between replicas: a replica has the bits it has alone with plain numbers, whatever the size of its
// population, the other replicas and the order of seeds.

import { expect } from "chai";
import { useBackend } from "../../src/index.js";
import {
  boltzmann,
  boltzmannConfig,
  configOfOne,
  dqgan,
  dqganConfig,
  hybridConfig,
  hybridQgan,
  selectConfig,
} from "../../src/models/index.js";
import { stream, uniformArray } from "../../src/random.js";
import { ofReplica, sameBits } from "./runs.js";
import type {
  ModelDefinition,
  PopulationConfig,
  Snapshot,
  TrainEvent,
} from "../../src/models/index.js";

/** P numbers between two bounds, in no order. */
function spread(P: number, lo: number, hi: number, event: number): number[] {
  return Array.from(
    uniformArray(stream(7, "problemGenerators", event), P),
    (u) => lo + u * (hi - lo),
  );
}

const seeds = (P: number): number[] => Array.from({ length: P }, (_, p) => (7919 * (p + 1)) % 1000);

const EVALUATE = { n: 100, validation: 100 };

/** Rates and decays of Adam, one for each replica. */
const adam = (P: number): object => ({
  beta1: spread(P, 0.3, 0.95, 1),
  beta2: spread(P, 0.9, 0.9999, 2),
  epsilon: spread(P, 1e-8, 1e-2, 3),
  generatorRate: spread(P, 0.001, 0.1, 4),
  finalFraction: spread(P, 0, 1, 5),
  ema: spread(P, 0.1, 0.999, 6),
});

/** A DQGAN with a list for every setting that may be one. */
const dqganOf =
  (model: object, train: object = {}) =>
  (P: number): PopulationConfig =>
    dqganConfig({
      ...{ replicas: P, seed: seeds(P), evaluate: EVALUATE },
      model: {
        heads: 2,
        latentMean: spread(P, 1, 2, 8),
        latentStd: spread(P, 0.1, 0.8, 9),
        gamma: spread(P, 5, 200, 10),
        polarization: spread(P, 0.3, 1, 11),
        k: spread(P, 0.3, 5, 12),
        initialStd: spread(P, 0.3, 2, 13),
        ...model,
      },
      train: {
        ...{ steps: 3, batch: 6, evaluateEvery: 2 },
        ...{ ...adam(P), discriminatorRate: spread(P, 0.001, 0.1, 14) },
        ...train,
      },
    });

const hybridOf =
  (model: object, preset = "robust") =>
  (P: number): PopulationConfig =>
    hybridConfig({
      ...{ preset, replicas: P, seed: seeds(P), evaluate: EVALUATE },
      model: {
        hidden: [5, 4],
        outputScale: spread(P, 0.5, 2, 8),
        initialAngle: spread(P, 0, 3, 9),
        lambda: spread(P, 0.1, 10, 10),
        ...model,
      },
      train: {
        ...{ steps: 3, batch: 6, criticSteps: 2, evaluateEvery: 2 },
        ...{ ...adam(P), criticRate: spread(P, 0.001, 0.1, 11) },
      },
    });

const boltzmannOf =
  (train: object, model: object = {}) =>
  (P: number): PopulationConfig =>
    boltzmannConfig({
      ...{ replicas: P, seed: seeds(P), data: { source: "bars", size: 2 } },
      model: { topology: "complete", initialStd: spread(P, 0.01, 1, 8), ...model },
      train: {
        ...{ steps: 3, chains: 6, evaluateEvery: 2 },
        ...{ rate: spread(P, 0.001, 0.3, 9), momentum: spread(P, 0, 0.9, 10) },
        ...train,
      },
      annealer: {
        sweeps: 4,
        beta: spread(P, 0.5, 2, 11),
        chainStrength: spread(P, 0.5, 1, 12),
        noiseBiases: spread(P, 0, 0.2, 13),
        noiseCouplings: spread(P, 0, 0.2, 14),
      },
    });

type Run = { readonly events: readonly Omit<TrainEvent, "snapshot">[]; readonly last: Snapshot };

async function run<C>(model: ModelDefinition<C>, config: C): Promise<Run> {
  const events: Run["events"][number][] = [];
  let last: Snapshot = { step: 0, tensors: {} };
  for await (const { snapshot, ...event } of model.train(config)) {
    events.push(event);
    last = await snapshot();
  }
  return { events, last };
}

/** Losses and metrics of replica p. */
function numbersOf({ events }: Run, p: number): unknown {
  const own = (part: Readonly<Record<string, readonly number[]>> = {}): unknown =>
    Object.entries(part).map(([name, values]) => [name, values[p]]);
  return events.map(({ step, losses, metrics }) => [step, own(losses), own(metrics)]);
}

/** Compares some replicas of populations with themselves alone. */
async function compare<C extends PopulationConfig>(
  model: ModelDefinition<C>,
  configOf: (P: number) => C,
  sizes: readonly number[],
): Promise<void> {
  for (const P of sizes) {
    const config = configOf(P);
    const together = await run(model, config);
    for (const p of new Set([0, Math.floor(P / 2), P - 1])) {
      const name = `replica ${String(p)} of ${String(P)}`;
      const listed = await run(model, selectConfig(model.schema, config, [p]));
      const plain = await run(model, configOfOne(model.schema, config, p) as C);
      for (const alone of [listed, plain]) {
        sameBits(ofReplica(together.last, p), alone.last, name);
        expect(numbersOf(together, p), name).to.deep.equal(numbersOf(alone, 0));
      }
    }
  }
}

const DQGANS: [string, (P: number) => PopulationConfig][] = [
  ["algorithm 2, the effective equation", dqganOf({ forward: "effective" })],
  ["algorithm 1, plain ascent", dqganOf({ algorithm: 1 }, { optimizer: "sgd" })],
  ["the limit, as printed", dqganOf({ encoding: "asPrinted", latent: "uniform" })],
  ["all orders", dqganOf({ forward: "exact", heads: 1 })],
];
const HYBRIDS: [string, (P: number) => PopulationConfig][] = [
  ["the notebook's circuit", hybridOf({})],
  [
    "a trained output scale, softplus",
    hybridOf({ output: "trained", activation: "softplus" }, "trainable"),
  ],
];
const BOLTZMANNS: [string, (P: number) => PopulationConfig][] = [
  ["Gibbs chains", boltzmannOf({})],
  ["hidden units", boltzmannOf({}, { topology: "restricted", hidden: 3 })],
  ["the annealer's stand-in", boltzmannOf({ sampler: "embedded" })],
];

describe("settings of replicas each for itself", () => {
  for (const backend of ["wasm", "cpu"] as const) {
    // The cpu backend is slow, and the same code but for the operations.
    const sizes = backend === "wasm" ? [1, 2, 7, 64] : [7];
    describe(backend, () => {
      before(() => useBackend(backend));
      for (const [name, configOf] of DQGANS) {
        it(`leave a DQGAN the bits it has alone: ${name}`, () =>
          compare(dqgan, configOf as (P: number) => ReturnType<typeof dqganConfig>, sizes));
      }
      for (const [name, configOf] of HYBRIDS) {
        it(`leave a hybrid QGAN the bits it has alone: ${name}`, () =>
          compare(hybridQgan, configOf as (P: number) => ReturnType<typeof hybridConfig>, sizes));
      }
    });
  }
  for (const [name, configOf] of BOLTZMANNS) {
    it(`leave a Boltzmann machine the bits it has alone: ${name}`, () =>
      compare(
        boltzmann,
        configOf as (P: number) => ReturnType<typeof boltzmannConfig>,
        [1, 2, 7, 64],
      ));
  }

  it("take effect: a replica with another value ends elsewhere", async () => {
    await useBackend("wasm");
    const config = dqganOf({ forward: "effective" })(2) as ReturnType<typeof dqganConfig>;
    const { last } = await run(dqgan, { ...config, seed: [3, 3] });
    const { values } = last.tensors["generator"]!;
    expect(values.slice(0, values.length / 2)).not.to.deep.equal(values.slice(values.length / 2));
  });
});
