// The small parts of executing a sweep, each against its definition.

import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTally, workOf } from "../../src/cli/sweep/tally.js";
import { grouped, rowRate, sweepWords } from "../../src/cli/sweep/readings.js";
import { createQueue } from "../../src/sweeps/engines/block-queue.js";
import { createBlockRunner } from "../../src/sweeps/execution/block-runner.js";
import { readPartial, writePartial } from "../../src/sweeps/execution/checkpoint.js";
import { configurationOf } from "../../src/sweeps/execution/configuration.js";
import { fitting, machineMemory, probeMemory } from "../../src/sweeps/execution/memory-probe.js";
import { endedOutOfMemory, isOutOfMemory } from "../../src/sweeps/execution/out-of-memory.js";
import { deathTie } from "../../src/sweeps/execution/parent.js";
import { modelOfTask, taskOf } from "../../src/sweeps/execution/task.js";
import type { Done, Progress } from "../../src/sweeps/execution/messages.js";
import { blockOf } from "../../src/sweeps/plan/blocks.js";
import { trialAt } from "../../src/sweeps/plan/trials.js";
import type { Scan } from "../../src/sweeps/store/index.js";
import type { Block, Study, Trial } from "../../src/sweeps/types.js";
import { counter } from "../support/counter.js";
import { swarm } from "../support/swarm.js";
import { withFolder } from "../support/cli.js";
import { choice, swarmIdentity, swarmStudy } from "../support/swarm-study.js";

const trials = (study: Study, n: number): Trial[] =>
  Array.from({ length: n }, (_, i) => trialAt(study, swarmIdentity(study), i));

describe("configurationOf()", () => {
  it("sets static values once, dynamic ones and seeds by row, and the steps of the budget", () => {
    const study = swarmStudy({
      config: { model: { shift: 0.5 }, train: { reportEvery: 2 } },
      parameters: {
        "model.size": choice([3], true),
        "model.rate": { kind: "real", scale: "linear", min: 3, max: 4, isStatic: false },
      },
    });
    const rows = trials(study, 2);
    expect(configurationOf(taskOf(swarm), study, rows)).to.deep.equal({
      seed: rows.map(({ seed }) => seed),
      replicas: 2,
      model: { shift: 0.5, size: 3, rate: rows.map(({ values }) => values[0]) },
      train: { reportEvery: 2, steps: 40 },
    });
  });

  it("leaves inactive parameters to what the configuration says without them", () => {
    const study = swarmStudy({
      method: "grid",
      config: { model: { shift: 0.25 } },
      parameters: {
        "faults.kind": choice([0, 1]),
        "model.shift": { ...choice([0.5]), when: { "faults.kind": [1] } },
        "model.rate": { ...choice([3.5]), when: { "faults.kind": [1] } },
      },
      trials: 2,
    });
    const [first, second] = trials(study, 2);
    const { model } = configurationOf(taskOf(swarm), study, [first!, second!]);
    // 3.999 is the default of the schema.
    expect(model).to.deep.equal({ shift: [0.25, 0.5], rate: [3.999, 3.5] });
    const alone = configurationOf(taskOf(swarm), study, [first!]);
    expect(alone["model"]).to.deep.equal({ shift: 0.25 });
  });

  it("writes plain values for a model without a population", () => {
    const task = taskOf(counter);
    expect([task.mostRows, task.isPopulation]).to.deep.equal([1, false]);
    const study = swarmStudy({ parameters: { "train.rate": choice([0.5]) } });
    const [trial] = trials(study, 1);
    expect(configurationOf(task, study, [trial!])).to.deep.equal({
      seed: trial!.seed,
      train: { steps: 40, rate: 0.5 },
    });
  });

  it("takes tasks of the form <model>.train only", () => {
    expect(modelOfTask("hybrid-qgan.train")).to.equal("hybrid-qgan");
    expect(() => modelOfTask("dqgan")).to.throw('must be <model>.train, but is "dqgan"');
  });
});

