// The engine on a queue in Redis: the same rows as the local engine's, whatever happens to workers, executors and Redis.
// Skipped visibly where no redis-server is installed.

import { expect } from "chai";
import { spawn, type ChildProcess } from "node:child_process";
import { readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bullmq } from "../../src/sweeps/engines/bullmq/index.js";
import { shownAddress } from "../../src/sweeps/engines/redis-address.js";
import { connect, isConnectionLoss } from "../../src/sweeps/engines/bullmq/connection.js";
import { jobOf, queueName, sweepTag, type BatchJob } from "../../src/sweeps/engines/bullmq/jobs.js";
import { sweepOf } from "../../src/sweeps/execution/sweep.js";
import { firstBlocks } from "../../src/sweeps/plan/plan.js";
import { planOfStore } from "../../src/sweeps/execution/sweep.js";
import {
  newSweepManifest,
  sweepFiles,
  writeDesired,
  type Store,
} from "../../src/sweeps/store/index.js";
import type { EngineOptions, SweepEnd } from "../../src/sweeps/engines/engine.js";
import type { Done } from "../../src/sweeps/execution/messages.js";
import type { Row, Study } from "../../src/sweeps/types.js";
import { withFolder } from "../support/cli.js";
import { isInstalled, startRedis, type TestRedis } from "../support/redis.js";
import { engineOptions, isRunning, openSwarm, rowsOf, runSwarm } from "../support/swarm-sweep.js";
import { BLOCKED_MS } from "../support/swarm.js";
import { swarmStudy } from "../support/swarm-study.js";

const TIMING = { lock: 1000, stalled: 400, away: 60_000 };

function openShared(folder: string, study: Study, blockSize = 16): Store {
  const store = openSwarm(folder, study, blockSize);
  const manifest = newSweepManifest(store.lock.identity.hash);
  // Two folders that are made in the same millisecond are still two.
  const created = `${manifest.created} ${folder}`;
  writeFileSync(sweepFiles(folder).manifest, JSON.stringify({ ...manifest, created }));
  return store;
}

type Ran = { readonly end: SweepEnd; readonly done: Done[]; readonly troubles: string[] };

async function runQueued(
  store: Store,
  redis: string,
  change: Partial<EngineOptions> = {},
  onProgress: () => void = () => undefined,
): Promise<Ran> {
  const done: Done[] = [];
  const troubles: string[] = [];
  const engine = bullmq({ redis, timing: TIMING });
  const end = await engine.run(sweepOf(store), engineOptions(change), {
    backend: () => undefined,
    progress: onProgress,
    done: (_block, message) => done.push(message),
    trouble: (message) => troubles.push(message),
  });
  return { end, done, troubles };
}

const WORKER = fileURLToPath(new URL("../support/queue-worker.ts", import.meta.url));

/** A worker in a process of its own. */
function startWorker(store: Store, redis: string): ChildProcess {
  return spawn(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), WORKER, store.folder, redis, JSON.stringify(TIMING)],
    { stdio: ["ignore", "inherit", "inherit"] },
  );
}

function gone(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once("exit", resolve);
  });
}

/** Executors that work in a folder, by the logs that they write. */
function executorsOf(folder: string): readonly number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => pid !== process.pid && isRunning(pid) && writes(pid));

  function writes(pid: number): boolean {
    try {
      return readlinkSync(`/proc/${pid.toString()}/fd/1`).startsWith(join(folder, "logs"));
    } catch {
      return false;
    }
  }
}

const slow = swarmStudy({ config: { train: { delay: 30 } } });

describe("isConnectionLoss()", () => {
  it("knows a Redis that went away, however it is noticed, from what a user must be told", () => {
    const says = (message: string): boolean => isConnectionLoss({ message });
    expect(
      ["write EPIPE", "read ECONNRESET", "connect ENOENT /tmp/r.sock", "Connection is closed."].map(
        says,
      ),
    ).to.deep.equal([true, true, true, true]);
    expect(
      ["OOM command not allowed when used memory > 'maxmemory'.", "could not renew lock"].map(says),
    ).to.deep.equal([false, false]);
  });
});

