// The hybrid QGAN from the command line: train, train on, sample and evaluate in one run folder.

import { expect } from "chai";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { useBackend } from "../../src/index.js";
import { call, withFolder } from "../support/cli.js";
import type { Io } from "../../src/cli/io.js";

const chooseBackend: Io["chooseBackend"] = async () => {
  const { name, device, threads } = await useBackend("wasm");
  return { name, device, threads };
};

const SHORT = [
  "train.batch=8",
  "model.hidden=[8]",
  "evaluate.n=300",
  "evaluate.validation=200",
  "replicas=2",
];

describe("zenoflow train hybrid-qgan", () => {
  it("trains, draws, samples and evaluates", () =>
    withFolder(async (cwd) => {
      const train = ["train", "hybrid-qgan", "-o", "runs/h", "train.steps=4", ...SHORT];
      const { code, out, err } = await call(train, { cwd, chooseBackend });
      expect(code, err).to.equal(0);
      expect(out).to.match(/^hybrid-qgan: 4 steps in /);
      expect(out).to.match(/^Wasserstein-1 +\d/m);
      for (const name of ["overview", "histograms", "losses", "distance", "landscape"])
        expect(existsSync(join(cwd, "runs/h/figures", `${name}.png`)), name).to.equal(true);
      const sampled = await call(["sample", "runs/h", "-n", "3"], { cwd, chooseBackend });
      expect(sampled.out).to.match(/^x\r\n(-?[\d.e-]+\r\n){3}$/);
      const evaluated = await call(["evaluate", "runs/h", "-n", "200"], { cwd, chooseBackend });
      expect(evaluated.out).to.include(
        "200 generated samples against the 200 quantiles of the law",
      );
    })).timeout(60_000);

  it("has its presets and its settings in config", async () => {
    const shown = await call(["config", "hybrid-qgan", "--preset", "paper", "--resolved"]);
    expect(shown.out).to.match(/penalty: +twoSided/);
    const refused = await call(["train", "hybrid-qgan", "model.qubits=5", "--dry-run"]);
    expect(refused.code).to.equal(64);
    expect(refused.err).to.include("must be 2 with ansatz notebook, got 5");
  });

  it("names the CSV file that is missing", () =>
    withFolder(async (cwd) => {
      const { code, err } = await call(["train", "hybrid-qgan", "--data", "no.csv"], { cwd, chooseBackend }); // prettier-ignore
      expect(code).to.equal(66);
      expect(err).to.include("file no.csv does not exist");
    }));

  it("stores what a run was trained with", () =>
    withFolder(async (cwd) => {
      const train = ["train", "hybrid-qgan", "--no-figures", "-o", "run", "train.steps=2", ...SHORT]; // prettier-ignore
      await call(train, { cwd, chooseBackend });
      const manifest = readFileSync(join(cwd, "run", "manifest.json"), "utf8");
      expect(manifest).to.include("hybrid-qgan");
    }));
});
