// The lock of a run folder: one writer; what a dead process left is taken over.

import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { acquireLock, lockHolder } from "../../src/runs/lock.js";
import { OutputError } from "../../src/runs/output-error.js";
import { withFolder } from "../support/cli.js";

const holder = (changes: object) =>
  JSON.stringify({
    pid: process.pid,
    host: hostname(),
    ticks: null,
    since: "2024-01-01",
    ...changes,
  });

describe("acquireLock()", () => {
  it("refuses a second holder, names the first, and is free after release", () =>
    withFolder(async (folder) => {
      const lock = acquireLock(folder);
      expect(lockHolder(folder)?.pid).to.equal(process.pid);
      expect(() => acquireLock(folder)).to.throw(
        OutputError,
        `process ${process.pid.toString()} on ${hostname()}`,
      );
      lock.beat();
      lock.release();
      expect(lockHolder(folder)).to.equal(undefined);
      acquireLock(folder).release();
    }));

  it("takes over the lock of a process that has ended", () =>
    withFolder(async (folder) => {
      const { pid } = spawnSync(process.execPath, ["-e", ""]);
      writeFileSync(join(folder, "lock"), holder({ pid }));
      acquireLock(folder).release();
    }));

  it("takes over the lock of an ended process whose number is used again", function () {
    if (!existsSync("/proc/self/stat")) this.skip();
    return withFolder(async (folder) => {
      writeFileSync(join(folder, "lock"), holder({ ticks: "1" }));
      acquireLock(folder).release();
    });
  });

  it("respects the lock of another host until it has been silent for ten minutes", () =>
    withFolder(async (folder) => {
      const path = join(folder, "lock");
      writeFileSync(path, holder({ host: "elsewhere", pid: 1 }));
      expect(() => acquireLock(folder)).to.throw(OutputError, "on elsewhere");
      const then = new Date(Date.now() - 11 * 60_000);
      utimesSync(path, then, then);
      acquireLock(folder).release();
    }));

  it("does not touch the lock of another process when it releases its own too late", () =>
    withFolder(async (folder) => {
      const lock = acquireLock(folder);
      const path = join(folder, "lock");
      writeFileSync(path, holder({ host: "elsewhere", pid: 1 }));
      lock.release();
      expect(readFileSync(path, "utf8")).to.contain("elsewhere");
    }));

  it("waits a moment before it takes over a lock that is still being written", () =>
    withFolder(async (folder) => {
      const path = join(folder, "lock");
      writeFileSync(path, "");
      expect(() => acquireLock(folder)).to.throw(OutputError, "is being written");
      const then = new Date(Date.now() - 60_000);
      utimesSync(path, then, then);
      acquireLock(folder).release();
    }));
});