describe("fitting()", () => {
  const limits = { bytes: 1000, largest: 1e9 };
  const two = (a: number, b: number, largest = 1) =>
    [
      { rows: 8, bytes: a, largest },
      { rows: 16, bytes: b, largest: 2 * largest },
    ] as const;

  it("is the largest power of two with a + bB ≤ 0.8 of the limit", () => {
    // a = 100, b = 10: 100 + 10 B ≤ 800 holds up to 70.
    expect(fitting(two(180, 260), limits, 1024)).to.equal(64);
    expect(fitting(two(180, 260), limits, 32)).to.equal(32);
    // a = 0, b = 100: up to 8.
    expect(fitting(two(800, 1600), limits, 1024)).to.equal(8);
    expect(fitting(two(80_000, 160_000), limits, 1024)).to.equal(1);
  });

  it("keeps every tensor below the cap of the device", () => {
    expect(fitting(two(8, 16, 80), { bytes: 1e9, largest: 500 }, 1024)).to.equal(32);
  });

  it("takes memory from a container where that is less", () =>
    withFolder(async (folder) => {
      const file = join(folder, "memory.max");
      writeFileSync(file, "4096\n");
      expect(machineMemory(file, 10_000)).to.equal(4096);
      writeFileSync(file, "max\n");
      expect(machineMemory(file, 10_000)).to.equal(10_000);
      expect(machineMemory(join(folder, "none"), 10_000)).to.equal(10_000);
    }));

  it("falls back to one row where the probe itself runs out of memory", async () => {
    const study = swarmStudy({ config: { faults: { mostReplicas: 8 } }, parameters: {} });
    const found = await probeMemory(taskOf(swarm), study, trials(study, 64), limits);
    expect([found.microBatch, found.footprints]).to.deep.equal([1, []]);
  });
});

describe("createBlockRunner()", () => {
  const runner = (study: ReturnType<typeof swarmStudy>) =>
    createBlockRunner({
      ...{ task: taskOf(swarm), study, identity: swarmIdentity(study), folder: "/nowhere" },
      ...{ backend: "cpu", workers: 1 },
    });
  const whole = (study: ReturnType<typeof swarmStudy>) =>
    blockOf(swarmIdentity(study), {
      ...{ cohort: 0, group: "{}", rung: 0, budget: study.budget.max, generation: 0 },
      trials: Array.from({ length: study.trials }, (_, i) => i),
    });
  const how = { microBatch: null, pruned: [], best: 0, fresh: true } as const;

  it("runs a block whose first rows diverge or fail where its memory is probed", async () => {
    for (const [faults, status] of [
      [{ divergeAt: 1 }, "diverged"],
      [{ kind: 1, at: 1 }, "error"],
    ] as const) {
      const study = swarmStudy({ config: { faults }, parameters: {}, trials: 20 });
      const { rows } = await runner(study).run(whole(study), {
        ...how,
        onProgress: () => undefined,
        stopping: () => false,
      });
      expect(rows.map(({ s }) => s)).to.deep.equal(Array.from({ length: 20 }, () => status));
    }
  });

  it("says why it could not measure what rows take", async () => {
    const study = swarmStudy({
      config: { faults: { kind: 1, at: 1 } },
      parameters: {},
      trials: 20,
    });
    const { memory, times } = await runner(study).probe(whole(study));
    expect(memory.failure).to.contain("this replica cannot be trained");
    expect([memory.microBatch, times]).to.deep.equal([20, []]);
  });
});

