// Rows of a tiny DQGAN: bits of a trial in any micro-batch, replicas that diverge, and what a probe says.

import { expect } from "chai";
import { useBackend } from "../../src/backend.js";
import { dqgan } from "../../src/models/dqgan/index.js";
import { memoryLimits, probeMemory } from "../../src/sweeps/execution/memory-probe.js";
import { runRows, type RowsResult } from "../../src/sweeps/execution/run-rows.js";
import { taskOf } from "../../src/sweeps/execution/task.js";
import { trialAt } from "../../src/sweeps/plan/trials.js";
import { studyIdentity } from "../../src/sweeps/study/index.js";
import type { Parameter, Study, Trial } from "../../src/sweeps/types.js";

const task = taskOf(dqgan);

const RATES: Parameter = { kind: "real", scale: "log", min: 1e-3, max: 0.1, isStatic: false };

function studyOf(rates: Parameter = RATES): Study {
  return {
    format: 1,
    name: "tiny",
    task: "dqgan.train",
    config: {
      model: { heads: 2 },
      train: { batch: 8, evaluateEvery: 0 },
      evaluate: { validation: 100 },
    },
    metrics: [{ name: "jointDistance", goal: "minimize" }],
    method: "random",
    seed: 3,
    trials: 64,
    replicates: 1,
    parameters: {
      "train.generatorRate": rates,
      "model.latentStd": { kind: "real", scale: "linear", min: 0.1, max: 1, isStatic: false },
    },
    budget: { unit: "step", min: 20, max: 20 },
    halving: null,
    limits: {},
  };
}

function trialsOf(study: Study, n: number): Trial[] {
  const identity = studyIdentity(study, { numericsVersion: 1, datasets: {} });
  return Array.from({ length: n }, (_, i) => trialAt(study, identity, i));
}

const run = (study: Study, n: number, microBatch: number): Promise<RowsResult> =>
  runRows({
    task,
    study,
    block: { budget: 20 },
    trials: trialsOf(study, n),
    pauses: [],
    microBatch,
    keep: 0,
    onProgress: () => undefined,
    stopping: () => false,
  });

for (const backend of ["cpu", "wasm"] as const) {
  describe(`rows of a DQGAN on ${backend}`, function () {
    this.timeout(60_000);
    before(() => useBackend(backend, { threads: 1 }));

    it("have the same bits in micro-batches of 1, 7 and 64", async () => {
      const study = studyOf();
      const n = backend === "wasm" ? 64 : 8;
      const whole = await run(study, n, 64);
      expect(whole.rows.map(({ s }) => s)).to.deep.equal(whole.rows.map(() => "ok"));
      expect(new Set(whole.rows.map(({ m }) => m["losses.generator"])).size).to.equal(n);
      for (const microBatch of [1, 7]) {
        const parts = await run(study, Math.min(n, 12), microBatch);
        expect(parts.rows).to.deep.equal(whole.rows.slice(0, 12));
      }
    });

    it("end as diverged with the same step alone and beside others", async () => {
      // 1e39 is infinite in float32.
      const values = [0.01, 1e39];
      const study = studyOf({ kind: "choice", values, isStatic: false });
      const whole = await run(study, 8, 8);
      const lost = whole.rows.filter(({ s }) => s === "diverged");
      expect(lost.length).to.be.within(1, 7);
      for (const { n, why, v, p } of lost) {
        expect(p["train.generatorRate"]).to.equal(1e39);
        expect([why, v]).to.deep.equal([`not finite at step ${String(n)}`, null]);
      }
      expect((await run(study, 8, 1)).rows).to.deep.equal(whole.rows);
    });
  });
}

describe("probeMemory()", function () {
  this.timeout(30_000);

  it("finds more bytes in 16 replicas than in 8, and that a small population fits", async () => {
    await useBackend("wasm", { threads: 1 });
    const study = studyOf();
    const found = await probeMemory(task, study, trialsOf(study, 64), memoryLimits("wasm", 2));
    const [a, b] = found.footprints;
    expect([a!.rows, b!.rows, found.microBatch]).to.deep.equal([8, 16, 64]);
    expect(b!.bytes).to.be.greaterThan(a!.bytes);
    expect(found.limits.bytes).to.be.at.most(4 * 2 ** 30);
    // A device with room for 20 rows holds 16.
    const perRow = (b!.bytes - a!.bytes) / 8;
    const bytes = (a!.bytes + 12.5 * perRow) / 0.8;
    const tight = await probeMemory(task, study, trialsOf(study, 64), { bytes, largest: 2 ** 31 });
    expect(tight.microBatch).to.equal(16);
  });
});