describe("the engine on a queue", function () {
  this.timeout(60_000);

  let redis: TestRedis;
  let wanted: readonly Row[];

  before(async function () {
    if (!isInstalled("redis-server")) this.skip();
    redis = await startRedis();
    await withFolder(async (folder) => {
      const store = openSwarm(folder, slow);
      await runSwarm(store, { workers: 2 });
      wanted = rowsOf(store);
    });
  });

  after(() => (redis as TestRedis | undefined)?.close());

  for (const workers of [1, 4])
    it(`gives the rows of the local engine with ${workers.toString()} workers, and nothing twice`, () =>
      withFolder(async (folder) => {
        const store = openShared(folder, slow);
        const ran = await runQueued(store, redis.address, { workers });
        expect([ran.end, ran.troubles]).to.deep.equal(["finished", []]);
        expect(ran.done.reduce((sum, { counts }) => sum + counts.ok, 0)).to.equal(64);
        expect(rowsOf(store)).to.deep.equal(wanted);
        expect((await runQueued(store, redis.address)).done).to.deep.equal([]);
      }));

  it("halves: the blocks of a rung follow once the one before is in the store", () =>
    withFolder(async (folder) => {
      const halved = swarmStudy({
        budget: { unit: "step", min: 8, max: 40 },
        halving: { eta: 2, cohort: 32, scope: "group" },
      });
      const one = openSwarm(join(folder, "1"), halved);
      await runSwarm(one);
      const two = openShared(join(folder, "2"), halved, 7);
      expect((await runQueued(two, redis.address, { workers: 2 })).end).to.equal("finished");
      for (const rung of [0, 1, 2, 3]) expect(rowsOf(two, rung)).to.deep.equal(rowsOf(one, rung));
    }));

  it("gives the block of a worker that was killed to another one", () =>
    withFolder(async (folder) => {
      const store = openShared(folder, slow, 64);
      const first = startWorker(store, redis.address);
      let second: ChildProcess | undefined;
      const ran = await runQueued(store, redis.address, { workers: 0 }, () => {
        if (second !== undefined) return;
        first.kill("SIGKILL");
        second = startWorker(store, redis.address);
      });
      expect(ran.end).to.equal("finished");
      second!.kill("SIGTERM");
      await Promise.all([gone(first), gone(second!)]);
      expect([first.signalCode, second!.exitCode]).to.deep.equal(["SIGKILL", 75]);
      expect(rowsOf(store)).to.deep.equal(wanted);
    }));

  it("tries a block again whose executor was killed", () =>
    withFolder(async (folder) => {
      const store = openShared(folder, slow, 64);
      let killed = 0;
      const ran = await runQueued(store, redis.address, {}, () => {
        if (killed++ > 0) return;
        for (const pid of executorsOf(store.folder)) process.kill(pid, "SIGKILL");
      });
      expect(ran.end).to.equal("finished");
      expect(ran.troubles[0]).to.contain("was ended by SIGKILL; trying again");
      expect(rowsOf(store)).to.deep.equal(wanted);
    }));

  it("keeps the lease of a block whose executor blocks for longer than a lock, and commits it once", () =>
    withFolder(async (folder) => {
      const faults = { kind: 5, once: join(folder, "blocked") };
      const store = openShared(folder, swarmStudy({ config: { faults } }), 64);
      const begun = performance.now();
      const ran = await runQueued(store, redis.address, { workers: 2 });
      expect(performance.now() - begun)
        .to.be.above(BLOCKED_MS)
        .and.above(3 * TIMING.lock);
      expect([ran.end, ran.troubles]).to.deep.equal(["finished", []]);
      const ids = ran.done.map(({ batch }) => batch);
      expect([ids.length, new Set(ids).size]).to.deep.equal([2, 2]);
      const connection = await connect(redis.address);
      const queue = new connection.bullmq.Queue<BatchJob>(queueName(store), {
        connection: connection.client(),
      });
      for (const { batch, outcome } of ran.done) {
        const job = await queue.getJob(batch);
        const { attemptsStarted, stalledCounter } = job!;
        expect([outcome, attemptsStarted, stalledCounter]).to.deep.equal(["committed", 1, 0]);
      }
      expect(rowsOf(store)).to.have.length(64);
      await queue.close();
      connection.close();
    }));

  it("completes once what ran while Redis was killed and started again", () =>
    withFolder(async (folder) => {
      const store = openShared(folder, slow, 32);
      let restarted: Promise<void> | undefined;
      const ran = await runQueued(store, redis.address, {}, () => {
        restarted ??= redis.kill().then(() => redis.start());
      });
      await restarted;
      expect([ran.end, ran.troubles]).to.deep.equal(["finished", []]);
      expect(ran.done.reduce((sum, { counts }) => sum + counts.ok, 0)).to.equal(64);
      expect(rowsOf(store)).to.deep.equal(wanted);
    }));

  it("stops with a checkpoint, takes waiting blocks back, and continues to the same rows", () =>
    withFolder(async (folder) => {
      const store = openShared(folder, slow, 32);
      const controller = new AbortController();
      const first = await runQueued(store, redis.address, { stop: controller.signal }, () => {
        controller.abort();
      });
      expect(first.end).to.equal("stopped");
      const connection = await connect(redis.address);
      const queue = new connection.bullmq.Queue(queueName(store), {
        connection: connection.client(),
      });
      expect(await queue.getJobCountByTypes("waiting", "prioritized", "active")).to.equal(0);
      await queue.close();
      connection.close();
      expect((await runQueued(store, redis.address)).end).to.equal("finished");
      expect(rowsOf(store)).to.deep.equal(wanted);
    }));

  it("commits a block once that two workers run, or that is queued again", () =>
    withFolder(async (folder) => {
      const store = openShared(folder, slow, 64);
      const [block] = [...firstBlocks(planOfStore(store))];
      const queued = runQueued(store, redis.address, { workers: 1 });
      const ends = (await Promise.all([queued, runSwarm(store)])).map(({ end }) => end);
      expect(ends).to.deep.equal(["finished", "finished"]);
      expect(rowsOf(store)).to.deep.equal(wanted);
      const files = store.scan().batches.size;
      const connection = await connect(redis.address);
      const queue = new connection.bullmq.Queue(queueName(store), {
        connection: connection.client(),
      });
      await queue.clean(0, 0, "completed");
      const { name, data, opts } = jobOf(store, sweepTag(store), block!, "wasm");
      await queue.add(name, data, opts);
      const worker = startWorker(store, redis.address);
      while ((await queue.getCompletedCount()) === 0)
        await new Promise((resolve) => setTimeout(resolve, 20));
      worker.kill("SIGTERM");
      await gone(worker);
      expect(store.scan().batches.size).to.equal(files);
      await queue.close();
      connection.close();
    }));

  it("does what the user wants: prunes, and stops everywhere", () =>
    withFolder(async (folder) => {
      const store = openShared(folder, slow, 8);
      writeDesired(store.folder, { pruned: "0-9,60" });
      const first = await runQueued(store, redis.address, {}, () => {
        writeDesired(store.folder, { stop: true });
      });
      expect(first.end).to.equal("stopped");
      writeDesired(store.folder, { stop: false });
      expect((await runQueued(store, redis.address)).end).to.equal("finished");
      const pruned = rowsOf(store).flatMap(({ t, s }) => (s === "pruned" ? [t] : []));
      expect(pruned).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 60]);
    }));

  it("commits what runs and gives up when Redis stays away", () =>
    withFolder(async (folder) => {
      const own = await startRedis();
      try {
        const store = openShared(folder, slow, 16);
        const engine = bullmq({ redis: own.address, timing: { ...TIMING, away: 200 } });
        let killed = false;
        const run = engine.run(sweepOf(store), engineOptions(), {
          backend: () => undefined,
          progress: () => {
            if (!killed) void own.kill();
            killed = true;
          },
          done: () => undefined,
          trouble: () => undefined,
        });
        const error: unknown = await run.catch((reason: unknown) => reason);
        expect(error).to.include({ name: "SweepFailure", reason: "unavailable" });
        expect((error as Error).message).to.match(/^Redis at .* has been away for/);
        expect(store.scan().batches.size).to.be.at.least(1);
        expect(executorsOf(store.folder)).to.deep.equal([]);
      } finally {
        await own.close();
      }
    }));

  it("refuses a queue of another folder of the same study, and a Redis that is not there", () =>
    withFolder(async (folder) => {
      const store = openShared(join(folder, "a"), slow);
      const other = openShared(join(folder, "b"), slow);
      const connection = await connect(redis.address);
      const queue = new connection.bullmq.Queue(queueName(store), {
        connection: connection.client(),
      });
      const [block] = [...firstBlocks(planOfStore(other))];
      const { name, data, opts } = jobOf(other, sweepTag(other), block!, "wasm");
      await queue.add(name, data, opts);
      const failure = async (address: string): Promise<unknown> =>
        runQueued(store, address).catch((error: unknown) => error);
      expect(await failure(redis.address))
        .to.have.property("message")
        .that.contains("holds blocks of another folder of the same study");
      await queue.obliterate({ force: true });
      await queue.close();
      connection.close();
      const nowhere = await failure(join(folder, "none.sock"));
      expect(nowhere).to.include({ name: "SweepFailure", reason: "unavailable" });
      expect((nowhere as Error).message).to.match(/no Redis at .*none\.sock: connect ENOENT/);
    }));

  it("shows no password", () => {
    expect(shownAddress("rediss://me:secret@host:1/2")).to.equal("rediss://me:***@host:1/2");
    expect(shownAddress("redis://:secret@host:1")).to.equal("redis://:***@host:1");
    expect(shownAddress("redis://host:1")).to.equal("redis://host:1");
  });
});
