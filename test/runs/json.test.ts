// Canonical JSON against published vectors, and numbers that JSON does not have.

import { expect } from "chai";
import { configHash, differences } from "../../src/runs/identity.js";
import { sha256 } from "../../src/runs/files.js";
import { canonicalJson, fromJson, toJson } from "../../src/runs/json.js";

describe("canonicalJson()", () => {
  it("sorts keys and writes numbers as RFC 8785 does", () => {
    expect(canonicalJson({ b: 1e21, a: 1e-7, c: -0 })).to.equal('{"a":1e-7,"b":1e+21,"c":0}');
    expect(canonicalJson([null, "é\n", true, { x: [] }])).to.equal('[null,"é\\n",true,{"x":[]}]');
  });

  it("gives the hash that was worked out for it elsewhere", () => {
    const study = {
      sampler: { seed: 7, method: "random" },
      format: 1,
      model: { qubits: 2, kind: "dqgan" },
      metric: { name: "loss", goal: "minimize" },
      parameters: {
        lr: { max: 0.1, min: 0.0001, distribution: "log_uniform_values" },
        depth: { values: [2, 3, 4] },
        gamma: { min: 0, max: 1 },
      },
    };
    expect(sha256(canonicalJson(study))).to.equal(
      "438254c2d9667e1cc431061f6921e20baab52160b8ea687a2f7a1e88b8547fca",
    );
  });

  it("refuses numbers that are not finite", () => {
    expect(() => canonicalJson({ a: [Number.NaN] })).to.throw(
      /must hold finite numbers only, but holds NaN/,
    );
  });
});

describe("toJson()", () => {
  it("carries NaN and infinities as strings and back", () => {
    const values = { a: [1, NaN, -Infinity], b: Infinity, c: new Float32Array([0.5]) };
    expect(toJson(values)).to.equal('{"a":[1,"NaN","-Infinity"],"b":"Infinity","c":[0.5]}');
    expect(fromJson(toJson(values))).to.deep.equal({ ...values, c: [0.5] });
  });
});

describe("configHash()", () => {
  const identity = { task: "t", config: { a: 1, b: { c: [1, 2] } }, data: { "x.csv": "00" } };

  it("does not depend on the order of keys and depends on every value", () => {
    const same = { data: { "x.csv": "00" }, config: { b: { c: [1, 2] }, a: 1 }, task: "t" };
    expect(configHash(same)).to.equal(configHash(identity));
    for (const other of [
      { ...identity, task: "u" },
      { ...identity, config: { a: 1, b: { c: [2, 1] } } },
      { ...identity, data: { "x.csv": "01" } },
    ]) {
      expect(configHash(other)).to.not.equal(configHash(identity));
    }
  });

  it("has differences that name the key and both values", () => {
    const other = { task: "t", config: { a: 2, b: { c: [1], d: null } }, data: { "x.csv": "01" } };
    expect(differences(identity, other)).to.deep.equal([
      "a: 1 → 2",
      "b.c: [1,2] → [1]",
      "b.d: not set → null",
      'contents of x.csv: "sha256 00…" → "sha256 01…"',
    ]);
    expect(differences(identity, identity)).to.deep.equal([]);
  });
});
