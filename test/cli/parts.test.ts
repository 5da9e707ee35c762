// Small parts of the command line: suggestions, tables, ASCII, progress, doctor, bench, completion.

import { expect } from "chai";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { effectiveSteadyState } from "../../kernels/effective-steady-state/reference.js";
import { ascii } from "../../src/cli/ascii.js";
import { completionKeys } from "../../src/cli/completion/keys.js";
import { completionWords } from "../../src/cli/completion/keys-text.js";
import { KNOWN_PROBLEM, KNOWN_STATE } from "../../src/cli/doctor/backends.js";
import { nodeCheck } from "../../src/cli/doctor/node.js";
import {
  executorsCheck,
  hardLinksCheck,
  redisCheck,
  slurmCheck,
} from "../../src/cli/doctor/sweeps.js";
import { models } from "../../src/cli/models.js";
import { createProgress } from "../../src/cli/progress/progress.js";
import { createPace } from "../../src/cli/progress/rate.js";
import { median, rateText, readings } from "../../src/cli/progress/readings.js";
import { editDistance, nearest } from "../../src/settings/suggest.js";
import { duration, figure, table } from "../../src/cli/table.js";
import { createTerminal } from "../../src/cli/terminal.js";
import type { Io } from "../../src/cli/io.js";
import { BackendError } from "../../src/errors.js";
import { useBackend } from "../../src/backend.js";
import { call, capture, fakeBackend, withFolder } from "../support/cli.js";

describe("nearest()", () => {
  it("counts insertions, deletions, replacements and swaps of neighbours", () => {
    expect([
      editDistance("", "abc"),
      editDistance("ab", "ba"),
      editDistance("kitten", "sitting"),
    ]).to.deep.equal([3, 1, 3]);
  });

  it("suggests what is near, ignoring case, and nothing else", () => {
    expect(nearest("TRIAN", ["train", "sample"])).to.equal("train");
    expect(nearest("xyz", ["train", "sample"])).to.equal(undefined);
    expect(nearest("x", [])).to.equal(undefined);
  });
});

describe("table()", () => {
  it("aligns by what is seen, not by bytes and escape codes", () => {
    const text = table(
      ["a", "n"],
      [
        ["θ", "1"],
        ["\x1b[31mred\x1b[39m", "10"],
      ],
      { align: ["left", "right"] },
    );
    expect(text).to.equal("a     n\nθ     1\n\x1b[31mred\x1b[39m  10\n");
  });

  it("shows numbers with four digits and times in units people use", () => {
    expect([0.0123456, 1234567.8, 1e-9, 42, NaN].map(figure)).to.deep.equal([
      "0.01235",
      "1.235e+6",
      "1.000e-9",
      "42",
      "NaN",
    ]);
    expect([0.04, 7, 59.7, 125, 7300].map(duration)).to.deep.equal([
      "0.0 s",
      "7 s",
      "1 min 0 s",
      "2 min 5 s",
      "2 h 2 min",
    ]);
  });
});

describe("ascii()", () => {
  it("keeps the meaning and lets nothing else through", () => {
    expect(ascii("θ₁ ≥ π → é ☃")).to.equal("theta1 >= pi -> e ?");
  });

  it("is what --plain prints", async () => {
    const { err } = await call(["train", "counter", "train.steps=0", "--plain"]);
    expect(err).to.equal("zenoflow: error: train.steps must be an integer >= 1, got 0\n");
  });
});

