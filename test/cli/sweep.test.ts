// Sweeps as a user runs them: one command that starts, continues and refuses, and the verbs that look and steer.

import { expect } from "chai";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openStore } from "../../src/sweeps/store/index.js";
import { batchDigest, parquetNote } from "../../src/sweeps/store/parquet.js";
import { call, start, withFolder, type Outcome, type Running } from "../support/cli.js";
import { isRunning, rowsOf } from "../support/swarm-sweep.js";
import { STUDY_TEXT, sweepFolder, writeStudy } from "../support/written-study.js";

/** The same study, so slow that it can be interrupted. */
const SLOW = `${STUDY_TEXT}config: {train: {delay: 40}}\n`;

const sweep = (cwd: string, ...more: readonly string[]): Promise<Outcome> =>
  call(["sweep", "study.yaml", ...more], { cwd });

const rows = (folder: string): unknown => rowsOf(openStore(folder));

/** The rows of SLOW when nothing disturbs it. */
async function undisturbed(): Promise<unknown> {
  return withFolder(async (cwd) => {
    writeStudy(cwd, SLOW);
    const done = await sweep(cwd);
    expect(done.code, done.err).to.equal(0);
    return rows(sweepFolder(cwd));
  });
}

function slowSweep(cwd: string, ...more: readonly string[]): Running {
  return start(["sweep", "study.yaml", "--progress", "json", ...more], { cwd });
}

