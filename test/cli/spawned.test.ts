// The program as a process: signals, kills, pipes, full disks, what it loads, how fast it starts.

import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { listCheckpoints } from "../../src/runs/checkpoint.js";
import { readHistory } from "../../src/runs/history.js";
import { readManifest } from "../../src/runs/manifest.js";
import { call, programArgs, start, withFolder } from "../support/cli.js";

const SLOW = ["train", "counter", "--no-figures", "train.steps=40", "train.delay=20", "-o", "out"];
const BAN = ["--import", fileURLToPath(new URL("../support/ban.mjs", import.meta.url))];

const checkpoint = (folder: string) =>
  readFileSync(listCheckpoints(join(folder, "checkpoints"))[0] ?? "");
const rows = (folder: string) =>
  readHistory(join(folder, "metrics.jsonl")).map(({ seconds: _seconds, ...row }) => row);

/** SLOW without interruption, and without delay, which changes no number. */
async function whole(cwd: string): Promise<string> {
  await call([...SLOW.slice(0, -1), "whole", "train.delay=0"], { cwd });
  return join(cwd, "whole");
}

describe("an interrupted training", () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGUSR2"] as const) {
    it(`writes a checkpoint after ${signal}, exits with 75, and is continued to the same bits`, () =>
      withFolder(async (cwd) => {
        const { child, done, saw } = start([...SLOW, "--progress", "json"], { cwd });
        await saw('"step":5,');
        child.kill(signal);
        const { code, out, err } = await done;
        expect([code, out], err).to.deep.equal([75, ""]);
        expect(err).to.contain("stopping: ").and.contain("the same command continues out");
        expect(err.includes("Ctrl-C")).to.equal(signal === "SIGINT");
        const manifest = readManifest(join(cwd, "out"));
        expect(manifest).to.include({ status: "stopped" });
        expect(manifest?.step).to.be.within(5, 39);
        expect(existsSync(join(cwd, "out", "lock"))).to.equal(false);
        const again = await call(SLOW, { cwd });
        expect([again.code, again.err.includes("continuing out")]).to.deep.equal([0, true]);
        const reference = await whole(cwd);
        expect(checkpoint(join(cwd, "out")).equals(checkpoint(reference))).to.equal(true);
        expect(rows(join(cwd, "out"))).to.deep.equal(rows(reference));
      })).timeout(20_000);
  }

  it("loses at most the steps since the last checkpoint to kill -9", () =>
    withFolder(async (cwd) => {
      const argv = [...SLOW, "--checkpoint-every", "5steps"];
      const { child, done, saw } = start([...argv, "--progress", "json"], { cwd });
      await saw('"step":23,');
      child.kill("SIGKILL");
      expect((await done).signal).to.equal("SIGKILL");
      const folder = join(cwd, "out");
      expect(readManifest(folder)).to.include({ status: "running" });
      expect(listCheckpoints(join(folder, "checkpoints"))[0]).to.match(/step-0000000(20|25)/);
      const again = await call(argv, { cwd });
      expect(again.code, again.err).to.equal(0);
      expect(readManifest(folder)?.invocations.map(({ exit }) => exit)).to.deep.equal([null, 0]);
      const reference = await whole(cwd);
      expect(checkpoint(folder).equals(checkpoint(reference))).to.equal(true);
      expect(rows(folder)).to.deep.equal(rows(reference));
    })).timeout(20_000);

  it("ends at once after a second Ctrl-C", () =>
    withFolder(async (cwd) => {
      const argv = ["train", "counter", "train.delay=3000", "train.steps=9", "-o", "out"];
      const { child, done, saw } = start(argv, { cwd });
      await saw("new run");
      child.kill("SIGINT");
      await saw("stopping: ");
      const before = performance.now();
      child.kill("SIGINT");
      expect((await done).code).to.equal(130);
      expect(performance.now() - before).to.be.lessThan(500);
    })).timeout(20_000);

  it("keeps a second process out of its folder", () =>
    withFolder(async (cwd) => {
      const { child, done, saw } = start(SLOW, { cwd });
      await saw("new run");
      const second = await call(SLOW, { cwd });
      expect([second.code, second.out]).to.deep.equal([73, ""]);
      expect(second.err).to.contain(`is being written by process ${child.pid?.toString() ?? ""}`);
      child.kill("SIGTERM");
      expect((await done).code).to.equal(75);
    })).timeout(20_000);
});

/** Runs a shell line in which `zenoflow` is the program. */
function shell(line: string, cwd: string) {
  const zenoflow = [process.execPath, ...programArgs([])].map((word) => `'${word}'`).join(" ");
  const script = `set -o pipefail; zenoflow() { ${zenoflow} "$@"; }; ${line}`;
  return spawnSync("bash", ["-c", script], {
    cwd,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", TERM: "xterm-256color" },
  });
}