describe("isOutOfMemory()", () => {
  for (const error of [
    new Error("OOM when allocating tensor with shape[1024,1024]"),
    new Error("RESOURCE_EXHAUSTED: failed to allocate"),
    new RangeError("Array buffer allocation failed"),
    new RangeError("offset is out of bounds"),
    new RangeError("Invalid typed array length: 9007199254740992"),
    new RangeError("host kernels: a call needs 9 bytes, more than the 8 of a 32-bit memory."),
    new RangeError("Invalid string length"),
  ])
    it(`knows "${error.message}"`, () => {
      expect(isOutOfMemory(error)).to.equal(true);
    });

  it("takes no other error for a shortage", () => {
    expect(isOutOfMemory(new Error("offset is out of bounds"))).to.equal(false);
    expect(isOutOfMemory(new RangeError("Invalid array length"))).to.equal(false);
    expect(isOutOfMemory("OOM when allocating")).to.equal(false);
  });

  it("knows the ends of processes that ran out of memory", () => {
    const end = { code: null, signal: null, tail: "", killedForMemory: false };
    const heap =
      "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory";
    expect(endedOutOfMemory({ ...end, code: 134, tail: heap })).to.equal(true);
    expect(endedOutOfMemory({ ...end, signal: "SIGABRT", tail: heap })).to.equal(true);
    expect(endedOutOfMemory({ ...end, signal: "SIGABRT" })).to.equal(false);
    expect(endedOutOfMemory({ ...end, signal: "SIGKILL", killedForMemory: true })).to.equal(true);
    expect(endedOutOfMemory({ ...end, signal: "SIGKILL" })).to.equal(false);
    expect(endedOutOfMemory({ ...end, code: 1 })).to.equal(false);
  });
});

describe("deathTie()", () => {
  it("is setpriv on Linux where it can be found, and nothing elsewhere", () => {
    expect(deathTie("darwin")).to.equal(undefined);
    const tie = deathTie("linux");
    if (tie !== undefined) expect(tie.slice(1)).to.deep.equal(["--pdeathsig", "KILL", "--"]);
  });
});

const block = (id: string, cohort: number, rung = 0): Block => ({
  id,
  cohort,
  group: "{}",
  rung,
  budget: 1,
  generation: 0,
  trials: [0, 1],
});

describe("createQueue()", () => {
  it("hands out each block once, lazily, and ends", async () => {
    let made = 0;
    const committed = new Set<string>();
    const queue = createQueue(function* () {
      for (const id of ["a", "b", "c"].filter((name) => !committed.has(name))) {
        made++;
        yield block(id, 0);
      }
    });
    const first = await queue.next();
    expect([first?.id, made]).to.deep.equal(["a", 1]);
    const second = await queue.next();
    const third = await queue.next();
    expect([second?.id, third?.id]).to.deep.equal(["b", "c"]);
    const last = queue.next();
    for (const one of [first!, second!, third!]) {
      committed.add(one.id);
      queue.done(one);
    }
    expect(await last).to.equal(undefined);
  });

  it("offers the next rung of one cohort while another one still runs", async () => {
    const done = new Set<string>();
    const queue = createQueue(function* () {
      if (!done.has("a0")) yield block("a0", 0);
      else if (!done.has("a1")) yield block("a1", 0, 1);
      if (!done.has("b0")) yield block("b0", 1);
    });
    const a0 = (await queue.next())!;
    const b0 = (await queue.next())!;
    const waiting = queue.next();
    done.add("a0");
    queue.done(a0);
    const a1 = (await waiting)!;
    expect([b0.id, a1.id]).to.deep.equal(["b0", "a1"]);
    done.add("a1").add("b0");
    queue.done(b0);
    queue.done(a1);
    expect(await queue.next()).to.equal(undefined);
  });

  it("holds blocks back while paused, and hands out nothing once closed", async () => {
    const queue = createQueue(() => [block("a", 0)]);
    queue.pause(true);
    let got: Block | undefined;
    const waiting = queue.next().then((found) => (got = found));
    await new Promise((resolve) => setImmediate(resolve));
    expect(got).to.equal(undefined);
    queue.pause(false);
    expect((await waiting)?.id).to.equal("a");
    queue.close();
    expect(await queue.next()).to.equal(undefined);
  });
});

