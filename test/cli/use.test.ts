// sample, evaluate, report: what is done with a finished run.

import { expect } from "chai";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { csv, float32Text, npy } from "../../src/cli/use/csv.js";
import { listCheckpoints } from "../../src/runs/checkpoint.js";
import { readManifest, updateManifest } from "../../src/runs/manifest.js";
import { call, withFolder } from "../support/cli.js";

/** A finished run named `out`. */
async function trained(cwd: string, ...more: readonly string[]): Promise<string> {
  const { code, err } = await call(
    ["train", "counter", "--no-figures", "-o", "runs/out", ...more],
    { cwd },
  );
  expect(code, err).to.equal(0);
  return join(cwd, "runs", "out");
}

describe("zenoflow sample", () => {
  it("writes CSV with a quoted header, by folder, by name and by `latest`", () =>
    withFolder(async (cwd) => {
      await trained(cwd);
      const { code, out, err } = await call(["sample", "runs/out", "-n", "2"], { cwd });
      expect([code, err]).to.deep.equal([0, ""]);
      expect(out).to.match(/^count,"the ""other"", count"\r\n0\.\d+,0\.\d+\r\n0\.\d+,0\.\d+\r\n$/);
      for (const name of ["out", "latest"]) {
        expect((await call(["sample", name, "-n", "2"], { cwd })).out).to.equal(out);
      }
      expect((await call(["sample", "out", "-n", "0"], { cwd })).out.split("\r\n")).to.have.length(
        2,
      );
    }));

  it("passes seed and replica on", () =>
    withFolder(async (cwd) => {
      await trained(cwd);
      const out = async (...more: string[]) =>
        (await call(["sample", "latest", "-n", "3", ...more], { cwd })).out;
      const plain = await out();
      expect(await out("--seed", "0", "--replica", "0")).to.equal(plain);
      expect(await out("--seed", "5")).to.not.equal(plain);
      expect(await out("--replica", "1")).to.not.equal(plain);
    }));

  it("does not write CSV into a file that promises another format", () =>
    withFolder(async (cwd) => {
      for (const name of ["x.parquet", "x.JSON"]) {
        const { code, err } = await call(["sample", "latest", "-o", name], { cwd });
        expect(code).to.equal(64);
        expect(err).to.include(`--output ${name}: samples are written as CSV or .npy`);
        expect(existsSync(join(cwd, name))).to.equal(false);
      }
    }));

  it("writes whole files, CSV or .npy, and says so on stderr only", () =>
    withFolder(async (cwd) => {
      await trained(cwd);
      const { out, err } = await call(["sample", "latest", "-n", "7", "-o", "a b.csv"], { cwd });
      expect([out, err]).to.deep.equal(["", "7 rows in a b.csv\n"]);
      expect(readFileSync(join(cwd, "a b.csv"), "utf8").trimEnd().split("\r\n")).to.have.length(8);
      await call(["sample", "latest", "-n", "7", "-o", "x.npy"], { cwd });
      expect(readFileSync(join(cwd, "x.npy")).subarray(1, 6).toString()).to.equal("NUMPY");
      expect((await call(["sample", "latest", "-o", "no/x.csv"], { cwd })).code).to.equal(73);
    }));

  it("says which runs there are where the one asked for is not", () =>
    withFolder(async (cwd) => {
      const none = await call(["sample", "latest"], { cwd });
      expect([none.code, none.err]).to.deep.equal([
        66,
        `zenoflow: error: there is no run in ${join(cwd, "runs")}\n  hint: train one: zenoflow train dqgan; or name its folder\n`,
      ]);
      await trained(cwd);
      const other = await call(["sample", "runs/outt"], { cwd });
      expect([other.code, other.err]).to.deep.equal([
        66,
        "zenoflow: error: run runs/outt does not exist (did you mean out?)\n  hint: the newest one is out (latest)\n",
      ]);
    }));

  it("says what a folder is that is no run", () =>
    withFolder(async (cwd) => {
      const folder = await trained(cwd);
      const told = async (name: string): Promise<string> => {
        const { code, err } = await call(["sample", name], { cwd });
        expect(code, err).to.equal(66);
        return err;
      };
      expect(await told("runs"))
        .to.contain(`${join(cwd, "runs")} is no run, but holds 1`)
        .and.contain(`'${folder}'`);
      mkdirSync(join(cwd, "other"));
      expect(await told("other")).to.contain("holds no run: a run has a manifest.json");
      writeFileSync(join(cwd, "other", "study.lock.json"), "{}");
      writeFileSync(join(cwd, "other", "manifest.json"), "{}");
      expect(await told("other")).to.contain("is a sweep, not a run");
      rmSync(join(folder, "checkpoints"), { recursive: true });
      expect(await told("runs/out")).to.contain("is finished, but its checkpoint is gone");
      rmSync(join(folder, "manifest.json"));
      expect(await told("runs/out")).to.contain("holds no run");
    }));

  it("takes no manifest whose configuration was altered: its checkpoint is of another one", () =>
    withFolder(async (cwd) => {
      const folder = await trained(cwd);
      const manifest = join(folder, "manifest.json");
      writeFileSync(manifest, readFileSync(manifest, "utf8").replace('"rate": 0.5', '"rate": 0.7'));
      const { code, err } = await call(["sample", "latest"], { cwd });
      expect(code).to.equal(65);
      expect(err).to.contain("manifest.json is damaged: the configuration in it is not the one");
    }));

  it("uses the last good checkpoint of a run that is not finished, and says so", () =>
    withFolder(async (cwd) => {
      const folder = await trained(cwd, "--checkpoint-every", "5steps");
      updateManifest(folder, { status: "stopped" });
      truncateSync(listCheckpoints(join(folder, "checkpoints"))[0] ?? "", 9);
      const { code, err } = await call(["sample", "latest", "-n", "1"], { cwd });
      expect(code).to.equal(0);
      expect(err)
        .to.contain("is damaged; an older one is used")
        .and.contain("using its checkpoint of step 15");
      rmSync(join(folder, "checkpoints"), { recursive: true });
      expect((await call(["sample", "latest"], { cwd })).code).to.equal(66);
    }));

  it("refuses data that have changed since, and finds them from any folder", () =>
    withFolder(async (cwd) => {
      writeFileSync(join(cwd, "d.csv"), "1");
      const folder = await trained(cwd, "--data", "d.csv");
      expect((await call(["sample", folder, "-n", "1"], { cwd: "/" })).code).to.equal(0);
      writeFileSync(join(cwd, "d.csv"), "2");
      const { code, err } = await call(["sample", folder], { cwd });
      expect(code).to.equal(65);
      expect(err).to.contain("d.csv has changed since").and.contain("SHA-256 6b86b273ff34");
    }));

  it("knows when a configuration is not one of this version", () =>
    withFolder(async (cwd) => {
      const folder = await trained(cwd);
      const identity = readManifest(folder)?.identity;
      updateManifest(folder, {
        identity: { ...identity, task: "counter", config: { old: 1 }, data: {} },
      });
      const { code, err } = await call(["sample", "latest"], { cwd });
      expect(code).to.equal(65);
      expect(err).to.contain("was written by version 0.1.0").and.contain("npx zenoflow@0.1.0");
    }));
});

