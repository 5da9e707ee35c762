// Rows of a block: the same in any micro-batch, whatever fails beside them, and however often they are interrupted.

import { expect } from "chai";
import { BackendError } from "../../src/errors.js";
import { cut, newPopulation } from "../../src/sweeps/execution/population.js";
import { runRows, type RowsRequest, type RowsResult } from "../../src/sweeps/execution/run-rows.js";
import { taskOf } from "../../src/sweeps/execution/task.js";
import { trialAt } from "../../src/sweeps/plan/trials.js";
import type { Study } from "../../src/sweeps/types.js";
import { swarm } from "../support/swarm.js";
import { choice, swarmIdentity, swarmStudy } from "../support/swarm-study.js";

const task = taskOf(swarm);

// One group: sizes are static and stand in the configuration.
function study(change: Partial<Study> = {}, more: Study["parameters"] = {}): Study {
  const { parameters } = swarmStudy();
  const { "model.size": _size, ...dynamic } = parameters;
  return swarmStudy({ parameters: { ...dynamic, ...more }, ...change });
}

function request(study: Study, rows: number, change: Partial<RowsRequest> = {}): RowsRequest {
  const identity = swarmIdentity(study);
  return {
    task,
    study,
    block: { budget: study.budget.max },
    trials: Array.from({ length: rows }, (_, i) => trialAt(study, identity, i)),
    pauses: [],
    microBatch: 64,
    keep: 0,
    onProgress: () => undefined,
    stopping: () => false,
    ...change,
  };
}

const run = (study: Study, rows: number, change: Partial<RowsRequest> = {}): Promise<RowsResult> =>
  runRows(request(study, rows, change));