describe("progress", () => {
  const event = (step: number, losses: Record<string, number[]> = { aLoss: [1, 3, 2] }) => ({
    step,
    steps: 100,
    losses,
    metrics: { jointDistance: [0.3, 0.1, NaN], jointFloor: [0.012, 0.012, 0.012] },
    snapshot: () => Promise.reject(new Error("unused")),
  });

  it("estimates after three events, with the speed of steps however they are grouped", () => {
    const pace = createPace();
    expect(pace(10, 100, 5)).to.deep.equal({ rate: undefined, remaining: undefined });
    expect(pace(20, 100, 6)).to.deep.equal({ rate: 10, remaining: undefined });
    expect(pace(30, 100, 7).remaining).to.equal(undefined);
    expect(pace(50, 100, 9).rate).to.be.closeTo(10, 1e-9);
    expect(pace(60, 100, 10).remaining).to.be.closeTo(4, 1e-9);
  });

  it("says the best distance beside its floor, medians of the losses, and how many diverged", () => {
    const words = readings("m", event(50), event(50).metrics, { rate: 1234, remaining: 61 });
    expect(words).to.deep.equal([
      "m",
      " 50 %",
      "50/100",
      "1.2 k steps/s",
      "ETA 1 min 1 s",
      "joint distance 0.1 (floor 0.012)",
      "a loss 2.000",
    ]);
    expect(
      readings("m", event(1, { a: [1, NaN, 3] }), undefined, {
        rate: undefined,
        remaining: undefined,
      }),
    ).to.deep.equal(["m", "  1 %", "1/100", "diverged 1", "a 2.000"]);
    expect([median([4, 1, 2, 3]), rateText(0.25), rateText(42)]).to.deep.equal([
      2.5,
      "0.25 steps/s",
      "42 steps/s",
    ]);
  });

  function show(
    mode: "auto" | "plain" | "json" | "none",
    columns: number | undefined,
    plain = false,
  ): string {
    const err = capture(columns === undefined ? undefined : { columns });
    const io: Io = {
      stdout: capture().stream,
      stderr: err.stream,
      env: {},
      cwd: "/",
      models: {},
      chooseBackend: fakeBackend,
      exit: () => undefined,
    };
    const terminal = createTerminal(io, {
      quiet: false,
      json: false,
      color: false,
      plain,
      debug: false,
    });
    const progress = createProgress(mode, "m", io, terminal);
    for (let step = 1; step <= 100; step++) progress.event(event(step));
    progress.done();
    return err.text();
  }

  it("draws at most ten times a second on a terminal, cut to its width, and cleans up", () => {
    const lines = show("auto", 30).split("\r\x1b[2K");
    expect(lines).to.deep.equal(["", "m    1 %  1/100", "m  100 %  100/100", ""]);
  });

  it("prints whole lines elsewhere and under --plain, the first and the last at once", () => {
    for (const text of [show("auto", undefined), show("plain", 80), show("auto", 80, true)]) {
      expect(text).to.match(/^\S+Z {2}m {4}1 % {2}1\/100 .*\n\S+Z {2}m {2}100 % {2}100\/100 .*\n$/);
    }
  });

  it("prints every event as JSON, or nothing", () => {
    const lines = show("json", 80).trimEnd().split("\n");
    expect(lines).to.have.length(100);
    expect(JSON.parse(lines[9] ?? "")).to.deep.include({
      step: 10,
      steps: 100,
      metrics: { jointDistance: [0.3, 0.1, "NaN"], jointFloor: [0.012, 0.012, 0.012] },
    });
    expect(show("none", 80)).to.equal("");
  });
});

