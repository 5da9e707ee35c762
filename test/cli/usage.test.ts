// Help, version and wrong usage: what a newcomer meets first.

import { expect } from "chai";
import { readFileSync } from "node:fs";
import { explain } from "../../src/cli/explain.js";
import { call } from "../support/cli.js";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

const VERBS = [
  "train",
  "sample",
  "sample ising",
  "evaluate",
  "report",
  "plot",
  "export",
  "serve",
  "config",
  "data",
  "doctor",
  "bench",
  "completion",
];

describe("zenoflow", () => {
  it("prints help on stdout with no arguments, --help, -h and help", async () => {
    for (const argv of [[], ["--help"], ["-h"], ["help"]]) {
      const { code, out, err } = await call(argv);
      expect([code, err], argv.join()).to.deep.equal([0, ""]);
      expect(out).to.match(/^Usage: zenoflow/);
      for (const verb of VERBS) {
        expect(out).to.match(new RegExp(`^ {2}${verb} `, "m"));
      }
      expect(out).to.match(/75 {2}interrupted after a checkpoint/);
    }
  });

  it("prints the version of the package", async () => {
    expect(await call(["--version"])).to.deep.equal({ code: 0, out: `${version}\n`, err: "" });
    expect((await call(["-V"])).out).to.equal(`${version}\n`);
  });

  it("prints help on every verb within 80 columns, and names its flags", async () => {
    for (const verb of ["run", ...VERBS]) {
      const { code, out } = await call([verb, "--help"]);
      expect(code).to.equal(0);
      expect(
        out.split("\n").filter((line) => [...line].length > 80),
        verb,
      ).to.deep.equal([]);
      expect((await call(["help", verb])).out).to.equal(out);
    }
  });

  const wrong: readonly (readonly [argv: readonly string[], message: string])[] = [
    [["trian"], "unknown command 'trian' (did you mean train?)"],
    [["train", "counter", "--sed", "3"], "unknown option '--sed' (did you mean --seed?)"],
    [["train", "conter"], "unknown model 'conter' (did you mean counter?)"],
    [["train"], "a model or a configuration file is missing"],
    [["train", "counter", "--preset", "quik"], "unknown preset 'quik' (did you mean quick?)"],
    [
      ["train", "counter", "train.stepps=3"],
      "unknown key 'train.stepps' (did you mean train.steps?)",
    ],
    [["train", "counter", "steps=3"], "unknown key 'steps' (did you mean train.steps?)"],
    [["train", "counter", "constructor=3"], "unknown key 'constructor'"],
    [["train", "counter", "q=3"], "unknown key 'q'\n"],
    [["train", "counter", "-o", ""], "--output must not be empty"],
    [["train", "counter", "--data", " "], "--data must not be empty"],
    [["train", "counter", "--seed", "[1, 2]"], "seed must be an integer ≥ 0, got [1,2]"],
    [["train", "counter", "train.rate=0.1,0.2"], "  hint: write a list: [0.1,0.2]\n"],
    [["train", "counter", "train.rate=fast"], 'at least 1, got text "fast"\n'],
    [["train", "counter", "what"], "argument 'what' must have the form key=value"],
    [["train", "counter", "train.steps=1.5"], "train.steps must be an integer ≥ 1, got 1.5"],
    [
      ["train", "counter", "train.rate=.nan"],
      "train.rate must be a number > 0, or a list [a, b] of numbers > 0, at least 1, got NaN",
    ],
    [
      ["train", "counter", "train=3"],
      "train must be a group of keys (steps, reportEvery, delay, rate, schedule, divergeAt), got 3",
    ],
    [
      ["train", "counter", "--backend", "gpu"],
      'backend must be one of auto, wasm, webgpu, tensorflow, cpu, got text "gpu"',
    ],
    [["train", "counter", "--seed", "one"], 'seed must be an integer ≥ 0, got text "one"'],
    [
      ["train", "counter", "--progress", "loud"],
      "option '--progress <how>' argument 'loud' is invalid. Allowed choices are auto, plain, json, none",
    ],
    [
      ["train", "counter", "--checkpoint-every", "5"],
      "It must be a time or a number of steps: 10s, 5min, 1h, 500steps",
    ],
    [["sample", "a", "b"], "too many arguments for 'sample'. Expected 1 argument but got 2"],
    [["sample", "a", "-n", "-1"], "It must be an integer ≥ 0"],
    [["sample"], "missing required argument 'run'"],
    [["completion", "tcsh"], "Allowed choices are bash, zsh, fish"],
  ];

  for (const [argv, message] of wrong) {
    it(`answers "${argv.join(" ")}" with 64, the reason on stderr and nothing on stdout`, async () => {
      const { code, out, err } = await call(argv);
      expect(err).to.contain("zenoflow: error: ").and.contain(message);
      expect([code, out]).to.deep.equal([64, ""]);
    });
  }

  it("reports errors as one JSON document on stdout under --json, prose still on stderr", async () => {
    const { code, out, err } = await call([
      "train",
      "counter",
      "train.steps=x",
      "train.rate='1'",
      "--json",
    ]);
    const document = JSON.parse(out) as Record<string, unknown>;
    expect(document).to.include({ schema: "zenoflow.error/1", code: "E_USAGE", exit: 64 });
    expect(document["where"]).to.deep.equal({ path: "train.steps" });
    expect(document["problems"]).to.have.length(2);
    expect(err).to.contain("hint: remove the quotes");
    expect(code).to.equal(64);
  });

  it("takes a shortage of memory and a file that cannot be read for no bug", () => {
    const large = explain(new RangeError("Array buffer allocation failed"));
    expect(large.exit).to.equal(64);
    expect(large.message).to.match(/^this takes more memory than there is: Array/);
    const denied = Object.assign(new Error("EACCES"), {
      ...{ code: "EACCES", syscall: "open", path: "/data/a" },
    });
    expect([explain(denied).exit, explain(denied).message]).to.deep.equal([
      66,
      "/data/a cannot be read: permission denied",
    ]);
  });

  it("shows the stack of a bug only under --debug, and exits with 70", async () => {
    const models = {
      counter: {
        title: "",
        dataKeys: [],
        settings: () => Promise.reject(new TypeError("broken inside")),
        load: () => Promise.reject(new Error("never")),
      },
    };
    const plain = await call(["config", "counter"], { models });
    expect(plain.code).to.equal(70);
    expect(plain.err).to.contain("TypeError: broken inside").and.not.contain("    at ");
    expect((await call(["config", "counter", "-d"], { models })).err).to.contain("    at ");
  });
});