describe("runRows()", () => {
  it("gives rows the same bits in micro-batches of 1, 7 and 64", async () => {
    const whole = await run(study(), 64);
    expect(whole.rows).to.have.length(64);
    expect(whole.rows.every(({ s, n }) => s === "ok" && n === 40)).to.equal(true);
    expect(new Set(whole.rows.map(({ v }) => v)).size).to.equal(64);
    for (const microBatch of [1, 7])
      expect((await run(study(), 64, { microBatch })).rows).to.deep.equal(whole.rows);
  });

  it("names metrics, losses, parameters and the first loss after 16 steps", async () => {
    const { rows } = await run(study(), 2);
    const [row] = rows;
    expect(Object.keys(row!.m)).to.deep.equal(["distance", "losses.sum"]);
    expect(row!.v).to.equal(row!.m["distance"]);
    expect(Object.keys(row!.p)).to.deep.equal(["model.rate", "model.shift"]);
    const short = await run(study({ config: { train: { reportEvery: 1 } } }), 2, {
      block: { budget: 16 },
    });
    const [early] = short.rows;
    expect(early!.probe).to.equal(early!.m["losses.sum"]);
    expect(row!.probe).to.be.a("number").and.not.equal(row!.m["losses.sum"]);
  });

  it("ends replicas that diverge as rows, alone or beside others, with their step", async () => {
    const parameters = { "faults.divergeAt": choice([0, 1, 9]) };
    const whole = await run(study({}, parameters), 40);
    const lost = whole.rows.filter(({ s }) => s === "diverged");
    expect(lost.length).to.be.within(15, 35);
    for (const { p, n, v, m, why } of lost) {
      // The event at or after the step: there is one every 4 steps.
      expect(n).to.equal(p["faults.divergeAt"] === 1 ? 4 : 12);
      expect([v, m, why]).to.deep.equal([null, {}, `not finite at step ${String(n)}`]);
    }
    for (const microBatch of [1, 7])
      expect((await run(study({}, parameters), 40, { microBatch })).rows).to.deep.equal(whole.rows);
  });

  it("compacts a population of which half has diverged", async () => {
    const sizes: number[] = [];
    const parameters = { "faults.divergeAt": choice([0, 5, 5]) };
    const spied = taskOf({
      ...swarm,
      train: (config, options) => {
        sizes.push((config as { replicas: number }).replicas);
        return swarm.train(config as never, options);
      },
    });
    const { rows } = await run(study({}, parameters), 32, { task: spied });
    const alive = rows.filter(({ s }) => s === "ok").length;
    expect(alive).to.be.within(1, 16);
    expect(sizes).to.deep.equal([32, alive]);
  });

  it("halves the micro-batch when memory runs out, and goes on", async () => {
    const tight = study({ config: { faults: { mostReplicas: 8 } } });
    const seen: number[] = [];
    const done = await run(tight, 30, { onProgress: ({ training }) => seen.push(training) });
    expect(done.microBatch).to.equal(8);
    expect(Math.max(...seen)).to.be.at.most(8);
    expect(done.rows).to.deep.equal(
      (await run(study(), 30)).rows.map((row, i) => ({ ...done.rows[i], t: row.t })),
    );
    expect(done.rows.every(({ s }) => s === "ok")).to.equal(true);
    const none = await run(study({ config: { faults: { mostReplicas: 0 } } }), 3);
    expect(none.rows.map(({ s, why }) => [s, why])).to.deep.equal(
      Array.from({ length: 3 }, () => ["error", "RangeError: Array buffer allocation failed"]),
    );
  });

  it("finds the rows that fail and keeps the others", async () => {
    const parameters = { "faults.kind": choice([0, 0, 0, 1]) };
    const { rows } = await run(study({}, parameters), 40);
    const failed = rows.filter(({ s }) => s === "error");
    expect(failed.length).to.be.within(2, 20);
    for (const { p, why, v } of failed)
      expect([p["faults.kind"], why, v]).to.deep.equal([
        1,
        "Error: swarm: this replica cannot be trained",
        null,
      ]);
    expect(rows.filter(({ s }) => s === "ok").every(({ p }) => p["faults.kind"] === 0)).to.equal(
      true,
    );
    expect(rows.map(({ t }) => t)).to.deep.equal(rows.map((_, i) => i));
  });

  it("does not blame rows for a backend that is gone or a metric that is not measured", async () => {
    let error: unknown;
    await run(study({ config: { faults: { backendGone: true } } }), 3).catch(
      (e: unknown) => (error = e),
    );
    expect(error).to.be.instanceOf(BackendError);
    const metrics = [{ name: "distanse", goal: "minimize" }] as const;
    await run(study({ metrics }), 3).catch((e: unknown) => (error = e));
    expect(String(error)).to.equal(
      'DataError: sweep: the metric of a study must be one that swarm.train measures, but is "distanse". It measures distance, losses.sum.',
    );
  });

  it("continues an interrupted block to the same rows, wherever it was", async () => {
    const parameters = { "faults.divergeAt": choice([0, 0, 9]) };
    const wanted = await run(study({}, parameters), 20, {
      microBatch: 7,
      keep: Number.POSITIVE_INFINITY,
    });
    for (const events of [1, 4, 10, 11, 25]) {
      let seen = 0;
      const stopping = (): boolean => ++seen >= events;
      const first = await run(study({}, parameters), 20, {
        microBatch: 7,
        keep: Number.POSITIVE_INFINITY,
        stopping,
      });
      expect(first.partial, String(events)).to.not.equal(null);
      const rest = await run(study({}, parameters), 20, {
        microBatch: 5,
        keep: Number.POSITIVE_INFINITY,
        resume: first.partial!,
      });
      expect(rest.rows).to.deep.equal(wanted.rows);
      const byTrial = (result: RowsResult): unknown =>
        cut(result.population!, 1)
          .map(({ trials, snapshot }) => [trials[0]!.index, snapshot])
          .sort((a, b) => Number(a[0]) - Number(b[0]));
      expect(byTrial(rest)).to.deep.equal(byTrial(wanted));
    }
  });

  it("keeps the best rows as they ended, in any micro-batch and after an interruption", async () => {
    const parameters = { "faults.divergeAt": choice([0, 0, 9]) };
    const best = (result: RowsResult): unknown =>
      cut(result.population!, 1)
        .map(({ trials, snapshot }) => [trials[0]!.index, snapshot] as const)
        .sort((a, b) => a[0] - b[0]);
    const all = await run(study({}, parameters), 20, { keep: Number.POSITIVE_INFINITY });
    const three = all.rows
      .filter(({ s }) => s === "ok")
      .sort((a, b) => a.v! - b.v!)
      .slice(0, 3)
      .map(({ t }) => t);
    const wanted = (best(all) as [number][]).filter(([trial]) => three.includes(trial));
    for (const microBatch of [3, 64])
      expect(best(await run(study({}, parameters), 20, { microBatch, keep: 3 }))).to.deep.equal(
        wanted,
      );
    let seen = 0;
    const stopping = (): boolean => ++seen >= 15;
    const first = await run(study({}, parameters), 20, { microBatch: 7, keep: 3, stopping });
    const resume = first.partial!;
    expect(resume.kept.reduce((sum, { trials }) => sum + trials.length, 0)).to.equal(3);
    expect(best(await run(study({}, parameters), 20, { keep: 3, resume }))).to.deep.equal(wanted);
    expect((await run(study(), 3)).population).to.equal(null);
  });

  it("pauses where an earlier rung ended, so that a lost checkpoint changes no bit", async () => {
    const first = await run(study(), 12, { block: { budget: 10 }, keep: Number.POSITIVE_INFINITY });
    const populations = [first.population!];
    const resume = { rows: [], populations, kept: [] };
    const continued = await run(study(), 12, { pauses: [10], resume });
    const anew = await run(study(), 12, { pauses: [10] });
    expect(anew.rows).to.deep.equal(continued.rows);
    expect(anew.rows.every(({ n }) => n === 40)).to.equal(true);
  });
});

describe("cut()", () => {
  it("cuts a population as evenly as can be", () => {
    const identity = swarmIdentity(swarmStudy());
    const trials = Array.from({ length: 10 }, (_, i) => trialAt(swarmStudy(), identity, i));
    const parts = cut(newPopulation(trials), 4);
    expect(parts.map((part) => part.trials.length)).to.deep.equal([3, 3, 4]);
    expect(parts.flatMap((part) => part.trials.map(({ index }) => index))).to.deep.equal(
      trials.map(({ index }) => index),
    );
  });
});
