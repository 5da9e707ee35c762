// The models of a sweep's best trials: run folders that every verb reads, the same whoever trained them.

import { expect } from "chai";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { openStore } from "../../src/sweeps/store/index.js";
import { call, withFolder, type Outcome } from "../support/cli.js";
import { rowsOf } from "../support/swarm-sweep.js";
import { STUDY_TEXT, sweepFolder, writeStudy } from "../support/written-study.js";

const sweep = (cwd: string, ...more: readonly string[]): Promise<Outcome> =>
  call(["sweep", "study.yaml", ...more], { cwd });

/** The bytes of the checkpoints in best/, by trial. */
function models(folder: string): Readonly<Record<string, string>> {
  const best = join(folder, "best");
  const names = existsSync(best) ? readdirSync(best).sort() : [];
  const file = "checkpoints/step-000000040.safetensors";
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(join(best, name, file)).toString("base64")]),
  );
}

function bestOf(folder: string, n: number, rung = 0): readonly string[] {
  const rows = [...rowsOf(openStore(folder), rung)].sort((a, b) => a.v! - b.v!);
  return rows.slice(0, n).map(({ t }) => `trial-${String(t)}`);
}

describe("models of the best trials", function () {
  this.timeout(60_000);

  it("are the same with other workers and micro-batches, and trained again where they are lost", () =>
    withFolder(async (cwd) => {
      writeStudy(cwd);
      const one = await sweep(cwd, "--models", "3");
      expect(one.code, one.err).to.equal(0);
      const folder = sweepFolder(cwd);
      const best = bestOf(folder, 3);
      expect(one.out).to.contain(
        `zenoflow sample ${join("runs", basename(folder), "best", best[0]!)}`,
      );
      const wanted = models(folder);
      expect(Object.keys(wanted)).to.deep.equal([...best].sort());

      rmSync(folder, { recursive: true });
      expect(
        (await sweep(cwd, "--models", "3", "--workers", "2", "--micro-batch", "5")).code,
      ).to.equal(0);
      expect(models(folder)).to.deep.equal(wanted);

      rmSync(join(folder, "best"), { recursive: true });
      rmSync(join(folder, "models"), { recursive: true });
      const again = await sweep(cwd, "--models", "3", "--json");
      expect(again.err).to.contain("training again the model of trial");
      expect(models(folder)).to.deep.equal(wanted);
      const told = JSON.parse(again.out) as { models: { trial: number; folder: string }[] };
      expect(told.models.map(({ trial }) => `trial-${String(trial)}`)).to.deep.equal(best);
    }));

  it("follow the best trials as a study grows, and leave nothing of the others", () =>
    withFolder(async (cwd) => {
      writeStudy(cwd);
      expect((await sweep(cwd, "trials=8", "--models", "2")).code).to.equal(0);
      const folder = sweepFolder(cwd);
      const early = Object.keys(models(folder));
      expect((await sweep(cwd, "trials=256")).code).to.equal(0);
      const late = Object.keys(models(folder));
      expect(late)
        .to.deep.equal([...bestOf(folder, 2)].sort())
        .and.not.deep.equal(early);
      expect(readdirSync(join(folder, "models")).length).to.be.within(1, 2);
      expect((await sweep(cwd, "trials=256", "--models", "0")).code).to.equal(0);
      expect(models(folder)).to.deep.equal({});
      expect(readdirSync(join(folder, "models"))).to.deep.equal([]);
    }));

  it("are those of the last rung under successive halving", () =>
    withFolder(async (cwd) => {
      const halving = "early_terminate: {type: successive_halving, eta: 4, cohort: 32}\n";
      writeStudy(cwd, `${STUDY_TEXT.replace("max: 40", "min: 10, max: 40")}${halving}`);
      expect((await sweep(cwd, "--models", "2")).code).to.equal(0);
      const folder = sweepFolder(cwd);
      expect(Object.keys(models(folder))).to.deep.equal([...bestOf(folder, 2, 1)].sort());
    }));

  it("and random rows of a method that proposes are computed again by the values of their rows", () =>
    withFolder(async (cwd) => {
      const ask = "method: ask-tell\nask: {module: evolution, generation: 8}\n";
      writeStudy(cwd, `${STUDY_TEXT.replace("trials: 64", "trials: 16")}${ask}`);
      expect((await sweep(cwd, "--models", "2")).code).to.equal(0);
      const folder = sweepFolder(cwd);
      const wanted = models(folder);
      const checked = await call(["verify", "--trials", "4"], { cwd });
      expect(checked.out, checked.err).to.contain("4 rows on wasm: agree bit for bit");
      rmSync(join(folder, "best"), { recursive: true });
      rmSync(join(folder, "models"), { recursive: true });
      expect((await sweep(cwd, "--models", "2")).code).to.equal(0);
      expect(models(folder)).to.deep.equal(wanted);
    }));

  it("can be sampled, evaluated and trained again, and are shown in the report", () =>
    withFolder(async (cwd) => {
      writeStudy(cwd);
      expect((await sweep(cwd)).code).to.equal(0);
      const folder = sweepFolder(cwd);
      const [first = "", second = ""] = bestOf(folder, 2);
      const best = join(folder, "best", first);
      const { v } = rowsOf(openStore(folder)).find(({ t }) => `trial-${String(t)}` === first)!;
      const sample = await call(["sample", best, "-n", "1"], { cwd });
      expect(Math.abs(Number(sample.out.split("\r\n")[1]) - 0.5)).to.be.closeTo(v!, 1e-6);
      expect((await call(["evaluate", best], { cwd })).code).to.equal(0);

      const anew = await call(["train", join(best, "config.yaml"), "--output", "alone"], { cwd });
      expect(anew.code, anew.err).to.equal(0);
      const alone = readFileSync(join(cwd, "alone/checkpoints/step-000000040.safetensors"));
      expect(alone.toString("base64")).to.equal(models(folder)[first]);

      const report = await call(["report", folder, "--best", "2"], { cwd });
      expect(report.code, report.err).to.equal(0);
      const html = readFileSync(join(folder, "report.html"), "utf8");
      for (const name of [first, second])
        expect(html).to.contain(`${name}-count`).and.contain(`best/${name}`);
      expect(html).to.contain(`The model of trial ${first.slice(6)}`);
      expect(existsSync(join(folder, "best", second, "evaluation.json"))).to.equal(true);
    }));
});
