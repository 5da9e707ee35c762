// The engine on a Slurm cluster of one node, started here from Debian's packages. Skipped visibly where they are absent.

import { expect } from "chai";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { batchScript, sbatchFlags } from "../../src/sweeps/engines/slurm/script.js";
import {
  partOf,
  planLines,
  readPlan,
  writePlan,
} from "../../src/sweeps/engines/slurm/plan-file.js";
import { sweepOf } from "../../src/sweeps/execution/sweep.js";
import { openStore } from "../../src/sweeps/store/index.js";
import { start, withFolder, type Outcome } from "../support/cli.js";
import { missingSlurm, startCluster, type TestCluster } from "../support/slurm.js";
import { openSwarm, rowsOf } from "../support/swarm-sweep.js";
import { choice, swarmStudy } from "../support/swarm-study.js";
import { STUDY_TEXT, sweepFolder, writeStudy } from "../support/written-study.js";

/** The same with halving. */
const HALVING = `${STUDY_TEXT.replace("{max", "{min: 10, max")}early_terminate: {type: successive_halving, eta: 2, cohort: 32}\n`;

const settings = {
  tasks: 3,
  retry: null,
  backend: "wasm",
  threads: null,
  microBatch: null,
  failFast: false,
};

describe("the shares of a Slurm array", () => {
  it("cover each block once, a unit in one task through all rungs", () =>
    withFolder(async (folder) => {
      const parameters = { ...swarmStudy().parameters, "model.size": choice([1, 2, 3, 4], true) };
      const store = openSwarm(folder, swarmStudy({ parameters }), 4);
      const sweep = sweepOf(store);
      const lines = planLines(sweep);
      writePlan(store, settings, lines);
      const plan = readPlan(store);
      const shares = [0, 1, 2].map((index) => [...partOf(sweep, plan, { index, count: 3 }).left()]);
      const ids = shares.flat().map(({ id }) => id);
      expect(ids.sort()).to.deep.equal(lines.map(({ block }) => block.id).sort());
      expect(shares.map((share) => new Set(share.map(({ group }) => group)).size)).to.deep.equal([
        2, 1, 1,
      ]);
      expect(() => partOf(sweep, plan, { index: 1, count: 2 })).to.throw("must be one of 3");
    }));

  it("are written with flags and a script that names in any spelling survive", () =>
    withFolder(async (folder) => {
      const store = openSwarm(join(folder, "it's"), swarmStudy());
      const options = {
        program: ["/opt/my node", "zenoflow.js"],
        cwd: folder,
        tasks: 8,
        width: 2,
        gres: "gpu:1",
        flags: ["--partition=gpu"],
      };
      expect(sbatchFlags(store, options)).to.include.members([
        "--array=0-7%2",
        "--gres=gpu:1",
        "--signal=B:USR2@120",
        "--requeue",
        "--open-mode=append",
        `--job-name=zf-${store.lock.identity.hash.slice(0, 12)}`,
        "--partition=gpu",
      ]);
      const script = batchScript(store, options);
      expect(script).to.contain("'/opt/my node' zenoflow.js worker ");
      expect(script).to.contain("it'\\''s' --task \"$SLURM_ARRAY_TASK_ID/8\" &");
    }));
});

describe("zenoflow sweep --executor slurm", function () {
  this.timeout(90_000);

  let cluster: TestCluster;

  before(async function () {
    const missing = missingSlurm();
    if (missing !== undefined) this.skip();
    cluster = await startCluster();
  });

  after(() => (cluster as TestCluster | undefined)?.close());

  const call = (cwd: string, ...argv: readonly string[]): Promise<Outcome> =>
    start(argv, { cwd, env: cluster.env }).done;

  it("gives the rows of the local engine, with halving, from an array of two tasks", () =>
    withFolder(async (cwd) => {
      writeStudy(cwd, HALVING);
      const local = await call(cwd, "sweep", "study.yaml", "-o", "local");
      expect(local.code, local.err).to.equal(0);
      const slurm = ["--executor", "slurm", "--workers", "2", "-o", "slurm"];
      const ran = await call(cwd, "sweep", "study.yaml", ...slurm);
      expect(ran.code, ran.err).to.equal(0);
      expect(ran.err).to.match(/submitted array \d+ of 2 tasks/);
      const [one, two] = ["local", "slurm"].map((root) => openStore(sweepFolder(cwd, root)));
      for (const rung of [0, 1, 2]) expect(rowsOf(two!, rung)).to.deep.equal(rowsOf(one!, rung));
      expect(readdirSync(two!.files.checkpoints)).to.deep.equal([]);
      const plan = readFileSync(join(two!.folder, "slurm", "plan.jsonl"), "utf8");
      expect(plan.trimEnd().split("\n").length).to.be.greaterThan(2);
    }));

  it("ends where the user wants it to, asks to go on where not, and continues to the same rows", () =>
    withFolder(async (cwd) => {
      writeStudy(cwd, `${STUDY_TEXT}config: {train: {delay: 300}}\n`);
      const local = await call(cwd, "sweep", "study.yaml", "-o", "local", "--workers", "2");
      expect(local.code, local.err).to.equal(0);
      const argv = ["sweep", "study.yaml", "--executor", "slurm", "-o", "runs"];
      const submitted = await call(cwd, ...argv, "--detach");
      expect(submitted.code, submitted.err).to.equal(0);
      const store = openStore(sweepFolder(cwd, "runs"));
      const status = async (): Promise<{ state: string; array: { id: string } | null }> =>
        JSON.parse((await call(cwd, "status", store.folder, "--json")).out) as never;
      const { state, array } = await status();
      expect(state).to.equal("running");
      const { id } = array!;
      await until(() => readdirSync(store.files.events).some((n) => n.startsWith("task-0")));
      await until(() =>
        readdirSync(store.files.events).some(
          (n) =>
            n.startsWith("task-0") &&
            readFileSync(join(store.files.events, n), "utf8").includes('"progress"'),
        ),
      );
      cluster.run("scancel", "--batch", "--signal=USR2", id);
      const states = (): string => cluster.run("squeue", "--noheader", "--array", "--format=%T %r");
      await until(() => states().includes("PENDING"));
      expect(readdirSync(store.files.checkpoints)).to.have.length(1);
      const stopped = await call(cwd, "prune", store.folder, "--stop");
      expect(stopped.code, stopped.err).to.equal(0);
      await until(() => states().trim() === "");
      expect((await status()).state).to.equal("stopped");
      const rest = await call(cwd, "sweep", "study.yaml", "-o", "runs");
      expect(rest.code, rest.err).to.equal(0);
      expect(rowsOf(store)).to.deep.equal(rowsOf(openStore(sweepFolder(cwd, "local"))));
    }));
});

async function until(holds: () => boolean): Promise<void> {
  for (const end = performance.now() + 40_000; !holds();) {
    if (performance.now() > end) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
