// Manifest, history and the search for runs.

import { expect } from "chai";
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "../../src/errors.js";
import { findUnfinished, listRuns } from "../../src/runs/find.js";
import { newRunName } from "../../src/runs/folder.js";
import { openHistory, readHistory } from "../../src/runs/history.js";
import {
  endInvocation,
  MANIFEST_SCHEMA,
  readManifest,
  startInvocation,
  writeManifest,
  type Manifest,
} from "../../src/runs/manifest.js";
import { provenance } from "../../src/runs/provenance.js";
import { withFolder } from "../support/cli.js";

const call = {
  argv: ["train", "counter"],
  cwd: process.cwd(),
  env: {
    ZENOFLOW_A: "1",
    SLURM_JOB_ID: "2",
    TF_VAR_password: "secret",
    SLURM_JWT: "x",
    HOME: "/h",
    TF_CPP_MIN_LOG_LEVEL: "3",
  },
  version: "1.2.3",
  backend: null,
  seed: 4,
};

function manifest(changes: Partial<Manifest> = {}): Manifest {
  return {
    schema: MANIFEST_SCHEMA,
    created: "2024-01-01T00:00:00.000Z",
    status: "running",
    step: 0,
    configHash: "hash",
    identity: { task: "counter", config: { seed: 1 }, data: {} },
    data: [],
    invocations: [],
    ...changes,
  };
}

function invocation() {
  return { verb: "train", start: "now", stop: null, exit: null, ...provenance(call) };
}

describe("the manifest", () => {
  it("gets one entry an invocation, open until it ends", () =>
    withFolder(async (folder) => {
      writeManifest(folder, manifest());
      startInvocation(folder, invocation());
      expect(readManifest(folder)?.invocations.map(({ exit }) => exit)).to.deep.equal([null]);
      endInvocation(folder, 75, { status: "stopped", step: 7 });
      startInvocation(folder, invocation());
      const read = readManifest(folder);
      expect(read?.invocations.map(({ exit }) => exit)).to.deep.equal([75, null]);
      expect(read).to.include({ status: "stopped", step: 7 });
    }));

  it("keeps only the variables that explain numbers, and no secrets", () => {
    expect(provenance(call).env).to.deep.equal({
      SLURM_JOB_ID: "2",
      TF_CPP_MIN_LOG_LEVEL: "3",
      ZENOFLOW_A: "1",
    });
  });

  it("is refused where it is not one, and undefined where there is none", () =>
    withFolder(async (folder) => {
      expect(readManifest(folder)).to.equal(undefined);
      writeFileSync(join(folder, "manifest.json"), "{");
      expect(() => readManifest(folder)).to.throw(DataError, /manifest\.json must be JSON/);
      writeFileSync(join(folder, "manifest.json"), "{}");
      expect(() => readManifest(folder)).to.throw(DataError, /must have the schema/);
      for (const key of Object.keys(manifest()).filter((name) => name !== "schema")) {
        const { [key as "step"]: _without, ...rest } = manifest();
        writeFileSync(join(folder, "manifest.json"), JSON.stringify(rest));
        expect(() => readManifest(folder), key).to.throw(DataError, `but ${key} is missing`);
      }
      rmSync(join(folder, "manifest.json"));
      mkdirSync(join(folder, "manifest.json"));
      expect(() => readManifest(folder)).to.throw(DataError, /must be a file, but is a folder/);
    }));
});

describe("the history", () => {
  const row = (step: number) => ({ step, seconds: step / 10, losses: { a: [step, NaN] } });

  it("gives back its rows, non-finite numbers included, without a torn last line", () =>
    withFolder(async (folder) => {
      const path = join(folder, "metrics.jsonl");
      const history = openHistory(path, 0);
      [1, 2, 3].forEach((step) => {
        history.append(row(step));
      });
      history.sync();
      history.close();
      appendFileSync(path, 'null\n5\n[]\n{}\n{"step":3}\n{"step":4,"los');
      expect(readHistory(path)).to.deep.equal([row(1), row(2), row(3)]);
    }));

  it("is cut back to the step it is opened at, and knows the time spent until there", () =>
    withFolder(async (folder) => {
      const path = join(folder, "metrics.jsonl");
      writeFileSync(path, [1, 2, 3].map((step) => `${JSON.stringify(row(step))}\n`).join(""));
      const history = openHistory(path, 2);
      expect(history.seconds).to.equal(0.2);
      history.append({ step: 9, seconds: 1, losses: {} });
      history.close();
      expect(readHistory(path).map(({ step }) => step)).to.deep.equal([1, 2, 9]);
    }));
});

describe("findUnfinished()", () => {
  it("finds the newest run of a configuration that is not finished, and ignores broken folders", () =>
    withFolder(async (root) => {
      const add = (name: string, changes: Partial<Manifest>) => {
        mkdirSync(join(root, name));
        writeManifest(join(root, name), manifest(changes));
      };
      add("c", { created: "2024-01-01" });
      add("b", { created: "2024-01-02", status: "stopped" });
      add("a", { created: "2024-01-03", status: "finished" });
      add("d", { created: "2024-01-04", configHash: "other" });
      mkdirSync(join(root, "e"));
      mkdirSync(join(root, "f"));
      writeFileSync(join(root, "f", "manifest.json"), "?");
      expect(findUnfinished(root, "hash")?.folder).to.equal(join(root, "b"));
      expect(findUnfinished(root, "none")).to.equal(undefined);
      expect(listRuns(root).map(({ folder }) => folder.slice(-1))).to.deep.equal([
        "c",
        "b",
        "a",
        "d",
      ]);
      expect(listRuns(join(root, "missing"))).to.deep.equal([]);
    }));
});

describe("newRunName()", () => {
  it("holds task, time and four hex digits, and only letters every file system takes", () => {
    const name = newRunName("dqgan", new Date("2024-08-15T10:11:12.345Z"));
    expect(name).to.match(/^dqgan-20240815T101112Z-[0-9a-f]{4}$/);
  });
});
