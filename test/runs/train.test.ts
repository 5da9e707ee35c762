// The training of a run: resumed anywhere it gives the same bits, and writes what it says.

import { expect } from "chai";
import { readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { listCheckpoints } from "../../src/runs/checkpoint.js";
import { makeFolder } from "../../src/runs/files.js";
import { runFiles } from "../../src/runs/folder.js";
import { readHistory } from "../../src/runs/history.js";
import { acquireLock } from "../../src/runs/lock.js";
import { trainRun, type CheckpointEvery } from "../../src/runs/train.js";
import { counter, counterSchema } from "../support/counter.js";
import { withFolder } from "../support/cli.js";

const config = counterSchema.parse({ size: 4, train: { steps: 60, reportEvery: 3 } });

async function run(
  folder: string,
  options: {
    readonly stopAfter?: number;
    readonly every?: CheckpointEvery;
    readonly damaged?: string[];
  } = {},
) {
  makeFolder(folder);
  const lock = acquireLock(folder);
  let step = 0;
  try {
    return await trainRun(counter, config, {
      folder,
      lock,
      files: {},
      checkpointEvery: options.every ?? { seconds: 1000 },
      interrupted: () => step >= (options.stopAfter ?? Infinity),
      onEvent: (event) => {
        step = event.step;
      },
      onDamaged: (paths) => options.damaged?.push(...paths),
    });
  } finally {
    lock.release();
  }
}

const rows = (folder: string) =>
  readHistory(runFiles(folder).metrics).map(({ seconds: _seconds, ...row }) => row);
const newest = (folder: string) =>
  readFileSync(listCheckpoints(runFiles(folder).checkpoints)[0] ?? "");

describe("trainRun()", () => {
  it("gives the same bits with and without interruptions", () =>
    withFolder(async (root) => {
      const [whole, parts] = [join(root, "whole"), join(root, "parts")];
      await run(whole);
      for (const stopAfter of [3, 20, 30, 57]) {
        const { interrupted, snapshot } = await run(parts, { stopAfter });
        expect(interrupted).to.equal(true);
        expect(snapshot.step).to.equal(Math.ceil(stopAfter / 3) * 3);
      }
      expect((await run(parts)).interrupted).to.equal(false);
      expect(newest(parts).equals(newest(whole))).to.equal(true);
      expect(rows(parts)).to.deep.equal(rows(whole));
    }));

  it("goes on from the checkpoint before a torn one, and puts that aside", () =>
    withFolder(async (root) => {
      const [whole, torn] = [join(root, "whole"), join(root, "torn")];
      await run(whole);
      await run(torn, { stopAfter: 30, every: { steps: 10 } });
      const [last = ""] = listCheckpoints(runFiles(torn).checkpoints);
      truncateSync(last, 50);
      const damaged: string[] = [];
      await run(torn, { damaged });
      expect(damaged).to.deep.equal([last]);
      expect(newest(torn).equals(newest(whole))).to.equal(true);
      expect(rows(torn)).to.deep.equal(rows(whole));
    }));

  it("computes nothing for a run that has all its steps", () =>
    withFolder(async (folder) => {
      await run(folder);
      const before = readFileSync(runFiles(folder).metrics, "utf8");
      expect((await run(folder)).snapshot.step).to.equal(60);
      expect(readFileSync(runFiles(folder).metrics, "utf8")).to.equal(before);
    }));

  it("checkpoints by steps and by time", () =>
    withFolder(async (root) => {
      const steps = (folder: string) =>
        listCheckpoints(runFiles(folder).checkpoints).map((path) =>
          Number(/\d+/.exec(path.slice(-21))?.[0]),
        );
      await run(join(root, "steps"), { every: { steps: 10 } });
      expect(steps(join(root, "steps"))).to.deep.equal([60, 48]);
      await run(join(root, "time"), { every: { seconds: 0 } });
      expect(steps(join(root, "time"))).to.deep.equal([60, 57]);
    }));
});
