// Every option of the hybrid QGAN's schema is documented, has a default and an effect; what is refused, in which words.

import { expect } from "chai";
import { ArgumentError, useBackend } from "../../src/index.js";
import { hybridConfig, hybridPresets, hybridQgan, hybridSchema } from "../../src/models/index.js";
import { csvOptions, tiny, trained } from "./hybrid-runs.js";
import { changed } from "./runs.js";
import { expectDocumented, leavesOf } from "./schema-leaves.js";
import type { HybridOptions } from "../../src/models/index.js";

type Change = { readonly from: HybridOptions; readonly to: HybridOptions };

const on = (base: HybridOptions, change: HybridOptions): Change => ({
  from: base,
  to: changed(base, change),
});

const LINE = tiny({ replicas: 2 });
const LAYERED = tiny({ model: { ansatz: "rotations" } });
const MIXTURE = tiny({ data: { law: "mixture" } });
const RING = tiny({ data: { law: "ring" }, model: { outputScale: 1.5 } });
const CSV = csvOptions(2);
const SHOTS = tiny({ evaluate: { shots: 10, shotRows: 100 } });

/** One change for every leaf of the schema. */
const CHANGES: Readonly<Record<string, Change>> = {
  seed: on(LINE, { seed: 6 }),
  replicas: on(LINE, { replicas: 3 }),
  "data.file": { from: LAYERED, to: csvOptions(1) },
  "data.columns": on(CSV, { data: { columns: ["b"] } }),
  "data.margin": on(CSV, { data: { margin: 0.2 } }),
  "data.law": on(LINE, { data: { law: "laplace" } }),
  "data.mean": on(LINE, { data: { mean: 0.1 } }),
  "data.std": on(LINE, { data: { std: 0.1 } }),
  "data.means": on(MIXTURE, { data: { means: [-0.3, 0.4] } }),
  "data.weights": on(MIXTURE, { data: { weights: [1, 4] } }),
  "data.radius": on(RING, { data: { radius: 0.8 } }),
  "data.spread": on(RING, { data: { spread: 0.1 } }),
  "data.seed": on(CSV, { data: { seed: 1 } }),
  "model.ansatz": on(LINE, { model: { ansatz: "hardwareEfficient" } }),
  "model.qubits": on(LAYERED, { model: { qubits: 3 } }),
  "model.layers": on(LAYERED, { model: { layers: 3 } }),
  "model.latent": on(LINE, { model: { latent: "uniform" } }),
  "model.inputs": on(LINE, { model: { inputs: 3 } }),
  "model.latentMap": on(LAYERED, { model: { latentMap: "none" } }),
  "model.output": on(LINE, { model: { output: "trained" } }),
  "model.outputScale": on(LINE, { model: { outputScale: 0.7 } }),
  "model.initialAngle": on(LAYERED, { model: { initialAngle: 0.1 } }),
  "model.hidden": on(LINE, { model: { hidden: [8] } }),
  "model.activation": on(LINE, { model: { activation: "softplus" } }),
  "model.penalty": on(LINE, { model: { penalty: "twoSided" } }),
  "model.lambda": on(tiny({ model: { penalty: "twoSided" } }), { model: { lambda: 1 } }),
  "train.steps": on(LINE, { train: { steps: 7 } }),
  "train.criticSteps": on(LINE, { train: { criticSteps: 1 } }),
  "train.batch": on(LINE, { train: { batch: 17 } }),
  "train.beta1": on(LINE, { train: { beta1: 0.8 } }),
  "train.beta2": on(LINE, { train: { beta2: 0.99 } }),
  "train.epsilon": on(LINE, { train: { epsilon: 0.1 } }),
  "train.criticRate": on(LINE, { train: { criticRate: 0.03 } }),
  "train.generatorRate": on(LINE, { train: { generatorRate: [0.005, 0.03] } }),
  "train.schedule": on(LINE, { train: { schedule: "constant" } }),
  "train.finalFraction": on(LINE, { train: { finalFraction: 0.5 } }),
  "train.ema": on(tiny({ train: { steps: 40, batch: 4 } }), { train: { ema: 0.5 } }),
  "train.evaluateEvery": on(LINE, { train: { evaluateEvery: 2 } }),
  "evaluate.n": on(LINE, { evaluate: { n: 301 } }),
  "evaluate.validation": on(LINE, { evaluate: { validation: 201 } }),
  "evaluate.bins": on(LINE, { evaluate: { bins: 11 } }),
  "evaluate.range": on(LINE, { evaluate: { range: [-2, 2] } }),
  "evaluate.shots": on(SHOTS, { evaluate: { shots: 20 } }),
  "evaluate.shotRows": on(SHOTS, { evaluate: { shotRows: 110 } }),
  "evaluate.gateError": on(SHOTS, { evaluate: { gateError: 0.1 } }),
  "evaluate.readoutError": on(SHOTS, { evaluate: { readoutError: 0.1 } }),
};