describe("streams", () => {
  it("carry no escape codes and no returns into pipes", () =>
    withFolder(async (cwd) => {
      const { status, stdout, stderr } = shell("zenoflow train counter --no-figures -o out", cwd);
      expect(status, stderr).to.equal(0);
      expect(stdout + stderr).to.not.match(/[\r\x1b]/);
      expect(stderr).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z {2}counter +100 % {2}20\/20/m);
    }));

  it("show one live line on a terminal, within its width, and clear it", function () {
    if (spawnSync("script", ["--version"]).status !== 0) this.skip();
    return withFolder(async (cwd) => {
      const train = "zenoflow train counter --no-figures train.delay=30 -o out";
      const { status, stdout } = shell(
        `export -f zenoflow; SHELL=/bin/bash script -qefc 'stty cols 60; ${train} >/dev/null' /dev/null </dev/null`,
        cwd,
      );
      expect(status).to.equal(0);
      const lines = stdout.split("\r\x1b[2K").slice(1);
      expect(lines.length).to.be.greaterThan(3);
      expect(lines.at(-1)).to.equal("");
      for (const line of lines.slice(0, -1))
        expect(line)
          .to.match(/^counter +\d+ %/)
          .and.have.length.below(60);
    });
  }).timeout(20_000);

  it("colour only what goes to a terminal, and nothing under NO_COLOR or --no-color", function () {
    if (spawnSync("script", ["--version"]).status !== 0) this.skip();
    return withFolder(async (cwd) => {
      const error = (prefix: string, suffix = ""): string =>
        shell(
          `export -f zenoflow; SHELL=/bin/bash script -qefc '${prefix} zenoflow trian ${suffix}' /dev/null </dev/null`,
          cwd,
        ).stdout;
      expect(error("")).to.contain("\x1b[31mzenoflow: error");
      expect(error("NO_COLOR=1")).to.not.contain("\x1b");
      expect(error("TERM=dumb")).to.not.contain("\x1b");
      expect(error("", "--no-color")).to.not.contain("\x1b");
      expect(error("", "2>&1 | cat")).to.not.contain("\x1b");
    });
  }).timeout(20_000);

  it("survive a reader that stops early, and one that is slow", () =>
    withFolder(async (cwd) => {
      await call(["train", "counter", "--no-figures", "-o", "out"], { cwd });
      const early = shell("zenoflow sample out -n 200000 | head -c 1", cwd);
      expect([early.status, early.stdout, early.stderr]).to.deep.equal([0, "c", ""]);
      const slow = shell("zenoflow sample out -n 100000 | (sleep 1; wc -l)", cwd);
      expect([slow.status, slow.stdout.trim(), slow.stderr]).to.deep.equal([0, "100001", ""]);
    })).timeout(20_000);

  it("end with 73 on a full device", function () {
    if (!existsSync("/dev/full")) this.skip();
    return withFolder(async (cwd) => {
      const { status, stderr } = shell("zenoflow config counter > /dev/full", cwd);
      expect(status).to.equal(73);
      expect(stderr).to.match(/^zenoflow: error: .*no space is left on the device/);
    });
  });
});

describe("a full disk", () => {
  it("stops a training with 73, and it continues when there is room", function () {
    if (process.platform !== "linux" || process.getuid?.() !== 0) this.skip();
    return withFolder(async (cwd) => {
      const mounted = shell(`mkdir small && mount -t tmpfs -o size=200k zenoflow-test small`, cwd);
      if (mounted.status !== 0) this.skip();
      try {
        const argv = [
          "train",
          "counter",
          "--no-figures",
          "size=4000",
          "train.steps=9",
          "-o",
          "small/run",
          "-q",
        ];
        shell("head -c 150000 /dev/zero > small/ballast", cwd);
        const full = await call([...argv, "--checkpoint-every", "1steps"], { cwd });
        expect(full.code, full.err).to.equal(73);
        expect(full.err).to.match(
          /^zenoflow: error: .* cannot be written: no space is left on the device\n {2}hint: /,
        );
        expect(full.err.trim().split("\n")).to.have.length(2);
        expect(
          readdirSync(join(cwd, "small", "run")).filter((name) => name.endsWith(".part")),
        ).to.deep.equal([]);
        shell("rm small/ballast; mount -o remount,size=4m small", cwd);
        const again = await call(argv, { cwd });
        expect(again.code, again.err).to.equal(0);
      } finally {
        shell("umount small", cwd);
      }
    });
  }).timeout(20_000);
});

/** What Node writes of the scripts that a process loaded. */
type Coverage = { readonly result: readonly { readonly url: string }[] };

describe("start-up", () => {
  it("prints help out of some fifty small files", function () {
    const bin = fileURLToPath(new URL("../../bin/zenoflow.js", import.meta.url));
    if (!existsSync(fileURLToPath(new URL("../../dist/src/cli/entry.js", import.meta.url))))
      this.skip();
    return withFolder(async (folder) => {
      const env = { ...process.env, NODE_V8_COVERAGE: folder };
      expect(spawnSync(process.execPath, [bin, "--help"], { env }).status).to.equal(0);
      const [report = ""] = readdirSync(folder);
      const { result } = JSON.parse(readFileSync(join(folder, report), "utf8")) as Coverage;
      const files = result.map(({ url }) => url).filter((url) => url.startsWith("file:"));
      expect(files).to.contain(pathToFileURL(bin).href);
      // 49 files and 206 kB, loaded in the time that Node itself takes to start.
      expect(files).to.have.length.below(60);
      const bytes = files.reduce((sum, url) => sum + statSync(new URL(url)).size, 0);
      expect(bytes).to.be.below(250_000);
    });
  }).timeout(20_000);

  it("loads neither tensors nor schemas nor drawing packages for verbs that do not compute", () =>
    withFolder(async (cwd) => {
      const light = [
        [],
        ["--help"],
        ["--version"],
        ["help", "train"],
        ["train", "--help"],
        ["sample", "ising", "--help"],
        ["trian"],
        ["completion", "bash"],
        ["__complete", "2", "train", "dqgan", "model.latent="],
        ["sweep", "--help"],
        ["status", "--help"],
        ["__complete", "1", "status", ""],
      ];
      for (const argv of light) {
        const { code, err } = await start(argv, { cwd, nodeArgs: BAN }).done;
        expect(err, argv.join(" ")).to.not.contain("banned import");
        expect(code, argv.join(" ")).to.equal(argv[0] === "trian" ? 64 : 0);
      }
      const heavy = await start(["config", "counter"], { cwd, nodeArgs: BAN }).done;
      expect(heavy.err).to.contain("banned import");
    })).timeout(60_000);
});
