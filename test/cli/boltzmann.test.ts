// The Boltzmann machine from the command line: a run, its samples, its evaluation, and data that are a folder.

import { expect } from "chai";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT } from "../../src/cli/exit-codes.js";
import { call } from "../support/cli.js";

const SMALL = [
  ...["train.steps=4", "train.chains=20", "train.evaluateEvery=2", "evaluate.n=100"],
  ...["evaluate.annealedChains=10", "evaluate.annealedSteps=10", "replicas=2"],
];

describe("zenoflow train boltzmann", () => {
  let cwd: string;
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), "zenoflow-boltzmann-"));
  });
  afterEach(() => {
    rmSync(cwd, { recursive: true });
  });

  it("learns the columns of a file; its samples have the file's names and values", async () => {
    const rows = Array.from({ length: 40 }, (_, r) => `${r % 2},${r % 2},${Math.floor(r / 2) % 2}`);
    writeFileSync(join(cwd, "spins.csv"), ["up,same,other", ...rows].join("\n"));
    const trained = await call(
      ["train", "boltzmann", "--data", "spins.csv", "-o", "run", "--no-figures", ...SMALL],
      { cwd },
    );
    expect(trained.code, trained.err).to.equal(EXIT.done);
    expect(trained.out).to.match(/log-likelihood of test rows/);
    const { code, out } = await call(["sample", "run", "-n", "5"], { cwd });
    expect(code).to.equal(EXIT.done);
    const [header, ...drawn] = out.trimEnd().split("\r\n");
    expect(header).to.equal("up,same,other");
    expect(drawn).to.have.length(5);
    for (const row of drawn) expect(row).to.match(/^[01],[01],[01]$/);
    expect((await call(["evaluate", "run", "--no-figures"], { cwd })).code).to.equal(EXIT.done);
    const manifest = JSON.parse(readFileSync(join(cwd, "run", "manifest.json"), "utf8")) as {
      readonly data: readonly { readonly path: string }[];
    };
    expect(manifest.data.map(({ path }) => path)).to.deep.equal(["spins.csv"]);
  });

  it("says which file of MNIST a folder lacks, also in the cache of data sets", async () => {
    mkdirSync(join(cwd, "digits"));
    const folder = await call(["train", "boltzmann", "--data", "digits", ...SMALL], { cwd });
    expect(folder.code).to.equal(EXIT.missing);
    expect(folder.err).to.include(join(cwd, "digits", "train-images-idx3-ubyte"));
    const env = { ZENOFLOW_DATA_DIR: join(cwd, "sets") };
    const cache = await call(["train", "boltzmann", "--data", "mnist", ...SMALL], { cwd, env });
    expect(cache.code).to.equal(EXIT.missing);
    expect(cache.err).to.include(join(cwd, "sets", "mnist", "1", "raw", "train-images-idx3-ubyte"));
  });

  it("takes no folder for a model that learns columns of angles", async () => {
    mkdirSync(join(cwd, "digits"));
    const { code, err } = await call(["train", "dqgan", "--data", "digits"], { cwd });
    expect(code).to.equal(EXIT.missing);
    expect(err).to.include("digits cannot be read");
  });
});
