// Study files: what they may say, and what is told about those that are wrong.

import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { problemText, ProblemsError, type Problem } from "../../src/settings/problem.js";
import { groupsOf } from "../../src/sweeps/plan/groups.js";
import { trialAt, trialConfig } from "../../src/sweeps/plan/trials.js";
import {
  inlineParameter,
  loadStudy,
  parseSpec,
  readStudy,
  studyIdentity,
} from "../../src/sweeps/study/index.js";
import type { Study } from "../../src/sweeps/types.js";
import { facts, studyOf, tasks } from "./example-task.js";

async function problemsOf(text: string, form: "yaml" | "json" = "yaml"): Promise<string[]> {
  try {
    await readStudy(text, { file: "s.yaml", form }, tasks);
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems.map(problemText);
    throw error;
  }
  return [];
}

async function warningsOf(text: string): Promise<string[]> {
  const found: Problem[] = [];
  const warn = (problem: Problem): void => void found.push(problem);
  await readStudy(text, { file: "s.yaml", form: "yaml", warn }, tasks);
  return found.map(problemText);
}

const HEAD = "task: toy.train\nmetric: {name: loss}\ntrials: 64\n";

describe("readStudy()", () => {
  it("fills in everything that is left out", async () => {
    const study = await studyOf("trials: 64\nparameters: {train.lr: {min: 0.1, max: 1}}");
    expect(study).to.deep.equal({
      format: 1,
      name: "study",
      task: "toy.train",
      config: {
        model: { depth: 2, kind: "plain", gamma: 1, bias: true, layers: [8], extra: null },
        train: { steps: 100, optimizer: "adam", beta1: 0.5, ema: null, shift: 0, bits: 8 },
      },
      metrics: [{ name: "loss", goal: "minimize" }],
      method: "random",
      seed: 0,
      trials: 64,
      replicates: 1,
      parameters: {
        "train.lr": { kind: "real", scale: "linear", min: 0.1, max: 1, isStatic: false },
      },
      budget: { unit: "step", min: 100, max: 100 },
      halving: null,
      limits: {},
    });
  });

  it("takes every form of a parameter and decides integer, real, static, dynamic by the task", async () => {
    const { parameters } = await studyOf(`trials: 64
parameters:
  model.depth: {values: [2, 3, 4], probabilities: [0.5, 0.25, 0.25]}
  model.bias: {value: false}
  model.kind: {values: [plain]}
  model.gamma: {min: 0, max: 1, step: 0.25}
  train.lr: {distribution: log_uniform_values, min: 1e-4, max: 1e-1}
  train.bits: {distribution: log_uniform_values, min: 1, max: 1000}
  train.shift: {distribution: normal, mu: 1, sigma: 2}
  train.optimizer: {distribution: categorical, values: [adam, sgd]}
  train.beta1: {min: 0, max: 0.99, when: {train.optimizer: adam}}
  train.ema: {values: [null, 0.9]}
`);
    const kinds = Object.fromEntries(
      Object.entries(parameters).map(([name, { kind, isStatic }]) => [name, [kind, isStatic]]),
    );
    expect(kinds).to.deep.equal({
      "model.depth": ["choice", true],
      "model.bias": ["choice", true],
      "model.kind": ["choice", true],
      "model.gamma": ["real", false],
      "train.lr": ["real", false],
      "train.bits": ["integer", false],
      "train.shift": ["normal", false],
      "train.optimizer": ["choice", true],
      "train.beta1": ["real", false],
      "train.ema": ["choice", false],
    });
    expect(parameters["train.beta1"]?.when).to.deep.equal({ "train.optimizer": ["adam"] });
  });

  it("takes lists and groups as values of static keys", async () => {
    const study = await studyOf(`trials: 64
parameters:
  model.layers: {values: [[64, 64], [128], [4]]}
  model.extra: {value: {a: 1}}
  model.depth: {values: [2, 3], when: {model.layers: [[128], [4]]}}`);
    expect(study.parameters["model.layers"]).to.deep.equal({
      kind: "choice",
      values: [[64, 64], [128], [4]],
      isStatic: true,
    });
    const identity = studyIdentity(study, facts);
    const groups = groupsOf(study, identity, 0, 64).map(({ key }) => key);
    expect(groups).to.have.length(5);
    expect(groups).to.include('{"model.extra":{"a":1},"model.layers":[64,64]}');
    expect(groups).to.include('{"model.depth":3,"model.extra":{"a":1},"model.layers":[128]}');
    const { values } = trialAt(study, identity, 3);
    expect(trialConfig(study, { values }))
      .to.have.nested.property("model.layers")
      .that.is.an("array");

    expect(
      await problemsOf(`${HEAD}parameters:\n  model.layers: {values: [[64], [0], [1, 1, 1, 1]]}`),
    ).to.satisfy(
      (told: string[]) =>
        told.length === 2 &&
        told.every((text) => text.includes("must be a list [a, b] of integers")),
    );
    expect(
      await problemsOf(`${HEAD}parameters:\n  model.layers: {values: [[64], [64]]}`),
    ).to.satisfy(([text]: string[]) => text!.includes("[64] is there twice"));
    expect(
      (await problemsOf(`${HEAD}parameters:\n  train.lr: {values: [[0.1, 0.2]]}`)).join(),
    ).to.match(/must be one value, got \[0.1,0.2\]\n {2}hint: a list there is one value for each/);
    expect(
      (await problemsOf(`${HEAD}parameters:\n  model.layers: {values: [[.inf]]}`)).join(),
    ).to.contain("finite numbers");
    expect(inlineParameter("[64,64],[128]")).to.deep.equal({ values: [[64, 64], [128]] });
    expect(inlineParameter("[64,64]")).to.equal(undefined);
  });

  it("resolves preset, file and arguments, the last one strongest", async () => {
    const text = `${HEAD}preset: slow\nconfig: {train.bits: 4, model: {depth: 3}}\nparameters: {model.gamma: {min: 0, max: 1}}\n`;
    const read = (overrides: readonly string[]): Promise<Study> => {
      const options = {
        file: "s.yaml",
        form: "yaml",
        overrides: overrides.map(parseSpec),
      } as const;
      return readStudy(text, options, tasks);
    };
    const study = await read([
      "model.depth=4",
      "model.gamma=2",
      "train.beta1=0.1,0.2",
      "trials=128",
    ]);
    expect(study.config).to.deep.equal({
      model: { depth: 4, kind: "plain", gamma: 2, bias: true, layers: [8], extra: null },
      train: { steps: 100, lr: 0.001, optimizer: "adam", ema: null, shift: 0, bits: 4 },
    });
    expect(Object.keys(study.parameters)).to.deep.equal(["train.beta1"]);
    expect(study.trials).to.equal(128);
    const changed = await read(["parameters.model.gamma.max=0.5"]);
    expect(changed.parameters["model.gamma"]).to.include({ min: 0, max: 0.5 });
  });

  it("lets the budget set the steps of a training", async () => {
    const { config, budget, halving } = await studyOf(`trials: 64
budget: {min: 10, max: 1000}
early_terminate: {type: successive_halving, cohort: 64}
parameters: {train.lr: {min: 0.1, max: 1}}`);
    expect(config["train"]).to.include({ steps: 1000 });
    expect(budget).to.deep.equal({ unit: "step", min: 10, max: 1000 });
    expect(halving).to.deep.equal({ eta: 4, cohort: 64, scope: "group" });
  });

  it("reads JSON as it reads YAML, big seeds as hexadecimal text, and durations", async () => {
    const json = JSON.stringify({
      task: "toy.train",
      metric: { name: "loss", goal: "maximize" },
      run_cap: 8,
      seed: "0x00FFffFFffFFffFFff",
      limits: { time: "1h30m", failures: 0.05 },
      parameters: { "train.lr": { min: 0.1, max: 1 } },
    });
    const study = await readStudy(json, { file: "s.json", form: "json" }, tasks);
    expect(study).to.include({ trials: 8, seed: "0xffffffffffffffff" });
    expect(study.limits).to.deep.equal({ seconds: 5400, failures: 0.05 });
    const [problem] = await problemsOf("task: toy.train", "json");
    expect(problem).to.match(/^s\.yaml must be JSON: .*\n {2}hint: YAML files end in \.yaml$/);
  });

  it("tells everything that is wrong at once, in the order of the file", async () => {
    const found = await problemsOf(`format: 1
task: toy.train
config: {model: {deph: 2, kind: "thin"}, seed: 4}
metric: {name: loss, gaol: minimize}
method: sobool
trials: 1000
parameters:
  train.lrr: {min: 1e-4, max: 1e-1}
  train.lr: {distribution: log_uniform, min: -4, max: -1}
  model.depth: {values: [2, 3, "4"]}
  model.gamma: {min: 1, mx: 2}
  train.ema: {min: 0, max: 2}
  train.optimizer: [adam, sgd]
  train.steps: {values: [3, 4]}
`);
    expect(found).to.deep.equal([
      "s.yaml:3:24 unknown key 'model.deph' (did you mean model.depth?)",
      's.yaml:3:33 model.kind must be plain or wide, got text "thin"',
      "s.yaml:3:48 config.seed must not be set: the study sets it\n  hint: every trial has a seed of its own, derived from the study's `seed`",
      "s.yaml:4:22 metric.gaol unknown key 'gaol' (did you mean goal?)",
      's.yaml:5:9 method must be one of grid, random, sobol, ask-tell, got text "sobool"\n  hint: did you mean sobol?',
      "s.yaml:8:3 parameters.train.lrr unknown key 'train.lrr' of the task (did you mean train.lr?)",
      "s.yaml:9:28 parameters.train.lr.distribution unknown distribution 'log_uniform'\n  hint: it takes exponents: use log_uniform_values, whose min and max are the values",
      's.yaml:10:32 parameters.model.depth.values.2 must be an integer ≥ 1 and ≤ 8, got text "4"\n  hint: remove the quotes',
      "s.yaml:11:25 parameters.model.gamma.mx unknown key 'mx' (did you mean max?)",
      "s.yaml:12:28 parameters.train.ema.max must be a number ≥ 0 and < 1, got 2",
      's.yaml:13:20 parameters.train.optimizer must be a group of keys such as {min: 0, max: 1} or {values: [a, b]}, got ["adam","sgd"]\n  hint: to try these values: {values: ["adam","sgd"]}',
      "s.yaml:14:3 parameters.train.steps must not be a parameter: the study sets it\n  hint: set `budget: {max: …}`",
    ]);
  });

  it("refuses what cannot be, each with its reason", async () => {
    const lr = "parameters: {train.lr: {min: 0.1, max: 1}}\n";
    const cases: readonly (readonly [text: string, expected: RegExp])[] = [
      ["a: [", /^s\.yaml:1:\d+ .*/],
      ["task: toy.train\ntask: toy.train", /unique/],
      ["3", /must hold keys and values/],
      [
        `task: toy\nmetric: {name: l}\ntrials: 1\n${lr}`,
        /unknown task 'toy' \(did you mean toy.train\?\)/,
      ],
      [`task: toy.train\ntrials: 1\n${lr}`, /metric must be set/],
      [`task: toy.train\nmetric: {name: l}\n${lr}`, /trials must be set with method random/],
      [`${HEAD}seed: -1\n${lr}`, /seed must be an integer from 0 .*got -1/],
      [`${HEAD}parameters: 3`, /parameters must be a group of keys, got 3/],
      [
        `${HEAD}parameters: {train.lr: {values: [1, 1e400]}}`,
        /values.1 must be a number .*got Infinity/,
      ],
      [`${HEAD}run_cap: 5\n${lr}`, /run_cap must not be set together with trials/],
      [`${HEAD}replicates: 5\n${lr}`, /trials must be a multiple of replicates 5, got 64/],
      [`${HEAD}preset: fast\n${lr}`, /preset unknown preset 'fast'/],
      [`${HEAD}limits: {time: 8 hours}\n${lr}`, /limits.time must be seconds, or text/],
      [
        `${HEAD}parameters: {train.lr: {min: 1, max: 0.1}}`,
        /train.lr.max must be ≥ min 1, got 0.1/,
      ],
      [`${HEAD}parameters: {train.lr: {min: 0, max: 1}}`, /train.lr.min must be a number > 0/],
      [`${HEAD}parameters: {model.depth: {min: 1.5, max: 3}}`, /depth.min must be an integer/],
      [
        `${HEAD}parameters: {model.kind: {min: 1, max: 3}}`,
        /must list values: the key takes plain or wide/,
      ],
      [
        `${HEAD}parameters: {train.shift: {distribution: log_uniform_values, min: -1, max: 3}}`,
        /must be > 0 on a logarithmic scale/,
      ],
      [
        `${HEAD}parameters: {model.gamma: {distribution: normal}}`,
        /must stay inside what the key takes/,
      ],
      [
        `${HEAD}parameters: {train.bits: {distribution: log_normal}}`,
        /must not be log_normal: the key takes an integer/,
      ],
      [
        `${HEAD}parameters: {model.depth: {values: [1, 2], probabilities: [0.5, 0.4]}}`,
        /must sum to 1/,
      ],
      [`${HEAD}parameters: {model.depth: {values: [1, 1]}}`, /must be listed once/],
      [
        `${HEAD}parameters: {train.beta1: {value: 0.5, when: {train.optimizer: [adam]}}}`,
        /must name another parameter of this study/,
      ],
      [
        `${HEAD}parameters: {train.optimizer: {values: [adam, sgd]}, train.beta1: {value: 0.5, when: {train.optimizer: [admm]}}}`,
        /must be a value that train.optimizer takes/,
      ],
      [
        `${HEAD}parameters: {model.depth: {value: 2, when: {model.bias: [true]}}, model.bias: {value: true, when: {model.depth: [2]}}}`,
        /must not depend on itself/,
      ],
      [
        `${HEAD}method: grid\nparameters:\n` +
          ["train.lr", "train.beta1"]
            .map((key) => `  ${key}: {min: 0.1, max: 0.2, count: 100000}\n`)
            .join(""),
        /s\.yaml:\S+ parameters must make a grid of at most 4294967296/,
      ],
      [`${HEAD}method: grid\n${lr}`, /must have `count: n` or `step` with method grid/],
      [
        `${HEAD}method: grid\nparameters: {model.depth: {values: [1, 2]}}`,
        /trials must be ≤ 2, the rows of the whole grid, got 64/,
      ],
      [
        `${HEAD}early_terminate: {type: successive_halving, cohort: 64}\n${lr}`,
        /budget.min must be set/,
      ],
      [
        `${HEAD}budget: {min: 1}\nearly_terminate: {type: successive_halving, cohort: 48}\n${lr}`,
        /trials must be a multiple of early_terminate.cohort 48/,
      ],
      [
        `${HEAD}replicates: 2\nbudget: {min: 1}\nearly_terminate: {type: successive_halving, cohort: 32, eta: 1}\n${lr}`,
        /eta must be an integer ≥ 2/,
      ],
      [
        `${HEAD}budget: {min: 1}\nearly_terminate: {type: successive_halving, cohort: 64, eat: 2}\n${lr}`,
        /early_terminate.eat unknown key 'eat' \(did you mean eta\?\)/,
      ],
      [
        `${HEAD}config: {train: {steps: 50}}\nbudget: {max: 80}\n${lr}`,
        /train.steps must be left out or equal to budget.max 80, got 50/,
      ],
      [`${HEAD}method: ask-tell\n${lr}`, /ask must be set with method ask-tell/],
      [
        `${HEAD}method: ask-tell\nask: {module: ./nowhere.mjs}\n${lr}`,
        /ask.module must be evolution or a file that exists/,
      ],
    ];
    for (const [text, expected] of cases) {
      const found = await problemsOf(text);
      expect(found, text).to.have.length(1);
      expect(found[0], text).to.match(expected);
    }
  });

  it("refuses combinations that no trial can build, and warns of those that some cannot", async () => {
    const [problem] = await problemsOf(
      `${HEAD}config: {model: {kind: wide}}\nparameters: {model.depth: {values: [5, 6]}}`,
    );
    expect(problem).to.match(/^s\.yaml:5:27 model.depth must be ≤ 4 with kind wide$/);
    const [warning] = await warningsOf(
      `${HEAD}config: {model: {kind: wide}}\nparameters: {model.depth: {values: [4, 5]}}`,
    );
    expect(warning).to.match(/ of 16 trials that were tried cannot be built.*must be ≤ 4/);
  });

  it("warns of many groups, and names the parameter to blame", async () => {
    const text = `${HEAD}parameters: {model.depth: {min: 1, max: 8}, model.bias: {values: [true, false]}}`;
    const [warning] = await warningsOf(text);
    expect(warning).to.match(/parameters.model.depth takes 8 values .* up to 16 groups/);
    expect(await warningsOf(text.replace("64", "512"))).to.deep.equal([]);
  });

  it("advises powers of two for Sobol sequences", async () => {
    const lr = "method: sobol\nparameters: {train.lr: {min: 0.1, max: 1}}";
    expect(await warningsOf(HEAD + lr)).to.deep.equal([]);
    const [warning] = await warningsOf(HEAD.replace("64", "100") + lr);
    expect(warning).to.match(/even at powers of two, got 100.*\n.*trials: 128/);
  });

  it("gives a grid as many trials as it has points", async () => {
    const { trials } = await studyOf(`method: grid
replicates: 2
parameters:
  train.optimizer: {values: [adam, sgd]}
  train.beta1: {min: 0, max: 0.9, count: 10, when: {train.optimizer: [adam]}}`);
    expect(trials).to.equal(2 * (10 + 1));
  });
});