/** All that can be observed of a training. */
async function outcome(options: HybridOptions): Promise<string> {
  const { history, last } = await trained(options);
  const config = hybridConfig(options);
  const files = options.files ?? {};
  const { protocol: _, ...evaluation } = await hybridQgan.evaluate(config, last, { files });
  const samples = await hybridQgan.sample(config, last, { n: 5, files });
  const tensors = Object.entries(last.tensors).map(([name, { values }]) => [name, [...values]]);
  return JSON.stringify([history, tensors, evaluation, [...samples.values]]);
}

describe("every option of the hybrid QGAN", () => {
  before(() => useBackend("wasm"));
  const outcomes: Map<HybridOptions, Promise<string>> = new Map();
  const cached = (options: HybridOptions): Promise<string> => {
    const known = outcomes.get(options) ?? outcome(options);
    outcomes.set(options, known);
    return known;
  };

  it("is tried here, documented, and has a default", () => {
    const all = leavesOf(hybridSchema);
    expect(Object.keys(CHANGES)).to.have.members(all.map(([key]) => key));
    expectDocumented(all);
  });

  for (const [key, { from, to }] of Object.entries(CHANGES)) {
    it(`has an effect: ${key}`, async () => {
      expect(await outcome(to)).not.to.equal(await cached(from));
    });
  }
});

describe("hybridConfig()", () => {
  it("has as default what the preset robust says, and parses to itself", () => {
    expect(hybridSchema.parse({})).to.deep.equal(hybridConfig({ preset: "robust" }));
    for (const preset of Object.keys(hybridPresets)) {
      const config = hybridConfig({ preset });
      expect(hybridSchema.parse(JSON.parse(JSON.stringify(config)))).to.deep.equal(config);
    }
  });

  it("has in paper what the notebook does", () => {
    const { model, train, data } = hybridConfig({ preset: "paper" });
    expect(data).to.include({ law: "normal", mean: 0, std: 0.2 });
    expect(model).to.deep.include({ ansatz: "notebook", inputs: 2, latent: "normal", hidden: [64, 64], penalty: "twoSided", lambda: 10 }); // prettier-ignore
    expect(train).to.include({ steps: 1601, criticSteps: 5, batch: 32, criticRate: 1e-4, generatorRate: 1e-4, beta1: 0.5, beta2: 0.999, schedule: "constant", ema: null }); // prettier-ignore
  });

  const REFUSED: readonly (readonly [string, object, string])[] = [
    ["unknown presets", { preset: "fast" }, 'argument `preset` must be one of robust, trainable, plane, paper, but is "fast".'], // prettier-ignore
    ["a notebook of three qubits", { model: { qubits: 3 } }, "`model.qubits`: must be 2 with ansatz notebook, got 3."], // prettier-ignore
    ["latent numbers that fit no qubits", { model: { latentMap: "none", inputs: 3 } }, "`model.inputs`: must be 2, the number of qubits, with latentMap none, got 3."], // prettier-ignore
    ["a plane on one qubit", { data: { law: "ring" }, model: { ansatz: "rotations", qubits: 1 } }, "`model.qubits`: must be ≥ 2, the number of columns of the data, got 1."], // prettier-ignore
    ["too few weights", { data: { weights: [1] } }, "`data.weights`: must have one weight for each of the 2 means, got 1."], // prettier-ignore
    ["weights of 0", { data: { weights: [0, 0] } }, "`data.weights`: must not all be 0."],
    ["ranges upside down", { evaluate: { range: [1, -1] } }, "`evaluate.range`: must be [lo, hi] with lo < hi, got [1,-1]."], // prettier-ignore
    ["too few rates", { train: { criticRate: [1] } }, "`train.criticRate`: must be one number or a list of one for each of the 8 replicas, got a list of 1."], // prettier-ignore
    ["seeds without room", { seed: 2 ** 31 - 1 }, "`seed`: must be ≤ 2147483640 with 8 replicas, got 2147483647."], // prettier-ignore
    ["unknown keys", { train: { stepz: 1 } }, '`train`: Unrecognized key: "stepz".'],
  ];
  for (const [name, options, message] of REFUSED) {
    it(`refuses ${name}`, () => {
      const call = (): unknown => hybridConfig(options);
      expect(call).to.throw(ArgumentError, `hybridConfig: ${message}`);
    });
  }
});