/** Processes of executors, by what `ps` would show. */
function executors(supervisor: number): readonly number[] {
  const children = readFileSync(
    `/proc/${String(supervisor)}/task/${String(supervisor)}/children`,
    "utf8",
  );
  return children
    .split(" ")
    .filter((pid) => pid !== "")
    .map(Number);
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (const end = performance.now() + 30_000; !holds();) {
    if (performance.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Whether results.parquet is there and holds every committed batch. */
async function compacted(folder: string): Promise<boolean> {
  const { scan } = openStore(folder);
  return (await parquetNote(join(folder, "results.parquet"))) === batchDigest(scan());
}

describe("zenoflow sweep", function () {
  this.timeout(90_000);

  let wanted: unknown;
  before(async () => {
    wanted = await undisturbed();
  });

  it("runs a study, does nothing the second time, and does more when trials are added", () =>
    withFolder(async (cwd) => {
      writeStudy(cwd);
      const first = await sweep(cwd, "--json");
      expect(first.code, first.err).to.equal(0);
      expect(JSON.parse(first.out)).to.deep.include({
        schema: "zenoflow.status/1",
        name: "first",
        state: "finished",
        trials: { done: 64, total: 64 },
        counts: { ok: 64, diverged: 0, pruned: 0, error: 0 },
      });
      const before = rows(sweepFolder(cwd));
      const again = await sweep(cwd);
      expect([again.code, again.err]).to.satisfy(
        ([code, err]: [number, string]) => code === 0 && err.includes("continuing runs"),
      );
      expect((await sweep(cwd, "trials=80")).code).to.equal(0);
      const after = rows(sweepFolder(cwd)) as readonly unknown[];
      expect(after).to.have.length(80);
      expect(after.slice(0, 64)).to.deep.equal(before);
      expect(await compacted(sweepFolder(cwd))).to.equal(true);
    }));

  it("refuses a changed study with the difference, and starts another with --new", () =>
    withFolder(async (cwd) => {
      writeStudy(cwd);
      expect((await sweep(cwd)).code).to.equal(0);
      writeStudy(cwd, STUDY_TEXT.replace("3.999", "3.99"));
      const { code, out, err } = await sweep(cwd);
      expect([code, out]).to.deep.equal([65, ""]);
      expect(err).to.contain("parameters.model.rate.max: 3.999 → 3.99").and.contain("--new");
      expect((await sweep(cwd, "--new")).code).to.equal(0);
      expect(readdirSync(join(cwd, "runs"))).to.have.length(2);
    }));

  it("takes no setting that lies around, and says so", () =>
    withFolder(async (cwd) => {
      writeStudy(cwd);
      const trials = async (env: NodeJS.ProcessEnv = {}): Promise<Outcome> =>
        call(["sweep", "study.yaml", "--print-trials"], { cwd, env: { HOME: cwd, ...env } });
      const plain = await trials();
      expect(plain.err).to.equal("");
      writeFileSync(
        join(cwd, "zenoflow.yaml"),
        "task: swarm\nbackend: wasm\npreset: none\nmodel: {shift: 0.5}\n",
      );
      const env = { ZENOFLOW_MODEL__RATE: "3.95", ZENOFLOW_THREADS: "1", ZENOFLOW_REDIS: "" };
      const around = await trials(env);
      // Seeds and values come from the study's hash: they would show any change of a setting.
      expect(around.out).to.equal(plain.out);
      expect(around.err.match(/has no effect on a sweep/g)).to.have.length(3);
      expect(around.err)
        .to.match(/zenoflow\.yaml:4:\d+ model\.shift has no effect/)
        .and.contain("argument: model.shift=…")
        .and.contain("ZENOFLOW_MODEL__RATE model.rate")
        .and.contain(" preset has no effect");
    }));

  it("looks at a sweep without loading schemas or tensors", () =>
    withFolder(async (cwd) => {
      writeStudy(cwd);
      await sweep(cwd, "trials=4");
      const ban = ["--import", fileURLToPath(new URL("../support/ban.mjs", import.meta.url))];
      for (const argv of [["status"], ["watch"], ["prune", "latest", "0", "--pause"]]) {
        const { code, err } = await start(argv, { cwd, nodeArgs: ban }).done;
        expect([code, err], argv.join(" ")).to.deep.equal([0, ""]);
      }
      const words = (await call(["__complete", "1", "status", "runs"], { cwd })).out;
      expect(words.trim()).to.equal(join("runs", readdirSync(join(cwd, "runs"))[0]!));
      expect((await call(["__complete", "1", "sweep", ""], { cwd })).out).to.equal("study.yaml\n");
    }));

  it("prints trials and plans without a trace", () =>
    withFolder(async (cwd) => {
      writeStudy(cwd);
      const { out } = await sweep(cwd, "--print-trials");
      const lines = out.trimEnd().split("\n");
      expect(lines).to.have.length(65);
      expect(lines[0]).to.equal("trial,model.rate,model.size,seed");
      expect((await sweep(cwd, "--save-trials", "t.csv")).err).to.equal("64 trials in t.csv\n");
      expect(readFileSync(join(cwd, "t.csv"), "utf8")).to.equal(out);
      const plan = await sweep(
        cwd,
        "--dry-run",
        "--json",
        "early_terminate={type: successive_halving, eta: 2, cohort: 64}",
        "budget.min=10",
      );
      expect(plan.code, plan.err).to.equal(0);
      const { rungs, groups, probe } = JSON.parse(plan.out) as {
        rungs: { budget: number; rows: number }[];
        groups: { rows: number }[];
        probe: { microBatch: number };
      };
      expect(rungs.map(({ budget, rows }) => [budget, rows])).to.deep.equal([
        [10, 64],
        [20, 32],
        [40, 16],
      ]);
      expect(groups.reduce((sum, group) => sum + group.rows, 0)).to.equal(64);
      expect(probe.microBatch).to.be.within(20, 64);
      expect(readdirSync(cwd).sort()).to.deep.equal(["study.yaml", "t.csv"]);
    }));

  it("reports what is missing, wrong or failed, each with its code", () =>
    withFolder(async (cwd) => {
      writeStudy(cwd);
      const missing = await call(["sweep", "none.yaml"], { cwd });
      expect([missing.code, missing.out]).to.deep.equal([66, ""]);
      writeStudy(
        cwd,
        STUDY_TEXT.replace("trials: 64", "trials: x").replace("min: 3.9", "mn: 3.9"),
        "bad.yaml",
      );
      const bad = await call(["sweep", "bad.yaml"], { cwd });
      expect(bad.code).to.equal(65);
      expect(bad.err.match(/zenoflow: error: /g)).to.have.length.of.at.least(2);
      expect(bad.err).to.contain("bad.yaml:6:").and.contain("bad.yaml:8:");
      expect((await call(["status"], { cwd })).code).to.equal(66);
      expect((await sweep(cwd, "faults.backendGone=true", "-o", "gone")).code).to.equal(69);
      const failed = await sweep(cwd, "faults.kind=0,1", "-o", "failed", "--fail-on-trial-error");
      expect(failed.code).to.equal(20);
      expect(failed.err).to.contain("failed: Error: swarm: this replica cannot be trained");
      const retried = await sweep(cwd, "faults.kind=0,1", "-o", "failed", "--retry", "error");
      expect(retried.code).to.equal(0);
      const store = openStore(sweepFolder(cwd, "failed"));
      const errors = rowsOf(store).filter(({ s }) => s === "error");
      expect(errors.length).to.be.within(10, 54);
      for (const { t } of errors) expect(store.committed().generation(0, t)).to.equal(1);
    }));

  it("checkpoints after a signal, exits with 75, and continues to the same rows", () =>
    withFolder(async (cwd) => {
      writeStudy(cwd, SLOW);
      for (const signal of ["SIGINT", "SIGTERM", "SIGUSR2"] as const) {
        const { child, done, saw } = slowSweep(cwd);
        await saw('"part":0.');
        child.kill(signal);
        const { code, err } = await done;
        expect(code, err).to.equal(75);
        expect(err).to.contain("stopping: ").and.contain("the same command continues");
        expect(err.includes("Ctrl-C")).to.equal(signal === "SIGINT");
        expect(readdirSync(join(sweepFolder(cwd), "checkpoints"))).to.have.length(1);
      }
      const status = JSON.parse((await call(["status", "--json"], { cwd })).out) as object;
      expect(status).to.include({ state: "stopped" });
      const rest = await sweep(cwd);
      expect(rest.code, rest.err).to.equal(0);
      expect(rows(sweepFolder(cwd))).to.deep.equal(wanted);
      expect(readdirSync(join(sweepFolder(cwd), "checkpoints"))).to.deep.equal([]);
    }));

  it("loses its executor with itself to kill -9, and nothing else", () =>
    withFolder(async (cwd) => {
      writeStudy(cwd, SLOW);
      const { child, done, saw } = slowSweep(cwd, "--workers", "2");
      await saw('"part":0.');
      const pids = executors(child.pid!);
      expect(pids).to.have.length(2);
      child.kill("SIGKILL");
      expect((await done).signal).to.equal("SIGKILL");
      await until(() => !pids.some(isRunning), "the executors are gone");
      const again = await sweep(cwd);
      expect(again.code, again.err).to.equal(0);
      expect(rows(sweepFolder(cwd))).to.deep.equal(wanted);
    }));

  it("tries again when its executor is killed from outside", () =>
    withFolder(async (cwd) => {
      writeStudy(cwd, SLOW);
      const { child, done, saw } = slowSweep(cwd);
      await saw('"part":0.');
      for (const pid of executors(child.pid!)) process.kill(pid, "SIGKILL");
      const { code, err } = await done;
      expect(code, err).to.equal(0);
      expect(err).to.contain("the executor was ended by SIGKILL; trying again");
      expect(rows(sweepFolder(cwd))).to.deep.equal(wanted);
    }));

  it("lets one supervisor at a time into a folder", () =>
    withFolder(async (cwd) => {
      writeStudy(cwd, SLOW);
      const { child, done, saw } = slowSweep(cwd);
      await saw('"part":0.');
      const other = await sweep(cwd);
      expect(other.code).to.equal(73);
      expect(other.err).to.contain("is supervised by process ");
      const watched = start(["watch", "--json", "--every", "0.1"], { cwd });
      const { code } = await done;
      expect([code, child.exitCode]).to.deep.equal([0, 0]);
      const lines = (await watched.done).out
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as { state: string });
      expect(lines.at(-1)).to.include({ state: "finished" });
      expect(rows(sweepFolder(cwd))).to.deep.equal(wanted);
    }));

  it("ends at once after a second Ctrl-C", () =>
    withFolder(async (cwd) => {
      writeStudy(cwd);
      const { child, done, saw } = slowSweep(cwd, "train.delay=20000");
      await saw("new sweep");
      child.kill("SIGINT");
      await saw("stopping: ");
      child.kill("SIGINT");
      expect((await done).code).to.equal(130);
    }));

  it("does not mind a clock that jumps", () =>
    withFolder(async (cwd) => {
      writeStudy(cwd, SLOW);
      const code = `const now = Date.now; let k = 0;
        Date.now = () => now() + (k++ & 1 ? 1 : -1) * 864e5;`;
      const jump = `data:text/javascript,${encodeURIComponent(code)}`;
      const { done } = start(["sweep", "study.yaml"], { cwd, nodeArgs: ["--import", jump] });
      const ended = await done;
      expect(ended.code, ended.err).to.equal(0);
      expect(rows(sweepFolder(cwd))).to.deep.equal(wanted);
    }));

  it("runs in the background, does what prune wants, and is verified", () =>
    withFolder(async (cwd) => {
      writeStudy(cwd, SLOW);
      expect((await sweep(cwd, "--time", "0.001s")).code).to.equal(75);
      const folder = sweepFolder(cwd);
      expect((await call(["prune", "latest", "3-5,63", "--pause"], { cwd })).code).to.equal(0);
      const background = await sweep(cwd, "--detach", "--json");
      const { pid } = JSON.parse(background.out) as { pid: number };
      const state = async (): Promise<string> =>
        (JSON.parse((await call(["status", "--json"], { cwd })).out) as { state: string }).state;
      let seen = "";
      for (const end = performance.now() + 30_000; seen !== "paused" && performance.now() < end;)
        seen = await state();
      expect(seen).to.equal("paused");
      await call(["prune", "latest", "--continue"], { cwd });
      expect((await call(["watch", "--every", "0.1"], { cwd })).out).to.contain("state   finished");
      await until(() => !isRunning(pid), "the background process has ended");
      const pruned = rowsOf(openStore(folder)).flatMap(({ t, s }) => (s === "pruned" ? [t] : []));
      expect(pruned).to.deep.equal([3, 4, 5, 63]);
      const verified = await call(["verify", "--trials", "5", "--json"], { cwd });
      expect(verified.code, verified.err).to.equal(0);
      expect(JSON.parse(verified.out)).to.deep.include({ schema: "zenoflow.verify/1", ok: true });
    }));

  it("finds a row that is not what its trial computes", () =>
    withFolder(async (cwd) => {
      writeStudy(cwd);
      await sweep(cwd, "trials=8");
      const store = openStore(sweepFolder(cwd));
      const [[id]] = [...store.scan().batches] as [[string, unknown]];
      const { header, rows: own } = store.batch(id);
      const lie = own.map((row, i) => (i === 0 ? { ...row, v: 0.125 } : row));
      const name = "b-000000000000";
      store.commit({ ...header, batch: name, generation: 1 }, lie);
      const { code, out } = await call(["verify", "--trials", "8"], { cwd });
      expect(code, out).to.equal(21);
      expect(out).to.contain("1 do not agree bit for bit").and.contain("v: 0.125 → ");
    }));
});
