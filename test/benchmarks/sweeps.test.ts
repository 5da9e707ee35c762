// What the suite of sweeps computes from what it measured: overhead, agreement, differing rows, processor time; and that the
// pieces it runs exist.

import { expect } from "chai";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { useBackend } from "../../src/backend.js";
import { overhead } from "../../benchmarks/sweeps.js";
import { costOf, program, secondsOfTimes } from "../../benchmarks/sweeps/command.js";
import { firstSteps } from "../../benchmarks/sweeps/first-steps.js";
import { writeRows } from "../../benchmarks/sweeps/million.js";
import { pairedSigmas } from "../../benchmarks/sweeps/optuna.js";
import { differingRows, STUDY } from "../../benchmarks/sweeps/ten-thousand.js";
import { decodeBatch, openStore, rowRules } from "../../src/sweeps/store/index.js";
import { withFolder } from "../support/cli.js";
import { emptySweep, rowOf, STUDY as TOY } from "../support/sweep.js";

describe("overhead()", () => {
  const run = (processor: number, rows: number) =>
    ({ workers: 1, rows, training: 0, cost: { seconds: 1, processor, peak: null } }) as const;

  it("compares processor time a row, whatever number of rows was trained alone", () => {
    const pure = { rows: 100, seconds: 10, processor: 10, different: 0 };
    expect(overhead(run(10, 100), pure)).to.equal(0);
    expect(overhead(run(44, 400), pure)).to.be.closeTo(0.1, 1e-12);
  });
});

describe("pairedSigmas()", () => {
  it("is the t statistic of the differences", () => {
    // Differences 1, 2, 3: mean 2, standard deviation 1, so 2 / (1 / sqrt 3).
    expect(pairedSigmas([2, 4, 6], [1, 2, 3])).to.be.closeTo(2 * Math.sqrt(3), 1e-12);
    expect(pairedSigmas([1, 2], [1, 2])).to.equal(0);
  });
});

describe("differingRows()", () => {
  it("sees a last bit, the sign of zero, NaN, and rows that one side lacks", () => {
    const rows = [rowOf(0), rowOf(1), rowOf(2, { v: Number.NaN })];
    expect(differingRows(rows, [rowOf(0), rowOf(1), rowOf(2, { v: Number.NaN })])).to.equal(0);
    expect(differingRows(rows, rows.slice(0, 2))).to.equal(1);
    const changed = [rowOf(0, { v: rowOf(0).v! + 2 ** -53 }), rowOf(1, { probe: -0 }), rowOf(2)];
    expect(differingRows([rowOf(0), rowOf(1, { probe: 0 }), rows[2]!], changed)).to.equal(3);
  });
});

describe("costOf()", () => {
  it("reads the shell's times of its children", () => {
    expect(secondsOfTimes("0m0.010s 0m0.020s\n1m2.500s 0m0.250s\n")).to.be.closeTo(62.75, 1e-12);
  });

  it("measures a process, passes its input on, and reports its failure", async () => {
    const busy = "const e=Date.now()+200;while(Date.now()<e);process.stdin.pipe(process.stdout)";
    const cost = await costOf([process.execPath, "-e", busy], { cwd: ".", input: "given" });
    expect(cost.stdout).to.equal("given");
    expect(cost.processor)
      .to.be.greaterThan(0)
      .and.at.most(cost.seconds * 8);
    if (process.platform === "linux") expect(cost.peak).to.be.greaterThan(10).and.below(1000);
    const failing = costOf([process.execPath, "-e", "throw Error('so it is')"], { cwd: "." });
    const error: unknown = await failing.catch((reason: unknown) => reason);
    expect(String(error)).to.match(/^Error: bench: .*ended with 1/s);
  });

  it("knows where the command line and the study are", () => {
    expect(existsSync(program().at(-1)!)).to.equal(true);
    expect(existsSync(STUDY)).to.equal(true);
  });
});

describe("firstSteps()", () => {
  it("are those of the model: the first one moves every coupling by its rate", async () => {
    await useBackend("wasm", { threads: 1 });
    const { generator, expected, draws } = await firstSteps([0.01, 0.02, 20, 0.95], 1);
    expect(draws.map((one) => one.map(({ length }) => length))).to.deep.equal([[128, 128, 128]]);
    // Adam's first step is the rate along the sign of the gradient, but for epsilon and rounding.
    expected[0]!.forEach((x, i) => {
      expect(Math.abs(x - generator[i]!)).to.be.closeTo(0.01, 1e-5);
    });
  });
});

describe("writeRows()", () => {
  it("writes a sweep that the store takes for whole, each trial once", () =>
    withFolder(async (root) => {
      const model = emptySweep(join(root, "model"), {
        study: {
          ...TOY,
          halving: null,
          parameters: { "train.generatorRate": TOY.parameters["train.lr"]! },
        },
      });
      const { folder, written } = writeRows(root, model, rowOf(1), 1500);
      const store = openStore(folder);
      const { batches, committed } = store.scan();
      expect([batches.size, committed.count(0)]).to.deep.equal([2, 1500]);
      expect(written.commitsPerSecond).to.be.greaterThan(0);
      const [id] = batches.keys();
      const bytes = readFileSync(join(folder, "batches", `${id!}.jsonl`));
      expect(decodeBatch(bytes, rowRules(store.lock.study)).rows[0]!.p).to.have.property(
        "train.beta1",
      );
    }));
});