describe("writePartial()", () => {
  it("keeps populations and rows to the bit, and notices any change", () =>
    withFolder(async (folder) => {
      const study = swarmStudy();
      const rows = trials(study, 5);
      const path = join(folder, "p.safetensors");
      const snapshot = {
        step: 8,
        tensors: { x: { shape: [2, 1], values: Float32Array.of(0.1, NaN) } },
      };
      const partial = {
        rows: [{ t: 4, s: "diverged", v: null, m: {}, n: 4, p: { a: null } }],
        populations: [
          { trials: rows.slice(0, 2), snapshot, probes: new Map([[1, 0.5]]) },
          { trials: rows.slice(2, 4), snapshot: null, probes: new Map<number, number>() },
        ],
        kept: [],
      } as const;
      writePartial(path, partial);
      expect(readPartial(path, (i) => rows[i]!)).to.deep.equal(partial);
      const { readFileSync } = await import("node:fs");
      const bytes = readFileSync(path);
      for (const at of [40, Math.floor(bytes.length / 2), bytes.length - 1]) {
        const flipped = Buffer.from(bytes);
        flipped[at]! ^= 1;
        writeFileSync(path, flipped);
        expect(() => readPartial(path, (i) => rows[i]!), String(at)).to.throw();
      }
    }));
});

describe("createTally()", () => {
  const scan = { rungs: [] } as unknown as Scan;
  const done = (batch: string, ok: number, best: Done["best"]): Done => ({
    kind: "done",
    batch,
    outcome: "committed",
    counts: { ok, diverged: 1, pruned: 0, error: 0 },
    best,
    microBatch: 8,
    seconds: 1,
    why: null,
  });
  const progress = (batch: string, part: number, rows: number): Progress => ({
    kind: "progress",
    batch,
    rung: 0,
    rows,
    step: 1,
    part,
    alive: rows,
    microBatch: rows,
    value: null,
    memory: 1,
  });

  it("counts rows, work in progress and the best trial, and estimates after three batches", () => {
    let now = 0;
    const study = swarmStudy({ trials: 100 });
    const tally = createTally(study, scan, () => now);
    const rows = Array.from({ length: 10 }, (_, i) => i);
    tally.progress(0, progress("a", 0.5, 10));
    expect(tally.now()).to.deep.include({ rows: 0, total: 100, part: 0.05 });
    for (const [k, id] of ["a", "b", "c"].entries()) {
      now += 2;
      expect(tally.now().remaining).to.equal(undefined);
      tally.done({ id, rung: 0, trials: rows }, done(id, 9, [k, 1 / (k + 1)]));
    }
    const standing = tally.now();
    expect(standing).to.deep.include({ rows: 30, part: 0.3, rung: 0, rungs: 1 });
    expect(standing.counts).to.deep.equal({ ok: 27, diverged: 3, pruned: 0, error: 0 });
    expect(standing.best![0]).to.equal(2);
    // Ten rows in two seconds, less the half of a block that was done when the clock began.
    expect(standing.rate).to.be.within(4, 5);
    expect(standing.remaining).to.be.within(70 / 5, 70 / 4);
    expect(sweepWords("s", standing).join(" ")).to.match(
      /^s 30 % 30\/100 rows 4\.\d\/s ok 27 div 3 best 0\.3333 \(#2\) ETA 1\d s$/,
    );
  });

  it("knows the work of halving", () => {
    const study = swarmStudy({
      trials: 1024,
      budget: { unit: "step", min: 10, max: 1000 },
      halving: { eta: 4, cohort: 512, scope: "group" },
    });
    // Two cohorts of (512, 10) (128, 40) (32, 160) (8, 640) (2, 1000), where survivors continue:
    // 512·10 + 128·30 + 32·120 + 8·480 + 2·360 steps.
    expect(workOf(study)).to.deep.equal({ rows: 2 * 682, steps: 2 * 17_360 });
  });

  it("writes numbers for people", () => {
    expect([grouped(98_304), grouped(999), grouped(1_234_567)]).to.deep.equal([
      "98 304",
      "999",
      "1 234 567",
    ]);
    expect([rowRate(3100), rowRate(12.3), rowRate(0.25)]).to.deep.equal([
      "3.1 k/s",
      "12/s",
      "0.25/s",
    ]);
  });
});