describe("loadStudy()", () => {
  it("reads YAML, JSON and modules alike", async () => {
    const folder = mkdtempSync(join(tmpdir(), "study-"));
    try {
      const value = {
        task: "toy.train",
        name: "s",
        metric: { name: "loss" },
        trials: 4,
        parameters: { "train.lr": { value: 1 } },
      };
      const write = (name: string, text: string): string => {
        writeFileSync(join(folder, name), text);
        return join(folder, name);
      };
      const files = [
        write("s.yaml", JSON.stringify(value)),
        write("s.json", JSON.stringify(value)),
        write("s.mjs", `export default ${JSON.stringify(value)};`),
      ];
      const studies = await Promise.all(
        files.map(async (file) => (await loadStudy(file, tasks)).study),
      );
      for (const study of studies) expect(study).to.deep.equal(studies[0]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("inlineParameter()", () => {
  it("understands lists, ranges, choices and intervals, and leaves single values alone", () => {
    const cases: readonly (readonly [text: string, expected: unknown])[] = [
      ["1,2,3", { values: [1, 2, 3] }],
      ["adam,sgd", { values: ["adam", "sgd"] }],
      ['"a,b",c', { values: ["a,b", "c"] }],
      ["range(0,3)", { values: [0, 1, 2] }],
      ["range(0.1,0.4,0.1)", { values: [0.1, 0.2, 0.3] }],
      ["range(3,0,-1)", { values: [3, 2, 1] }],
      ["choice(x, y)", { values: ["x", "y"] }],
      ["interval(1e-4, 0.1)", { min: 1e-4, max: 0.1 }],
      ["log(interval(1e-4,0.1))", { distribution: "log_uniform_values", min: 1e-4, max: 0.1 }],
      ["0.1", undefined],
      ["[1, 2]", undefined],
      ['"a,b"', undefined],
    ];
    for (const [text, expected] of cases)
      expect(inlineParameter(text), text).to.deep.equal(expected);
  });

  it("says how a form is written", () => {
    expect(() => inlineParameter("range(0,1,-1)")).to.throw(
      "must have the form range(start, end[, step])",
    );
    expect(() => inlineParameter("interval(1)")).to.throw("interval(min, max)");
    expect(() => inlineParameter("log(1,2)")).to.throw("log(interval(min, max))");
  });
});