describe("zenoflow evaluate", () => {
  it("stores its result, draws again and notes the call", () =>
    withFolder(async (cwd) => {
      const folder = await trained(cwd);
      rmSync(join(folder, "evaluation.json"));
      const { code, out } = await call(["evaluate", "latest"], { cwd });
      expect(code).to.equal(0);
      expect(out)
        .to.match(/^count distance/m)
        .and.contain("The last count of 3 numbers, 100 times.");
      expect(existsSync(join(folder, "evaluation.json"))).to.equal(true);
      expect(readdirSync(join(folder, "figures"))).to.deep.equal(["count.png", "count.svg"]);
      const manifest = readManifest(folder);
      expect(manifest?.status).to.equal("finished");
      expect(manifest?.invocations.map(({ verb, exit }) => [verb, exit])).to.deep.equal([
        ["train", 0],
        ["evaluate", 0],
      ]);
    }));

  it("only prints under other sample sizes or seeds", () =>
    withFolder(async (cwd) => {
      const folder = await trained(cwd);
      const before = readFileSync(join(folder, "evaluation.json"), "utf8");
      const { out, err } = await call(["evaluate", "latest", "-n", "1000", "--json"], { cwd });
      expect(err).to.contain("printed only");
      expect((JSON.parse(out) as { protocol: string[] }).protocol[0]).to.contain("1000 times");
      expect(readFileSync(join(folder, "evaluation.json"), "utf8")).to.equal(before);
    }));
});

