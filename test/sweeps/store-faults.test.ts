// Faults of machines: killed writers, full disks, two writers at once. What is committed is whole, or not there.

import { expect } from "chai";
import { spawn, spawnSync, type ChildProcess, type SpawnSyncReturns } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openStore } from "../../src/sweeps/store/store.js";
import { superviseSweep, supervisorOf } from "../../src/sweeps/store/supervisor-lock.js";
import { withFolder } from "../support/cli.js";
import { emptySweep } from "../support/sweep.js";

const CHILD = fileURLToPath(new URL("../support/commit-child.ts", import.meta.url));
const ARGS = ["--import", import.meta.resolve("tsx"), CHILD];

async function started(mode: string, folder: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...ARGS, mode, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const end = once(child, "exit");
  child.kill("SIGKILL");
  await end;
}

/** Runs the child under a shell line in which `"$@"` stands for it. */
function under(line: string, mode: string, folder: string): SpawnSyncReturns<string> {
  const args = ["-c", line, "sh", process.execPath, ...ARGS, mode, folder];
  return spawnSync("bash", args, { env: { ...process.env, FOLDER: folder }, encoding: "utf8" });
}

describe("commit() under kill -9", () => {
  it("leaves only whole files, whenever the writer dies", async function () {
    this.timeout(60_000);
    await withFolder(async (folder) => {
      emptySweep(folder);
      let rows = 0;
      for (const delay of [3, 17, 31]) {
        const child = await started("loop", folder);
        await wait(delay);
        await kill(child);
        const store = openStore(folder);
        expect(store.repair()).to.deep.equal([]);
        const { committed, damaged } = store.scan();
        expect(damaged).to.deep.equal([]);
        expect(committed.count(0) % 256).to.equal(0);
        expect(committed.count(0)).to.be.at.least(rows);
        rows = committed.count(0);
      }
      expect(rows).to.be.greaterThan(0);
    });
  });
});

describe("commit() by two processes", () => {
  it("lets each block be committed once, and both end well", async function () {
    this.timeout(60_000);
    await withFolder(async (folder) => {
      emptySweep(folder);
      const children = [1, 2].map(() => {
        const child = spawn(process.execPath, [...ARGS, "race", folder], {
          stdio: ["ignore", "pipe", "inherit"],
        });
        let text = "";
        child.stdout.on("data", (piece: Buffer) => (text += piece.toString()));
        return once(child, "exit").then(([code]) => ({
          code: code as number,
          first: Number(text),
        }));
      });
      const ends = await Promise.all(children);
      expect(ends.map(({ code }) => code)).to.deep.equal([0, 0]);
      expect(ends[0]!.first + ends[1]!.first).to.equal(20);
      const store = openStore(folder);
      expect(store.repair()).to.deep.equal([]);
      expect(store.scan().committed.count(0)).to.equal(20 * 256);
      expect(readdirSync(store.files.batches)).to.have.length(20);
    });
  });
});

describe("replaceFile() by two processes", () => {
  it("leaves the whole file of one of them and nothing else, and both end well", async function () {
    this.timeout(60_000);
    await withFolder(async (folder) => {
      const ends = [1, 2].map(async () => {
        const child = spawn(process.execPath, [...ARGS, "replace", folder], { stdio: "inherit" });
        const [code] = (await once(child, "exit")) as [number];
        return code;
      });
      expect(await Promise.all(ends)).to.deep.equal([0, 0]);
      expect(readdirSync(folder)).to.deep.equal(["replaced"]);
      const bytes = readFileSync(join(folder, "replaced"));
      expect(bytes.equals(Buffer.alloc(1 << 16, bytes[0]))).to.equal(true);
    });
  });
});

describe("commit() on a full disk", () => {
  it("leaves no part of a file and goes on when there is room again", async function () {
    this.timeout(60_000);
    const probe = spawnSync("unshare", ["-rm", "true"]);
    if (probe.status !== 0) this.skip();
    await withFolder(async (folder) => {
      const disk = join(folder, "disk");
      mkdirSync(disk);
      const line =
        'unshare -rm bash -c \'mount -t tmpfs -o size=256k t "$FOLDER" && exec "$@"\' sh "$@"';
      const { stdout, stderr } = under(line, "fill", disk);
      expect(stdout, stderr).not.to.equal("");
      const told = JSON.parse(stdout) as {
        outcomes: string[];
        partial: string[];
        damaged: number;
        rows: number;
        expected: number;
      };
      expect(told.outcomes.at(-2)).to.equal("ENOSPC");
      expect(told.outcomes.at(-1)).to.equal("committed");
      expect(told.partial).to.deep.equal([]);
      expect(told.damaged).to.equal(0);
      expect(told.rows).to.equal(told.expected);
    });
  });

  it("does the same where files may not be large", async function () {
    this.timeout(60_000);
    await withFolder(async (folder) => {
      emptySweep(folder);
      const limited = under('ulimit -f 16 && exec "$@"', "one", folder);
      expect(JSON.parse(limited.stdout)).to.deep.equal({ outcome: "EFBIG", files: [] });
      const free = under('exec "$@"', "one", folder);
      expect(JSON.parse(free.stdout).outcome).to.equal("committed");
    });
  });
});

describe("superviseSweep() and killed holders", () => {
  it("respects a living process and takes over from a killed one at once", async function () {
    this.timeout(60_000);
    await withFolder(async (folder) => {
      const child = await started("hold", folder);
      try {
        expect(supervisorOf(folder)?.pid).to.equal(child.pid);
        expect(() => superviseSweep(folder)).to.throw(`process ${String(child.pid)}`);
        expect(() => superviseSweep(folder, { force: true })).to.throw(
          `process ${String(child.pid)}`,
        );
      } finally {
        await kill(child);
      }
      superviseSweep(folder).release();
    });
  });

  it("takes a zombie for dead", async function () {
    this.timeout(60_000);
    if (process.platform !== "linux") this.skip();
    await withFolder(async (folder) => {
      // The shell starts a holder and becomes a program that never waits for it.
      const line = '"$@" & echo $!; exec sleep 60';
      const shell = spawn("bash", ["-c", line, "sh", process.execPath, ...ARGS, "hold", folder], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      try {
        let text = "";
        shell.stdout.on("data", (piece: Buffer) => (text += piece.toString()));
        while (!text.includes("ready")) await wait(20);
        const pid = Number(/^\d+$/m.exec(text)![0]);
        while (!readFileSync(`/proc/${String(shell.pid)}/comm`, "utf8").startsWith("sleep"))
          await wait(5);
        process.kill(pid, "SIGKILL");
        while (!/\) Z/.test(readFileSync(`/proc/${String(pid)}/stat`, "utf8"))) await wait(5);
        // The number still answers: a lock that asked only that would be held for ever.
        expect(process.kill(pid, 0)).to.equal(true);
        expect(supervisorOf(folder)).to.equal(undefined);
        superviseSweep(folder).release();
      } finally {
        shell.kill("SIGKILL");
      }
    });
  });
});