describe("what doctor says of sweeps", () => {
  it("tries a hard link where sweeps are kept, and leaves nothing", () =>
    withFolder(async (cwd) => {
      expect(hardLinksCheck(join(cwd, "not/yet/there"))).to.deep.include({ status: "ok" });
      expect(readdirSync(cwd)).to.deep.equal([]);
    }));

  it("says how executors end with their supervisor", () => {
    expect(executorsCheck("darwin", {}).detail).to.contain("twice a second");
    expect(executorsCheck("linux", { PATH: "/nowhere" }).status).to.be.oneOf(["ok", "warn"]);
  });

  it("fails for a Redis that was named and cannot be reached, and shows no password", async () => {
    const env = { ZENOFLOW_REDIS: "redis://me:secret@127.0.0.1:1" };
    const found = await redisCheck({ env });
    expect(found.status).to.equal("fail");
    expect(found.detail).to.contain("redis://me:***@127.0.0.1:1").and.not.contain("secret");
    expect(found.hint).to.contain("start redis-server");
  });

  it("asks Slurm for its version and the size of its arrays", () =>
    withFolder(async (cwd) => {
      const env = { PATH: `${cwd}:/usr/bin:/bin` };
      const program = (name: string, text: string): void => {
        writeFileSync(join(cwd, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
      };
      expect((await slurmCheck({ env: { PATH: cwd } })).detail).to.contain("not on this machine");
      program("sbatch", "echo 'sbatch: fatal: no configuration' >&2; exit 1");
      expect((await slurmCheck({ env })).detail).to.equal(
        "sbatch is here without a cluster: no configuration",
      );
      program("sbatch", "echo slurm-wlm 22.05.8");
      program("scontrol", "exit 1");
      expect(await slurmCheck({ env })).to.deep.include({ status: "warn" });
      program("scontrol", "echo 'MaxArraySize            = 1001'");
      expect(await slurmCheck({ env })).to.deep.equal({
        name: "slurm",
        status: "ok",
        detail: "slurm-wlm 22.05.8, arrays of at most 1001 tasks",
      });
    }));
});

describe("zenoflow doctor", () => {
  it("checks against the float64 reference of the kernel", () => {
    expect(effectiveSteadyState(KNOWN_PROBLEM)).to.deep.equal(KNOWN_STATE);
  });

  it("finds this machine healthy, and optional parts absent without fault", () =>
    withFolder(async (cwd) => {
      const chooseBackend: Io["chooseBackend"] = (name, options) =>
        useBackend(name as "wasm", options);
      const { code, out } = await call(["doctor", "--json"], { cwd, chooseBackend });
      const { checks } = JSON.parse(out) as {
        checks: { name: string; status: string; detail: string }[];
      };
      const status = Object.fromEntries(checks.map((check) => [check.name, check.status]));
      expect(status).to.include({
        node: "ok",
        "backend wasm": "ok",
        "backend cpu": "ok",
        "host kernels": "ok",
        float32: "ok",
        patches: "ok",
        "run folder": "ok",
      });
      expect(code).to.equal(0);
    })).timeout(60_000);

  it("says what is missing for a backend, and fails where that one is asked for", () =>
    withFolder(async (cwd) => {
      const chooseBackend: Io["chooseBackend"] = (name, options) =>
        name === "webgpu"
          ? Promise.reject(
              new BackendError(
                "useBackend: backend `webgpu` needs the package webgpu. npm install webgpu",
              ),
            )
          : useBackend(name as "wasm", options);
      const { out } = await call(["doctor", "--json"], { cwd, chooseBackend });
      const { checks } = JSON.parse(out) as { checks: Record<string, string>[] };
      expect(checks.find(({ name }) => name === "backend webgpu")).to.deep.equal({
        name: "backend webgpu",
        status: "absent",
        detail: "needs the package webgpu",
        hint: "npm install webgpu",
      });
      const asked = await call(["doctor", "--backend", "webgpu"], { cwd, chooseBackend });
      expect(asked.code).to.equal(69);
    })).timeout(20_000);

  it("measures every backend on request, shows them beside wasm and keeps the numbers", () =>
    withFolder(async (cwd) => {
      const speed = {
        ...{ device: "host memory", software: false, threads: 2, firstResult: 900 },
        ...{ smallOp: 4, elementwise: 1, matMul: 50, conv: 20, kernels: { philox: 1e6 } },
      };
      const tensorflow = { ...speed, smallOp: 12, conv: 70, kernels: {} };
      const calibration = { date: "2026-01-02", backends: { tensorflow, wasm: speed } };
      const absent = { webgpu: "useBackend: backend `webgpu` needs the package webgpu." };
      const chooseBackend: Io["chooseBackend"] = (name, options) =>
        name === "tensorflow" || name === "webgpu"
          ? Promise.reject(new BackendError(`useBackend: backend \`${name}\` is not installed.`))
          : useBackend(name as "wasm", options);
      const options = {
        ...{ cwd, chooseBackend, env: { HOME: cwd } },
        calibrate: () => Promise.resolve({ calibration, absent }),
      };
      const { out, err } = await call(["doctor", "--calibrate"], options);
      expect(out).to.match(/^calibration +wasm +tensorflow$/m);
      expect(out).to.match(/^a small operation, µs +4 +12 \(×3\)$/m);
      expect(out).to.match(/^philox, samples\/s +1000000$/m);
      expect(err).to.include("webgpu was not measured");
      expect(out).to.match(/^faster +ok +tensorflow is not set up/m);
      const file = join(cwd, ".cache", "zenoflow", "calibration.json");
      expect(err).to.include(file);
      const kept = JSON.parse(readFileSync(file, "utf8")) as { machines: object };
      expect(Object.values(kept.machines)).to.deep.equal([calibration]);
      const json = await call(["doctor", "--calibrate", "--json"], options);
      expect(JSON.parse(json.out)).to.deep.include({ calibration, absent, file });
    })).timeout(60_000);

  it("knows which versions of Node are supported", () => {
    expect(
      ["20.18.3", "20.19.0", "22.12.0", "23.1.0"].map((version) => nodeCheck(version).status),
    ).to.deep.equal(["fail", "ok", "ok", "warn"]);
  });

  it("fails where runs cannot be written", () =>
    withFolder(async (cwd) => {
      writeFileSync(join(cwd, "file"), "");
      const broken = () => Promise.reject(new Error("no backend here"));
      const { code, out } = await call(["doctor", "--runs", "file/runs"], {
        cwd,
        chooseBackend: broken,
      });
      expect(code).to.equal(69);
      expect(out)
        .to.match(/run folder +fail .*cannot be written/)
        .and.match(/backend cpu +fail +no backend here/);
    }));
});

describe("zenoflow bench", () => {
  const rows = [
    { case: "a", "rate /s": 12345.678, ratio: null },
    { case: "b", "rate /s": 1, ratio: 2.5 },
  ];
  const benchSuites = async () => ({
    speed: {
      title: "how fast",
      run: async ({ profile, log }: { profile: string; log(line: string): void }) => {
        log(`profile ${profile}`);
        return { machine: { cpu: "this one", cores: 2 }, notes: ["one", "two"], rows };
      },
    },
    wrong: { title: "lies", run: () => Promise.reject(new Error("bench: off by 1")) },
  });

  it("lists suites, runs one, prints its rows and stores its report", () =>
    withFolder(async (cwd) => {
      expect((await call(["bench"], { benchSuites })).out).to.equal(
        "suite  title\nspeed  how fast\nwrong  lies\n",
      );
      const { code, out, err } = await call(["bench", "speed", "-o", "b.json"], {
        cwd,
        benchSuites,
      });
      expect([code, err]).to.deep.equal([0, "profile quick\n"]);
      expect(out).to.equal(
        "case  rate /s  ratio\na       12350\nb           1    2.5\n\nmachine: cpu this one, cores 2\nnotes: one\n  two\n",
      );
      const { out: json } = await call(["bench", "speed", "--json", "--profile", "full"], {
        benchSuites,
      });
      expect(JSON.parse(json)).to.deep.equal({
        schema: "zenoflow.bench/1",
        suite: "speed",
        profile: "full",
        machine: { cpu: "this one", cores: 2 },
        notes: ["one", "two"],
        rows,
      });
      expect((await call(["bench", "spede"], { benchSuites })).err).to.contain(
        "unknown suite 'spede' (did you mean speed?)",
      );
      const wrong = await call(["bench", "wrong"], { benchSuites });
      expect([wrong.code, wrong.err]).to.deep.equal([21, "zenoflow: error: bench: off by 1\n"]);
    }));
});

describe("zenoflow completion", () => {
  it("prints a script for each shell", async () => {
    for (const shell of ["bash", "zsh", "fish"]) {
      const { code, out } = await call(["completion", shell]);
      expect([code, out.includes("zenoflow __complete")]).to.deep.equal([0, true]);
    }
  });

  it("knows exactly the keys, values and presets of the schemas (npx tsx scripts/completion-keys.ts)", async () => {
    expect(completionKeys).to.deep.equal(await completionWords(models));
  });

  it("completes verbs, models, presets, flags, keys, values and runs", () =>
    withFolder(async (cwd) => {
      mkdirSync(join(cwd, "runs", "mine"), { recursive: true });
      writeFileSync(join(cwd, "runs", "mine", "manifest.json"), "{}");
      const words = async (...argv: string[]) =>
        (await call(["__complete", (argv.length - 1).toString(), ...argv], { cwd })).out
          .trim()
          .split("\n");
      expect(await words("tr")).to.deep.equal(["train"]);
      expect(await words("help", "do")).to.deep.equal(["doctor"]);
      expect(await words("train", "dq")).to.deep.equal(["dqgan"]);
      expect(await words("train", "dqgan", "--preset", "")).to.deep.equal([
        "robust",
        "robustUniform",
        "paper",
      ]);
      expect(await words("train", "dqgan", "--pr")).to.deep.equal(["--preset", "--progress"]);
      expect(await words("train", "dqgan", "--progress", "p")).to.deep.equal(["plain"]);
      expect(await words("train", "dqgan", "train.st")).to.deep.equal(["train.steps="]);
      expect(await words("config", "dqgan", "-d", "model.latent=n")).to.deep.equal([
        "model.latent=normal",
      ]);
      expect(await words("sample", "")).to.deep.equal(["latest", "runs/mine", "ising"]);
      expect(await words("completion", "z")).to.deep.equal(["zsh"]);
      expect(await words("nonsense", "")).to.deep.equal([""]);
    }));
});
