// The configuration: presets, documentation, what is refused and in which words.

import { expect } from "chai";
import { ArgumentError } from "../../src/index.js";
import { dqganConfig, dqganPresets, dqganSchema } from "../../src/models/index.js";
import { MAX_EVENT } from "../../src/random.js";
import { expectDocumented, leavesOf } from "./schema-leaves.js";
import type { DqganOptions } from "../../src/models/index.js";

describe("dqganSchema", () => {
  it("documents every option and gives it a default", () => {
    const all = leavesOf(dqganSchema);
    expect(all.length).to.be.above(30);
    expectDocumented(all);
  });

  it("has as default what the preset robust says", () => {
    expect(dqganSchema.parse({})).to.deep.equal(dqganConfig({ preset: "robust" }));
    expect(dqganConfig()).to.deep.equal(dqganConfig({ preset: "robust" }));
  });

  it("is what a configuration parses to a second time", () => {
    for (const preset of Object.keys(dqganPresets)) {
      const config = dqganConfig({ preset });
      expect(dqganSchema.parse(config)).to.deep.equal(config);
      expect(dqganSchema.parse(JSON.parse(JSON.stringify(config)))).to.deep.equal(config);
    }
  });

  it("has the paper's line as data", () => {
    const { slope, intercept, mean, std, noise } = dqganConfig().data;
    expect([slope, intercept, mean, std, noise]).to.deep.equal([
      -0.6,
      0.8 * Math.PI,
      Math.PI / 2,
      0.4,
      0.01,
    ]);
  });
});

describe("the presets", () => {
  it("robust: 8 heads, normal latents, 4000 steps, rates 0.02 and 0.005 to 2 %", () => {
    const { model, train } = dqganConfig({ preset: "robust" });
    expect(model).to.include({ algorithm: 2, heads: 8, latent: "normal", forward: "limit" });
    expect(train).to.include({
      steps: 4000,
      batch: 256,
      optimizer: "adam",
      beta1: 0.5,
      beta2: 0.999,
      discriminatorRate: 0.02,
      generatorRate: 0.005,
      finalFraction: 0.02,
    });
  });

  it("robustUniform: uniform latents, 3000 steps, rates 0.02 and 0.01", () => {
    const robust = dqganConfig({ preset: "robust" });
    const { model, train } = dqganConfig({ preset: "robustUniform" });
    expect(model).to.deep.equal({ ...robust.model, latent: "uniform" });
    expect(train).to.deep.equal({ ...robust.train, generatorRate: 0.01, steps: 3000 });
  });

  it("paper: one head, uniform latents, both rates 0.005, the printed final rates", () => {
    const { model, train } = dqganConfig({ preset: "paper" });
    expect(model).to.include({ heads: 1, latent: "uniform", polarization: 1, k: 1 });
    expect(train).to.include({ discriminatorRate: 0.005, generatorRate: 0.005, ema: null });
    expect(train).to.include({ finalFraction: null, steps: 3000, discriminatorSteps: 1 });
  });
});

describe("dqganConfig()", () => {
  it("lays overrides over the preset, key by key", () => {
    const paper = dqganConfig({ preset: "paper" });
    const config = dqganConfig({ preset: "paper", seed: 9, train: { steps: 10 } });
    expect(config).to.deep.equal({ ...paper, seed: 9, train: { ...paper.train, steps: 10 } });
  });

  it("takes lists whole and null as a value", () => {
    const config = dqganConfig({
      replicas: 2,
      data: { columns: ["a"] },
      train: { generatorRate: [0.1, 0.2], ema: null },
    });
    expect(config.train.generatorRate).to.deep.equal([0.1, 0.2]);
    expect(config.train.ema).to.equal(null);
    expect(config.data.columns).to.deep.equal(["a"]);
  });

  it("keeps the preset's value where an override is undefined", () => {
    const options = { preset: "paper", train: { steps: undefined } } as unknown as DqganOptions;
    expect(dqganConfig(options).train.steps).to.equal(3000);
  });

  const REFUSED: [string, object, string][] = [
    [
      "unknown presets",
      { preset: "fast" },
      'argument `preset` must be one of robust, robustUniform, paper, but is "fast".',
    ],
    [
      "names of the language as presets",
      { preset: "constructor" },
      'argument `preset` must be one of robust, robustUniform, paper, but is "constructor".',
    ],
    ["unknown keys", { train: { stepz: 3 } }, '`train`: Unrecognized key: "stepz".'],
    ["unknown sections", { trian: { steps: 3 } }, 'Unrecognized key: "trian".'],
    [
      "seeds that leave no room for the population",
      { seed: 2 ** 31 - 1 },
      "`seed`: must be ≤ 2147483640 with 8 replicas, got 2147483647.",
    ],
    [
      "too few rates",
      { train: { generatorRate: [0.1, 0.2, 0.3] } },
      "`train.generatorRate`: must be one number or a list of one for each of the 8 replicas, got a list of 3.",
    ],
    [
      "too many rates",
      { replicas: 1, train: { discriminatorRate: [0.1, 0.2] } },
      "`train.discriminatorRate`: must be one number or a list of one for each of the 1 replicas, got a list of 2.",
    ],
    [
      "polarization 0 in the limit",
      { model: { polarization: 0 } },
      "`model.polarization`: must not be 0 with forward limit, where the steady state is 0/0, got 0.",
    ],
    [
      "more steps than streams",
      { train: { steps: 5e7, discriminatorSteps: 3 } },
      "`train.steps`: must be ≤ 33554432 with discriminatorSteps 3, got 50000000.",
    ],
  ];
  for (const [name, options, message] of REFUSED) {
    it(`refuses ${name}`, () => {
      const call = (): unknown => dqganConfig(options);
      expect(call).to.throw(ArgumentError);
      expect(call).to.throw(`dqganConfig: ${message}`);
    });
  }

  it("names all faults at once", () => {
    const call = (): unknown =>
      dqganConfig({ seed: -1, train: { steps: 0, beta1: 1 }, model: { gamma: 0 } });
    for (const key of ["`seed`", "`train.steps`", "`train.beta1`", "`model.gamma`"])
      expect(call).to.throw(key);
  });

  it("allows the largest seed, the most steps and polarization 0 at finite Γ", () => {
    expect(dqganConfig({ seed: 2 ** 31 - 1, replicas: 1 }).seed).to.equal(2 ** 31 - 1);
    expect(dqganConfig({ seed: 2 ** 31 - 8, replicas: 8 }).seed).to.equal(2 ** 31 - 8);
    expect(
      dqganConfig({ model: { polarization: 0, forward: "effective" } }).model.polarization,
    ).to.equal(0);
    const { steps, discriminatorSteps: k } = dqganConfig({
      train: { steps: 2 ** 26, discriminatorSteps: 1 },
    }).train;
    // The last draw of latent angles of such a training still has a stream.
    expect((steps - 1) * (k + 1) + k).to.equal(MAX_EVENT);
  });
});
