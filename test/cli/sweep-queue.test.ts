// Sweeps on many machines as a user starts them: a call that plans, workers that join, and flags that do not go together.

import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "../../src/sweeps/store/index.js";
import { call, start, withFolder } from "../support/cli.js";
import { isInstalled, startRedis } from "../support/redis.js";
import { rowsOf } from "../support/swarm-sweep.js";
import { STUDY_TEXT, sweepFolder, writeStudy } from "../support/written-study.js";

const STUDY = STUDY_TEXT.replace("  model.size: {values: [1, 3]}\n", "");

describe("zenoflow worker", function () {
  this.timeout(60_000);

  it("does the work of a sweep that only plans, and ends with it", async function () {
    if (!isInstalled("redis-server")) this.skip();
    const redis = await startRedis();
    try {
      await withFolder(async (cwd) => {
        writeStudy(cwd, STUDY);
        expect((await call(["sweep", "study.yaml", "-o", "local"], { cwd })).code).to.equal(0);
        const env = { ZENOFLOW_REDIS: redis.address };
        const argv = ["sweep", "study.yaml", "--executor", "bullmq", "--workers", "0"];
        const planner = start(argv, { cwd, env });
        await planner.saw("new sweep");
        const worker = start(["worker", "latest"], { cwd, env });
        const [planned, worked] = await Promise.all([planner.done, worker.done]);
        expect([planned.code, worked.code], planned.err + worked.err).to.deep.equal([0, 0]);
        expect(worked.err).to.contain(": 64 rows");
        const store = openStore(sweepFolder(cwd, "runs"));
        expect(rowsOf(store)).to.deep.equal(rowsOf(openStore(sweepFolder(cwd, "local"))));
        expect(readFileSync(store.files.manifest, "utf8")).not.to.contain(redis.address);
      });
    } finally {
      await redis.close();
    }
  });

  it("says what is missing, and what does not go together", () =>
    withFolder(async (cwd) => {
      writeStudy(cwd, STUDY);
      const none = join(cwd, "none.sock");
      const sweep = ["sweep", "study.yaml"];
      const cases: readonly (readonly [argv: readonly string[], code: number, text: string])[] = [
        [[...sweep, "--executor", "bullmq", "--redis", none], 69, "no Redis at"],
        [[...sweep, "--workers", "0"], 64, "--workers must be at least 1"],
        [[...sweep, "--gres", "gpu:1"], 64, "--gres needs --executor slurm"],
        [[...sweep, "--gpus", "0,0"], 64, "different GPUs"],
        [["worker", "latest", "--redis", none], 69, "start redis-server"],
        [["worker", "latest", "--task", "3/3"], 64, "counted from 0"],
        [["worker", "latest", "--task", "0/3"], 65, "must hold the plan of an array"],
        [["worker", "nothing"], 66, "no sweep nothing"],
        [[...sweep, "--executor", "slurm"], 69, "scontrol is not installed"],
      ];
      for (const [argv, code, text] of cases) {
        const told = await call(argv, { cwd, env: { HOME: "/nonexistent", PATH: cwd } });
        expect([told.code, told.out], told.err).to.deep.equal([code, ""]);
        expect(told.err).to.contain(text);
      }
    }));
});
