// `zenoflow train` in this process: folders, continuing, refusals, output.

import { expect } from "chai";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { DataError } from "../../src/errors.js";
import { readHistory } from "../../src/runs/history.js";
import { acquireLock } from "../../src/runs/lock.js";
import { readManifest, updateManifest } from "../../src/runs/manifest.js";
import { call, withFolder } from "../support/cli.js";
import { counterEntry } from "../support/counter-entry.js";

const TRAIN = ["train", "counter", "--no-figures"] as const;
const only = (folder: string): string => join(folder, readdirSync(folder)[0] ?? "");

describe("zenoflow train", () => {
  it("makes a run folder that explains itself", () =>
    withFolder(async (cwd) => {
      const { code, out, err } = await call(["train", "counter", "--seed", "3"], { cwd });
      expect(code, err).to.equal(0);
      const folder = only(join(cwd, "runs"));
      expect(readdirSync(folder).sort()).to.deep.equal([
        "checkpoints",
        "config.yaml",
        "evaluation.json",
        "figures",
        "manifest.json",
        "metrics.jsonl",
        "report.html",
      ]);
      expect(readdirSync(join(folder, "figures"))).to.deep.equal(["count.png", "count.svg"]);
      expect(out)
        .to.match(/^measure +value +floor +published$/m)
        .and.match(/^count distance +0\.\d+ +0\.01 +0\.094$/m);
      expect(out)
        .to.match(/^not a number +NaN +on purpose$/m)
        .and.contain("report.html");
      expect(parse(readFileSync(join(folder, "config.yaml"), "utf8"))).to.deep.include({
        task: "counter",
        seed: 3,
      });
      expect(readFileSync(join(folder, "config.yaml"), "utf8")).to.match(/^seed: 3 +# flag$/m);
      expect(readFileSync(join(folder, "report.html"), "utf8")).to.contain(
        "zenoflow train counter --seed 3",
      );
    }));

  it("writes a manifest that makes the run repeatable", () =>
    withFolder(async (cwd) => {
      writeFileSync(join(cwd, "my data.csv"), "a,b\n1,2\n");
      const env = { ZENOFLOW_SIZE: "2", SECRET: "x" };
      await call([...TRAIN, "--data", "my data.csv", "-o", "out"], { cwd, env });
      const manifest = readManifest(join(cwd, "out"));
      expect(manifest).to.include({ status: "finished", step: 20 });
      expect(manifest?.configHash).to.match(/^[0-9a-f]{64}$/);
      expect(manifest?.data).to.deep.equal([
        {
          path: "my data.csv",
          file: join(cwd, "my data.csv"),
          bytes: 8,
          sha256: "492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470",
        },
      ]);
      const [entry] = manifest?.invocations ?? [];
      expect(entry).to.deep.include({
        verb: "train",
        cwd,
        exit: 0,
        seed: 1,
        env: { ZENOFLOW_SIZE: "2" },
      });
      expect(entry?.argv).to.deep.equal([...TRAIN, "--data", "my data.csv", "-o", "out"]);
      expect(entry?.backend).to.deep.equal({ name: "wasm", device: "nowhere", threads: 2 });
      expect(entry?.node).to.equal(process.version);
      expect(entry?.machine.memory).to.be.greaterThan(0);
    }));

  it("continues the newest unfinished run of the same configuration, else starts another", () =>
    withFolder(async (cwd) => {
      await call(TRAIN, { cwd });
      const first = only(join(cwd, "runs"));
      updateManifest(first, { status: "stopped" });
      const again = await call(TRAIN, { cwd });
      expect(again.err).to.contain(`continuing ${join("runs", first.slice(-29))}`);
      expect(readdirSync(join(cwd, "runs"))).to.have.length(1);
      await call([...TRAIN, "train.steps=4"], { cwd });
      expect(readdirSync(join(cwd, "runs"))).to.have.length(2);
      updateManifest(first, { status: "stopped" });
      await call([...TRAIN, "--new"], { cwd });
      expect(readdirSync(join(cwd, "runs"))).to.have.length(3);
    }));

  it("says that the run in a named folder is finished, and shows it again", () =>
    withFolder(async (cwd) => {
      const first = await call([...TRAIN, "-o", "out"], { cwd });
      const again = await call([...TRAIN, "-o", "out"], { cwd });
      expect([again.code, again.out]).to.deep.equal([0, first.out]);
      expect(again.err).to.contain("out is finished");
      expect(readManifest(join(cwd, "out"))?.invocations).to.have.length(1);
    }));

  it("refuses another configuration in a named folder, and says what differs", () =>
    withFolder(async (cwd) => {
      writeFileSync(join(cwd, "d.csv"), "1");
      const argv = [...TRAIN, "-o", "out", "--data", "d.csv"];
      await call(argv, { cwd });
      writeFileSync(join(cwd, "d.csv"), "2");
      const { code, out, err } = await call([...argv, "train.steps=4"], { cwd });
      expect([code, out]).to.deep.equal([65, ""]);
      expect(err)
        .to.contain("train.steps: 20 → 4")
        .and.contain("contents of d.csv: ")
        .and.contain("--force");
      expect((await call([...argv, "train.steps=4", "--force"], { cwd })).code).to.equal(0);
      expect(readManifest(join(cwd, "out"))?.step).to.equal(4);
    }));

  it("refuses --new and foreign files in a named folder without --force", () =>
    withFolder(async (cwd) => {
      await call([...TRAIN, "-o", "out"], { cwd });
      expect((await call([...TRAIN, "-o", "out", "--new"], { cwd })).code).to.equal(64);
      mkdirSync(join(cwd, "mine"));
      writeFileSync(join(cwd, "mine", "thesis.tex"), "");
      expect((await call([...TRAIN, "-o", "mine"], { cwd })).code).to.equal(73);
      expect((await call([...TRAIN, "-o", "mine", "--force"], { cwd })).code).to.equal(0);
      expect((await call([...TRAIN, "-o", "mine", "--force"], { cwd })).code).to.equal(0);
      expect(existsSync(join(cwd, "mine", "thesis.tex"))).to.equal(true);
    }));

  it("does not go on from the checkpoints of a run whose manifest is gone or damaged", () =>
    withFolder(async (cwd) => {
      const again = [...TRAIN, "-o", "out", "--seed", "2"];
      const fresh = [...TRAIN, "-o", "fresh", "--seed", "2"];
      const numbers = (name: string): unknown[] =>
        readHistory(join(cwd, name, "metrics.jsonl")).map(({ step, losses }) => [step, losses]);
      await call(fresh, { cwd });
      for (const text of [undefined, "{", '{"schema":"zenoflow.manifest/1"}']) {
        await call([...TRAIN, "-o", "out", "--force"], { cwd });
        const manifest = join(cwd, "out", "manifest.json");
        rmSync(manifest);
        if (text !== undefined) writeFileSync(manifest, text);
        const refused = await call(again, { cwd });
        expect(refused.code).to.equal(text === undefined ? 73 : 65);
        expect(refused.err).to.contain("manifest.json").and.contain("--force");
        expect((await call([...again, "--force"], { cwd })).code).to.equal(0);
        expect(numbers("out")).to.deep.equal(numbers("fresh"));
      }
    }));

  it("leaves what was in a folder that it was forced into, where nothing could be trained", () =>
    withFolder(async (cwd) => {
      const mine = join(cwd, "mine", "figures");
      mkdirSync(mine, { recursive: true });
      writeFileSync(join(mine, "a.svg"), "");
      const argv = [...TRAIN, "-o", "mine", "--force", "size=2"];
      const { code, err } = await call(argv, {
        cwd,
        models: {
          counter: {
            ...counterEntry,
            load: () => Promise.reject(new DataError("these data are of no use")),
          },
        },
      });
      expect([code, err]).to.have.property("0", 65);
      expect(err).to.contain("of no use");
      expect(readdirSync(join(cwd, "mine"))).to.deep.equal(["figures"]);
      expect(readdirSync(mine)).to.deep.equal(["a.svg"]);
    }));

  it("takes no pipe for a data file, and says what a folder is", function () {
    if (process.platform === "win32") this.skip();
    return withFolder(async (cwd) => {
      execFileSync("mkfifo", [join(cwd, "pipe")]);
      const piped = await call([...TRAIN, "--data", "pipe"], { cwd });
      expect([piped.code, piped.err]).to.deep.equal([
        65,
        "zenoflow: error: data.file file pipe is a pipe or a device: a run reads its data again when it is continued or sampled\n" +
          "  hint: write the data to a file and name that\n",
      ]);
      const folder = await call([...TRAIN, "--data", "."], { cwd });
      expect(folder.code).to.equal(66);
      expect(folder.err).to.contain("file . cannot be read (it is a folder)");
    });
  });

  it("refuses to write a run that another process writes", () =>
    withFolder(async (cwd) => {
      await call(TRAIN, { cwd });
      const folder = only(join(cwd, "runs"));
      updateManifest(folder, { status: "running" });
      const lock = acquireLock(folder);
      const { code, err } = await call(TRAIN, { cwd });
      lock.release();
      expect(code).to.equal(73);
      expect(err).to.contain(`is being written by process ${process.pid.toString()}`);
      expect((await call(TRAIN, { cwd })).code).to.equal(0);
    }));

  it("continues on the backend it began on, and on another one only when told", () =>
    withFolder(async (cwd) => {
      await call([...TRAIN, "-o", "out", "--backend", "cpu"], { cwd });
      const stop = () => updateManifest(join(cwd, "out"), { status: "stopped" });
      stop();
      expect((await call([...TRAIN, "-o", "out"], { cwd })).code).to.equal(0);
      const last = readManifest(join(cwd, "out"))?.invocations.at(-1);
      expect(last?.backend).to.include({ name: "cpu" });
      stop();
      const other = [...TRAIN, "-o", "out", "--backend", "wasm"];
      const { code, err } = await call(other, { cwd });
      expect(code).to.equal(65);
      expect(err).to.contain("was begun on backend cpu, got --backend wasm");
      expect((await call([...other, "--mix-backends"], { cwd })).code).to.equal(0);
    }));

  it("prints one JSON document under --json, with non-finite numbers as text", () =>
    withFolder(async (cwd) => {
      const { out } = await call([...TRAIN, "--json", "-q"], { cwd });
      const document = JSON.parse(out) as { measures: { value: unknown }[] };
      expect(document).to.include({ schema: "zenoflow.train/1", status: "finished", step: 20 });
      expect(document.measures.map(({ value }) => typeof value)).to.deep.equal([
        "number",
        "string",
      ]);
      expect(document).to.not.have.property("arrays");
    }));

  it("plans under --dry-run and writes nothing", () =>
    withFolder(async (cwd) => {
      const { code, out } = await call([...TRAIN, "-n", "--preset", "quick"], { cwd });
      expect(code).to.equal(0);
      expect(out)
        .to.match(/^ {2}steps: 5 +# preset quick$/m)
        .and.match(/plan: train from the first step in .*counter-/);
      expect(readdirSync(cwd)).to.deep.equal([]);
      const { out: json } = await call([...TRAIN, "-n", "--json", "-o", "x"], { cwd });
      expect(JSON.parse(json)).to.include({
        schema: "zenoflow.plan/1",
        action: "new",
        run: join(cwd, "x"),
      });
    }));

  it("leaves no run behind where a data file is missing or the model refuses the values", () =>
    withFolder(async (cwd) => {
      const missing = await call([...TRAIN, "--data", "gone.csv"], { cwd });
      expect([missing.code, missing.err]).to.deep.equal([
        66,
        `zenoflow: error: data.file file gone.csv does not exist\n  hint: looked for ${join(cwd, "gone.csv")}; relative paths start at the current directory\n`,
      ]);
      const backend = await call(TRAIN, {
        cwd,
        chooseBackend: () => Promise.reject(new Error("no")),
      });
      expect(backend.code).to.equal(70);
      expect(readdirSync(cwd)).to.deep.equal([]);
    }));

  it("exits with 20 where the training diverges, and keeps the run", () =>
    withFolder(async (cwd) => {
      const { code, err } = await call([...TRAIN, "train.divergeAt=7", "-o", "out"], { cwd });
      expect(code).to.equal(20);
      expect(err).to.contain("counter: step 7 diverged");
      expect(readManifest(join(cwd, "out"))).to.include({ status: "failed" });
      expect(readManifest(join(cwd, "out"))?.invocations[0]?.exit).to.equal(20);
    }));

  it("is one clear error where the folder cannot be written", function () {
    return withFolder(async (cwd) => {
      writeFileSync(join(cwd, "file"), "");
      const through = await call([...TRAIN, "-o", "file/run"], { cwd });
      expect(through.code).to.equal(73);
      expect(through.err).to.match(
        /^zenoflow: error: .*run cannot be written: a part of the path is a file, not a folder\n {2}hint: /,
      );
      if (process.getuid?.() === 0) return;
      mkdirSync(join(cwd, "closed"), { mode: 0o500 });
      const closed = await call([...TRAIN, "-o", "closed/run"], { cwd });
      chmodSync(join(cwd, "closed"), 0o700);
      expect(closed.code).to.equal(73);
      expect(closed.err).to.contain("permission denied");
    });
  });

  it("warns and goes on where the drawing packages are missing", () =>
    withFolder(async (cwd) => {
      const { BackendError } = await import("../../src/errors.js");
      const { counter } = await import("../support/counter.js");
      const { counterEntry } = await import("../support/counter-entry.js");
      const spec = {
        get mark(): string {
          throw new BackendError("package vega must be installed. Run `npm install vega`.");
        },
      };
      const definition = { ...counter, figures: () => [{ name: "a", caption: "", spec }] };
      const models = { counter: { ...counterEntry, load: async () => definition } };
      const { code, err, out } = await call(["train", "counter", "-o", "out"], { cwd, models });
      expect(code).to.equal(0);
      expect(err)
        .to.contain("not all figures are drawn: ")
        .and.contain("npm install vega")
        .and.contain("zenoflow report out");
      expect(out).to.contain("report.html");
    }));
});
