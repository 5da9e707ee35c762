// The resolved configuration: precedence, origins, files with positions, suggestions.

import { expect } from "chai";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseValue } from "../../src/settings/value.js";
import { call, withFolder, type Outcome } from "../support/cli.js";

function write(folder: string, name: string, text: string): void {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  writeFileSync(join(folder, name), text);
}

function origin({ out }: Outcome, key: string): string | undefined {
  return new RegExp(`^ *${key}: (.*?) *# (.*)$`, "m").exec(out)?.slice(1).join(" # ");
}

describe("zenoflow config", () => {
  it("lets each source override the next, and says where a value came from", () =>
    withFolder(async (home) => {
      const cwd = join(home, "project", "deep");
      mkdirSync(cwd, { recursive: true });
      const env: Record<string, string> = { HOME: home };
      const argv = ["config", "counter", "--resolved"];
      const steps = async (more: readonly string[] = []) =>
        origin(await call([...argv, ...more], { cwd, env }), "steps");
      expect(await steps()).to.equal("20 # default");
      expect(await steps(["--preset", "quick"])).to.equal("5 # preset quick");
      write(home, ".config/zenoflow/config.yaml", "train:\n  steps: 6\n");
      expect(await steps(["--preset", "quick"])).to.match(/^6 # .*config\.yaml:2$/);
      env["XDG_CONFIG_HOME"] = join(home, "xdg");
      write(home, "xdg/zenoflow/config.yaml", "train:\n\n  steps: 7\n");
      expect(await steps()).to.match(/^7 # .*xdg\/zenoflow\/config\.yaml:3$/);
      write(home, "project/zenoflow.yaml", "train.steps: 8");
      expect(await steps()).to.match(/^8 # .*project\/zenoflow\.yaml:1$/);
      argv[1] = "my file.yaml";
      write(cwd, "my file.yaml", "task: counter\ntrain: {steps: 9}\n");
      expect(await steps()).to.equal("9 # my file.yaml:2");
      env["ZENOFLOW_TRAIN__STEPS"] = "10";
      expect(await steps()).to.equal("10 # env ZENOFLOW_TRAIN__STEPS");
      expect(await steps(["train.steps=11"])).to.equal("11 # flag");
      expect(await steps(["train.steps=11", "train.steps=12"])).to.equal("12 # flag");
    }));

  it("does not look for zenoflow.yaml above the root of the repository", () =>
    withFolder(async (folder) => {
      write(folder, "zenoflow.yaml", "size: 9");
      const cwd = join(folder, "repository", "inside");
      mkdirSync(cwd, { recursive: true });
      expect(origin(await call(["config", "counter", "--resolved"], { cwd }), "size")).to.match(
        /^9/,
      );
      mkdirSync(join(folder, "repository", ".git"));
      expect(origin(await call(["config", "counter", "--resolved"], { cwd }), "size")).to.equal(
        "3 # default",
      );
    }));

  it("takes task, preset and places from zenoflow.yaml, but not the keys of another model", () =>
    withFolder(async (cwd) => {
      write(cwd, "zenoflow.yaml", "task: counter\npreset: quick\nruns: elsewhere\nsize: 5\n");
      const own = await call(["config", "--resolved"], { cwd });
      expect(origin(own, "steps")).to.equal("5 # preset quick");
      expect(origin(own, "preset")).to.equal("quick # zenoflow.yaml:2");
      const other = await call(["config", "dqgan", "--resolved", "preset=robust"], { cwd });
      expect(other.err).to.equal("");
      expect(origin(other, "runs")).to.equal("elsewhere # zenoflow.yaml:3");
    }));

  it("finds every problem of a file at once, with line and column", () =>
    withFolder(async (cwd) => {
      write(
        cwd,
        "study.yaml",
        'task: counter\nseed: -1\nsiez: 4\ntrain:\n  steps: "100"\n  rate: [0.1, no]\n  schedule: cosin\n',
      );
      const { code, err } = await call(["train", "study.yaml"], { cwd });
      expect(code).to.equal(65);
      expect(err.split("\n").filter((line) => line.startsWith("zenoflow: error:"))).to.have.members(
        [
          "zenoflow: error: study.yaml:2:7 seed must be an integer ≥ 0, got -1",
          "zenoflow: error: study.yaml:3:7 unknown key 'siez' (did you mean size?)",
          'zenoflow: error: study.yaml:5:10 train.steps must be an integer ≥ 1, got text "100"',
          'zenoflow: error: study.yaml:6:9 train.rate must be a number > 0, or a list [a, b] of numbers > 0, at least 1, got [0.1,"no"]',
          'zenoflow: error: study.yaml:7:13 train.schedule must be cosine or constant, got text "cosin"',
        ],
      );
      expect(err).to.contain("hint: remove the quotes").and.contain("hint: did you mean cosine?");
    }));

  it("finds every problem of the syntax of a file", () =>
    withFolder(async (cwd) => {
      write(cwd, "bad.yaml", "task: counter\nseed: 1\nseed: 2\ntrain: [1\n");
      const { code, err } = await call(["config", "bad.yaml"], { cwd });
      expect(code).to.equal(65);
      expect(err).to.match(/bad\.yaml:3:1 Map keys must be unique/);
      expect(err).to.match(/bad\.yaml:\d+:\d+ Flow sequence/);
    }));

  it("says what a file must hold", () =>
    withFolder(async (cwd) => {
      write(cwd, "none.yaml", "seed: 1\n");
      write(cwd, "list.json", "[1]");
      write(cwd, "other.yaml", "seed: 1\ntask: countr\n");
      const none = await call(["train", "none.yaml"], { cwd });
      expect([none.code, none.err]).to.deep.equal([
        64,
        "zenoflow: error: the configuration file must name its model\n  hint: add a line: task: counter\n",
      ]);
      expect((await call(["train", "list.json"], { cwd })).err).to.contain(
        "must hold keys and values",
      );
      const other = await call(["train", "other.yaml"], { cwd });
      expect(other.code).to.equal(65);
      expect(other.err).to.contain("other.yaml:2:7 unknown model 'countr' (did you mean counter?)");
      expect((await call(["train", "gone.yaml"], { cwd })).code).to.equal(66);
    }));

  it("warns of unknown keys it was not pointed at, once each, and refuses them under --strict", () =>
    withFolder(async (cwd) => {
      write(cwd, "zenoflow.yaml", "train:\n  stepz: 3\n");
      const env = { ZENOFLOW_TRAIN__STEPSS: "4", ZENOFLOW_DATA_DIR: "/d", ZENOFLOW_RUNS: "r" };
      const loose = await call(["config", "counter"], { cwd, env });
      expect(loose.code).to.equal(0);
      expect(loose.err.match(/warning/g)).to.have.length(2);
      expect(loose.err).to.contain(
        "zenoflow.yaml:2:10 unknown key 'train.stepz' (did you mean train.steps?)",
      );
      expect(loose.err).to.contain(
        "ZENOFLOW_TRAIN__STEPSS fits no key (did you mean ZENOFLOW_TRAIN__STEPS?)",
      );
      const strict = await call(["config", "counter", "--strict"], { cwd, env });
      expect([strict.code, strict.out]).to.deep.equal([65, ""]);
    }));

  it("knows the variables that are no keys, and names the one that was meant", () =>
    withFolder(async (cwd) => {
      const known = { ZENOFLOW_WEBGPU_SOFTWARE: "1", ZENOFLOW_PYTHON: "python3" };
      const quiet = await call(["config", "counter", "--strict"], { cwd, env: known });
      expect([quiet.code, quiet.err]).to.deep.equal([0, ""]);
      const { err } = await call(["config", "counter"], { cwd, env: { ZENOFLOW_OFLINE: "1" } });
      expect(err).to.contain("ZENOFLOW_OFLINE fits no key (did you mean ZENOFLOW_OFFLINE?)");
    }));

  it("matches variables to keys without case and underscores", () =>
    withFolder(async (cwd) => {
      const env = {
        ZENOFLOW_TRAIN__REPORT_EVERY: "4",
        ZENOFLOW_train__divergeat: "9",
        ZENOFLOW_SEED: "5",
      };
      const found = await call(["config", "counter", "--resolved"], { cwd, env });
      expect(origin(found, "reportEvery")).to.equal("4 # env ZENOFLOW_TRAIN__REPORT_EVERY");
      expect(origin(found, "divergeAt")).to.equal("9 # env ZENOFLOW_train__divergeat");
      const bad = await call(["config", "counter"], { cwd, env: { ZENOFLOW_SEED: "x" } });
      expect([bad.code, bad.err]).to.deep.equal([
        64,
        'zenoflow: error: ZENOFLOW_SEED seed must be an integer ≥ 0, got text "x"\n',
      ]);
    }));

  it("prints a file that means the same when it is read again", () =>
    withFolder(async (cwd) => {
      const argv = [
        "config",
        "counter",
        "train.rate=[0.1, 1e-30]",
        "data.file=a: b.csv",
        "seed=7",
        "--json",
      ];
      const before = JSON.parse((await call(argv, { cwd })).out) as { config: unknown };
      write(cwd, "again.yaml", (await call(argv.slice(0, -1), { cwd })).out);
      const after = JSON.parse((await call(["config", "again.yaml", "--json"], { cwd })).out) as {
        config: unknown;
      };
      expect(after.config).to.deep.equal(before.config);
    }));

  it("prints meanings, presets and a JSON Schema with the reserved keys", async () => {
    expect((await call(["config", "counter"])).out).to.match(/^ {2}steps: 20 +# steps to count$/m);
    expect((await call(["config", "counter", "--presets"])).out).to.equal(
      "quick:\n  train.steps: 5\nbig:\n  size: 1000\n  train.steps: 8\n",
    );
    const schema = JSON.parse((await call(["config", "dqgan", "--schema"])).out) as {
      properties: Record<string, { description?: string }>;
    };
    expect(Object.keys(schema.properties)).to.include.members([
      "task",
      "preset",
      "backend",
      "seed",
      "train",
    ]);
    expect(schema.properties["seed"]?.description).to.contain("replica");
  });

  it("warns of a preset whose keys are all set elsewhere", () =>
    withFolder(async (cwd) => {
      write(cwd, "all.yaml", (await call(["config", "counter"], { cwd })).out);
      const { err } = await call(["config", "all.yaml", "--preset", "quick"], { cwd });
      expect(err).to.equal(
        "zenoflow: warning: preset quick changes nothing: all its keys are set elsewhere (train.steps: all.yaml:7)\n",
      );
    }));

  it("works without HOME and XDG variables", async () => {
    expect((await call(["config", "counter"], { env: {} })).code).to.equal(0);
  });
});

describe("parseValue()", () => {
  it("reads YAML values, and takes what is none as text", () => {
    const cases: readonly (readonly [text: string, value: unknown])[] = [
      ["1e-3", 0.001],
      ['"1"', "1"],
      ["adam", "adam"],
      ["nan", "nan"],
      ["true", true],
      ["null", null],
      ["", null],
      ["#x", null],
      ["[1, two]", [1, "two"]],
      ["{a: 1}", { a: 1 }],
      ["@x", "@x"],
      ["%x", "%x"],
      ["!x", "!x"],
      ["*x", "*x"],
      ["a: b: c", "a: b: c"],
      ["[1", "[1"],
    ];
    for (const [text, value] of cases) expect(parseValue(text), text).to.deep.equal(value);
    expect(parseValue(".nan")).to.satisfy(Number.isNaN);
  });
});
