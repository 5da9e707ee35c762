// The identity of a study, and what a changed study has changed.

import { expect } from "chai";
import fc from "fast-check";
import { canonicalJson } from "../../src/runs/json.js";
import { identityOf, studyDifferences, studyIdentity } from "../../src/sweeps/study/index.js";
import { facts, studyOf } from "./example-task.js";

const LINES =
  "trials: 64\nparameters: {train.lr: {min: 0.1, max: 1}, model.depth: {values: [1, 2]}}";

describe("identityOf()", () => {
  // reference/sweeps.md, section 3: a hashing vector, not a study.
  const content = {
    format: 1,
    metric: { goal: "minimize", name: "loss" },
    model: { kind: "dqgan", qubits: 2 },
    parameters: {
      depth: { values: [2, 3, 4] },
      gamma: { max: 1, min: 0 },
      lr: { distribution: "log_uniform_values", max: 0.1, min: 0.0001 },
    },
    sampler: { method: "random", seed: 7 },
  };

  it("gives the published hash and key", () => {
    expect(identityOf(content)).to.deep.equal({
      hash: "438254c2d9667e1cc431061f6921e20baab52160b8ea687a2f7a1e88b8547fca",
      key: [0xc2548243, 0x1c7e66d9],
    });
  });

  it("hashes canonical JSON as RFC 8785 has it", () => {
    expect(canonicalJson({ b: 1e21, a: 1e-7, c: -0 })).to.equal('{"a":1e-7,"b":1e+21,"c":0}');
  });

  it("ignores the order of keys", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(identityOf(turned)).to.deep.equal(identityOf(value));
      }),
    );
  });
});

describe("studyIdentity()", () => {
  it("ignores name, trials and limits, and the order of the file", async () => {
    const hash = async (lines: string): Promise<string> =>
      studyIdentity(await studyOf(lines), facts).hash;
    const first = await hash(LINES);
    expect(await hash(`${LINES}\nname: other\nlimits: {time: 5s}`)).to.equal(first);
    expect(await hash(LINES.replace("64", "4096"))).to.equal(first);
    const turned =
      "parameters: {model.depth: {values: [1, 2]}, train.lr: {max: 1, min: 0.1}}\ntrials: 64";
    expect(await hash(turned)).to.equal(first);
    expect(await hash(LINES.replace("0.1", "0.2"))).to.not.equal(first);
  });

  it("depends on the task's numerics and on the data", async () => {
    const study = await studyOf(LINES);
    const hashes = [
      facts,
      { ...facts, numericsVersion: 2 },
      { ...facts, datasets: { "a.csv": "00" } },
    ].map((each) => studyIdentity(study, each).hash);
    expect(new Set(hashes).size).to.equal(3);
  });
});

describe("studyDifferences()", () => {
  it("gives one line a change, in the words of the file", async () => {
    const before = await studyOf(LINES);
    const after = await studyOf(
      `${LINES.replace("max: 1}", "max: 2}").replace("64", "128")}\nconfig: {train: {bits: 4}}`,
    );
    expect(studyDifferences(before, after)).to.deep.equal([
      "config.train.bits: 8 → 4",
      "parameters.train.lr.max: 1 → 2",
    ]);
    expect(studyDifferences(before, { ...before, trials: 1, name: "x" })).to.deep.equal([]);
  });

  it("compares facts where they are given", async () => {
    const study = await studyOf(LINES);
    const after = { numericsVersion: 2, datasets: { "a.csv": "0123456789abcdef" } };
    expect(studyDifferences(study, study, { before: facts, after })).to.deep.equal([
      "numericsVersion: 1 → 2",
      'contents of a.csv: not set → "sha256 0123456789ab…"',
    ]);
  });
});
