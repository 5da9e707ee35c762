// The local engine with executors in processes of their own: the same rows whatever happens to these processes.

import { expect } from "chai";
import { join } from "node:path";
import { readdirSync } from "node:fs";
import { TIMING } from "../../src/sweeps/engines/engine.js";
import { writeDesired } from "../../src/sweeps/store/index.js";
import { openSwarm, rowsOf, runSwarm } from "../support/swarm-sweep.js";
import { choice, swarmStudy } from "../support/swarm-study.js";
import { withFolder } from "../support/cli.js";

describe("the local engine", function () {
  this.timeout(60_000);

  it("runs a study to its end, and nothing twice", () =>
    withFolder(async (folder) => {
      const store = openSwarm(join(folder, "one"), swarmStudy());
      const ran = await runSwarm(store);
      expect([ran.end, ran.troubles]).to.deep.equal(["finished", []]);
      expect(rowsOf(store).map(({ t, s }) => [t, s])).to.deep.equal(
        Array.from({ length: 64 }, (_, t) => [t, "ok"]),
      );
      expect((await runSwarm(store)).done).to.deep.equal([]);
    }));

  it("gives the same rows with 1, 2 and 4 executors, and in smaller micro-batches", () =>
    withFolder(async (folder) => {
      const first = openSwarm(join(folder, "1"), swarmStudy());
      await runSwarm(first);
      for (const [workers, microBatch] of [
        [2, null],
        [4, 3],
      ] as const) {
        const store = openSwarm(join(folder, String(workers)), swarmStudy());
        await runSwarm(store, { workers, microBatch });
        expect(rowsOf(store)).to.deep.equal(rowsOf(first));
      }
    }));

  it("tries a block again whose executor was killed", () =>
    withFolder(async (folder) => {
      const parameters = { ...swarmStudy().parameters, "faults.kind": choice([0, 4]) };
      const config = { faults: { once: join(folder, "once") } };
      const store = openSwarm(join(folder, "one"), swarmStudy({ parameters, config }));
      const ran = await runSwarm(store);
      expect(ran.end).to.equal("finished");
      expect(ran.troubles).to.have.length(1);
      expect(ran.troubles[0]).to.match(
        /^b-[0-9a-f]{12}: the executor was ended by SIGKILL; trying again$/,
      );
      const kinds = rowsOf(store).map(({ t, s, p }) => [t, s, Object.keys(p).length]);
      expect(kinds).to.deep.equal(Array.from({ length: 64 }, (_, t) => [t, "ok", 4]));
    }));

  it("kills an executor that is blocked forever, and tries again", () =>
    withFolder(async (folder) => {
      const parameters = { ...swarmStudy().parameters, "faults.kind": choice([0, 3]) };
      const config = { faults: { once: join(folder, "once") } };
      const store = openSwarm(join(folder, "one"), swarmStudy({ parameters, config }));
      const timing = { ...TIMING, retries: [1, 1, 1], silence: 4000 };
      const ran = await runSwarm(store, { timing });
      expect(ran.end).to.equal("finished");
      expect(ran.troubles[0]).to.contain("said nothing for too long and was killed; trying again");
      expect(rowsOf(store).every(({ s }) => s === "ok")).to.equal(true);
    }));

  it("finds the row that aborts its process, and keeps all others", () =>
    withFolder(async (folder) => {
      const study = swarmStudy({
        method: "grid",
        parameters: { "faults.kind": choice([0, 0, 0, 2, 0, 0, 0, 0]) },
        trials: 8,
      });
      const store = openSwarm(join(folder, "one"), study);
      const ran = await runSwarm(store, { timing: { ...TIMING, retries: [] } });
      expect(ran.end).to.equal("finished");
      const rows = rowsOf(store);
      expect(rows.map(({ t }) => t)).to.deep.equal(rows.map((_, t) => t));
      expect(rows.map(({ s }) => s === "error")).to.deep.equal(rows.map((_, t) => t === 3));
      expect(rows[3]!.why).to.match(
        /^the executor was ended by SIGABRT|^the executor ended with code 134/,
      );
    }));

  it("halves and continues its survivors, on whatever executors", () =>
    withFolder(async (folder) => {
      const halved = swarmStudy({
        budget: { unit: "step", min: 8, max: 40 },
        halving: { eta: 2, cohort: 32, scope: "group" },
      });
      const one = openSwarm(join(folder, "1"), halved, 4);
      expect((await runSwarm(one)).end).to.equal("finished");
      const two = openSwarm(join(folder, "2"), halved, 7);
      await runSwarm(two, { workers: 2, microBatch: 3 });
      for (const rung of [0, 1, 2, 3]) {
        expect(rowsOf(two, rung)).to.deep.equal(rowsOf(one, rung));
        expect(rowsOf(one, rung).every(({ n }) => n === [8, 16, 32, 40][rung])).to.equal(true);
      }
      expect(rowsOf(one, 3).length).to.be.within(4, 10);
      expect(one.committed().rungs).to.deep.equal([0, 1, 2, 3]);
      expect(readdirSync(one.files.checkpoints)).to.deep.equal([]);
    }));

  it("stops at a checkpoint, and continues to the same rows", () =>
    withFolder(async (folder) => {
      const slow = swarmStudy({ config: { train: { delay: 40 } } });
      const whole = openSwarm(join(folder, "whole"), slow, 64);
      await runSwarm(whole, { workers: 2 });
      const store = openSwarm(join(folder, "one"), slow, 64);
      const controller = new AbortController();
      let seen = 0;
      const first = await runSwarm(
        store,
        { stop: controller.signal },
        {
          progress: () => {
            if (++seen === 1) controller.abort();
          },
        },
      );
      expect([first.end, first.done]).to.deep.equal(["stopped", []]);
      expect(readdirSync(store.files.checkpoints)).to.have.length(1);
      const rest = await runSwarm(store);
      expect(rest.end).to.equal("finished");
      expect(rowsOf(store)).to.deep.equal(rowsOf(whole));
      expect(readdirSync(store.files.checkpoints)).to.deep.equal([]);
    }));

  it("ends at the first failed row, or at too many of them, where asked", () =>
    withFolder(async (folder) => {
      const parameters = { ...swarmStudy().parameters, "faults.kind": choice([0, 1]) };
      const fast = await runSwarm(openSwarm(join(folder, "a"), swarmStudy({ parameters }), 8), {
        failFast: true,
      });
      expect([fast.end, fast.done.length]).to.deep.equal(["failures", 1]);
      const limited = swarmStudy({ parameters, limits: { failures: 0.2 } });
      const ran = await runSwarm(openSwarm(join(folder, "b"), limited, 8));
      expect(ran.end).to.equal("failures");
      expect(ran.done.length).to.be.within(2, 7);
    }));

  it("stops at its time limit, and does what the user wants meanwhile", () =>
    withFolder(async (folder) => {
      const slow = swarmStudy({ config: { train: { delay: 20 } } });
      const store = openSwarm(join(folder, "a"), slow);
      expect((await runSwarm(store, { seconds: 0.01 })).end).to.equal("stopped");
      writeDesired(store.folder, { pruned: "0-9,60", pause: true });
      setTimeout(() => writeDesired(store.folder, { pause: false }), 200);
      expect((await runSwarm(store)).end).to.equal("finished");
      const pruned = rowsOf(store).flatMap(({ t, s }) => (s === "pruned" ? [t] : []));
      expect(pruned).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 60]);
    }));

  it("says what no other attempt would change", () =>
    withFolder(async (folder) => {
      const gone = swarmStudy({ config: { faults: { backendGone: true } } });
      const failure = async (work: Promise<unknown>): Promise<unknown> =>
        work.catch((error: unknown) => error);
      const error = await failure(runSwarm(openSwarm(join(folder, "a"), gone)));
      expect(error).to.include({ reason: "unavailable", message: "swarm: the device is gone." });
      const store = openSwarm(join(folder, "b"), swarmStudy());
      const executor = [
        process.execPath,
        "-e",
        "console.error('no such program'); process.exit(9)",
      ];
      const start = await failure(runSwarm(store, { executor }));
      expect(start).to.include({
        reason: "unavailable",
        message: "the executor ended with code 9 (no such program) before it was ready",
      });
    }));
});