describe("zenoflow report", () => {
  it("draws from what is stored, and says what is missing", () =>
    withFolder(async (cwd) => {
      const folder = await trained(cwd);
      rmSync(join(folder, "checkpoints"), { recursive: true });
      const { code, out } = await call(["report", "out"], { cwd });
      expect(code).to.equal(0);
      expect(
        out
          .trim()
          .split("\n")
          .map((path) => path.replace(/.*\//, "")),
      ).to.deep.equal(["report.html", "count.svg", "count.png"]);
      const html = readFileSync(join(folder, "report.html"), "utf8");
      expect(html)
        .to.contain("<svg")
        .and.contain("task: counter")
        .and.not.match(/(src|href)="http/);
      rmSync(join(folder, "evaluation.json"));
      expect((await call(["report", "out"], { cwd })).err).to.contain(
        "hint: zenoflow evaluate out",
      );
    }));

  it("says that a stored evaluation is damaged, and how to make another", () =>
    withFolder(async (cwd) => {
      const folder = await trained(cwd);
      writeFileSync(join(folder, "evaluation.json"), '{"model":');
      const { code, err } = await call(["report", "out"], { cwd });
      expect(code).to.equal(65);
      expect(err)
        .to.contain(`${join(folder, "evaluation.json")} is damaged`)
        .and.contain(`hint: measure again: zenoflow evaluate '${folder}'`);
      for (const text of ["{}", "null", "[]"]) {
        writeFileSync(join(folder, "evaluation.json"), text);
        const other = await call(["report", "out"], { cwd });
        expect([other.code, other.err]).to.have.property("0", 65);
        expect(other.err).to.contain("is damaged: some of its parts are missing");
      }
    }));

  it("shows a finished run again without its history, or with a damaged one", () =>
    withFolder(async (cwd) => {
      const metrics = join(await trained(cwd), "metrics.jsonl");
      for (const damage of [() => writeFileSync(metrics, ""), () => rmSync(metrics)]) {
        damage();
        await trained(cwd);
      }
    }));
});

describe("csv()", () => {
  it("writes short decimals that read back as the same float32", () => {
    const values = Float32Array.of(
      0.1,
      1 / 3,
      -0,
      1e-45,
      3.4028235e38,
      16777217,
      NaN,
      -Infinity,
      2.5,
    );
    const texts = Array.from(values, float32Text);
    expect(texts).to.deep.equal([
      "0.1",
      "0.33333334",
      "0",
      "1.4013e-45",
      "3.4028235e+38",
      "16777216",
      "NaN",
      "-Infinity",
      "2.5",
    ]);
    expect(Float32Array.from(texts, Number).map((x) => x + 0)).to.deep.equal(
      values.map((x) => x + 0),
    );
  });

  it("gives all rows whatever the size of its pieces", () => {
    for (const n of [0, 1, 4095, 4096, 4097]) {
      const text = [...csv({ columns: ["a", "b"], values: new Float32Array(2 * n) })].join("");
      expect(text, n.toString()).to.equal(`a,b\r\n${"0,0\r\n".repeat(n)}`);
    }
  });
});

describe("npy()", () => {
  it("writes a header that ends at a multiple of 64 and the rows behind it", () => {
    const bytes = npy({ columns: ["a", "b", "c"], values: Float32Array.of(1, 2, 3, 4, 5, 6) });
    const length = Buffer.from(bytes).readUInt16LE(8);
    expect((10 + length) % 64).to.equal(0);
    const header = Buffer.from(bytes.subarray(10, 10 + length)).toString("latin1");
    expect(header).to.match(
      /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(2, 3\), \} *\n$/,
    );
    expect(Buffer.from(bytes).readFloatLE(10 + length + 20)).to.equal(6);
  });
});
