// The store of a sweep: commits happen whole and once, scans see headers and footers, damage is put aside.

import { expect } from "chai";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DataError } from "../../src/errors.js";
import { OutputError } from "../../src/runs/output-error.js";
import {
  createExclusively,
  DiskError,
  probeFolder,
  type Disk,
} from "../../src/sweeps/store/exclusive.js";
import { openStore, type Store } from "../../src/sweeps/store/store.js";
import { withFolder } from "../support/cli.js";
import { commitTrials, emptySweep, HASH, headerOf, rowOf, span } from "../support/sweep.js";

const inSweep = (use: (store: Store) => void): Promise<void> =>
  withFolder(async (folder) => use(emptySweep(folder)));

const fileOf = (store: Store, batch: string): string => join(store.files.batches, `${batch}.jsonl`);

function failing(part: keyof Disk, code: string): Disk {
  const fail = (): never => {
    throw Object.assign(new Error(code), { code });
  };
  return { link: linkSync, sync: () => undefined, [part]: fail };
}

describe("commit()", () => {
  it("leaves one file, with the rows as they were given", () =>
    inSweep((store) => {
      const header = headerOf(span(0, 5));
      const rows = span(0, 5).map((t) => rowOf(t));
      expect(store.commit(header, rows)).to.equal("committed");
      expect(readdirSync(store.files.batches)).to.deep.equal([`${header.batch}.jsonl`]);
      expect(store.rows(header.batch)).to.deep.equal(rows);
      expect(store.batch(header.batch).header).to.deep.equal(header);
    }));

  it("says that another attempt was first, and keeps what that one wrote", () =>
    inSweep((store) => {
      const header = headerOf([0]);
      store.commit(header, [rowOf(0)]);
      expect(store.commit(header, [rowOf(0, { v: 9 })])).to.equal("exists");
      expect(store.rows(header.batch)[0]!.v).to.equal(rowOf(0).v);
      expect(readdirSync(store.files.batches)).to.have.length(1);
    }));

  it("replaces a damaged file of its name, which is kept aside", () =>
    inSweep((store) => {
      const { batch } = commitTrials(store, [0, 1]);
      truncateSync(fileOf(store, batch), 40);
      expect(store.commit(headerOf([0, 1]), [rowOf(0), rowOf(1)])).to.equal("committed");
      expect(store.rows(batch)).to.have.length(2);
      expect(readdirSync(store.files.corrupt)).to.deep.equal([`${batch}.jsonl`]);
    }));

  it("refuses rows of another study", () =>
    inSweep((store) => {
      const header = headerOf([0], { study: HASH.replace(/./g, "0") });
      expect(() => store.commit(header, [rowOf(0)])).to.throw(DataError, "must belong to study");
    }));
});

describe("createExclusively()", () => {
  it("takes two names for one file as the proof that its own link succeeded", () =>
    withFolder(async (folder) => {
      const path = join(folder, "a.jsonl");
      const lostAnswer: Disk = {
        sync: () => undefined,
        link(from, to) {
          linkSync(from, to);
          linkSync(from, to);
        },
      };
      expect(createExclusively(path, "mine", lostAnswer)).to.equal(true);
      expect(createExclusively(path, "other", failing("link", "EEXIST"))).to.equal(false);
      expect(readFileSync(path, "utf8")).to.equal("mine");
    }));

  for (const code of ["ENOSPC", "EDQUOT", "EFBIG", "EIO"]) {
    it(`says on ${code} that the disk refuses for now, and leaves nothing`, () =>
      withFolder(async (folder) => {
        const write = (): unknown =>
          createExclusively(join(folder, "a.jsonl"), "x", failing("sync", code));
        expect(write).to.throw(DiskError).with.property("code", code);
        expect(readdirSync(folder)).to.deep.equal([]);
      }));
  }

  it("is an error for good where it may not write", () =>
    withFolder(async (folder) => {
      writeFileSync(join(folder, "file"), "");
      const write = (): unknown => createExclusively(join(folder, "file", "a.jsonl"), "x");
      expect(write).to.throw(OutputError).and.not.instanceOf(DiskError);
    }));
});

describe("probeFolder()", () => {
  it("leaves nothing behind", () =>
    withFolder(async (folder) => {
      probeFolder(folder);
      expect(readdirSync(folder)).to.deep.equal([]);
    }));

  for (const code of ["EPERM", "ENOTSUP", "EXDEV"]) {
    it(`says on ${code} that the folder has no hard links`, () =>
      withFolder(async (folder) => {
        expect(() => probeFolder(folder, failing("link", code)))
          .to.throw(OutputError, "results directory does not support hard links")
          .and.not.instanceOf(DiskError);
        expect(readdirSync(folder)).to.deep.equal([]);
      }));
  }
});

describe("scan()", () => {
  it("knows which rows are committed and how they ended", () =>
    inSweep((store) => {
      commitTrials(store, span(0, 16));
      commitTrials(store, [20, 22], {}, { s: "error", v: null, why: "x" });
      commitTrials(store, [3, 7], { rung: 1, backend: "cpu" });
      const { committed, rungs, backends, seconds, batches } = store.scan();
      expect(committed.rungs).to.deep.equal([0, 1]);
      expect(committed.count(0)).to.equal(18);
      expect(span(0, 24).filter((t) => committed.has(0, t))).to.deep.equal([
        ...span(0, 16),
        20,
        22,
      ]);
      expect(committed.status(0, 20)).to.equal("error");
      expect(committed.status(0, 21)).to.equal(undefined);
      expect(committed.generation(0, 21)).to.equal(-1);
      expect(committed.has(1, 3)).to.equal(true);
      expect(committed.has(2, 3)).to.equal(false);
      expect(committed.batch(1, 7)).to.equal(headerOf([3, 7], { rung: 1 }).batch);
      expect(rungs.map(({ rows, counts }) => [rows, counts.ok, counts.error])).to.deep.equal([
        [18, 16, 2],
        [2, 2, 0],
      ]);
      const values = span(0, 16).map((t) => rowOf(t).v!);
      expect(rungs[0]!.best![1]).to.equal(Math.min(...values));
      expect(backends).to.deep.equal(["cpu", "wasm"]);
      expect(seconds).to.equal(4.5);
      expect(batches.size).to.equal(3);
    }));

  it("reads only new files the second time, and follows files that went away", () =>
    inSweep((store) => {
      const first = commitTrials(store, span(0, 4));
      expect(store.scan().committed.count(0)).to.equal(4);
      // Header and footer of a file that was read are not looked at again.
      appendFileSync(fileOf(store, first.batch), "torn");
      commitTrials(store, span(4, 8));
      expect(store.scan().committed.count(0)).to.equal(8);
      expect(store.scan().damaged).to.deep.equal([]);
      rmSync(fileOf(store, first.batch));
      expect(store.scan().committed.count(0)).to.equal(4);
      expect(openStore(store.folder).scan().committed.count(0)).to.equal(4);
    }));

  it("lets the greatest generation count, and tells generations apart", () =>
    inSweep((store) => {
      commitTrials(store, [1, 2], { generation: 1 });
      commitTrials(store, [0, 1, 2, 3], {}, { s: "error", v: null });
      const { committed, rungs, overlaps } = store.scan();
      expect(span(0, 4).map((t) => committed.status(0, t))).to.deep.equal([
        "error",
        "ok",
        "ok",
        "error",
      ]);
      expect(span(0, 4).map((t) => committed.generation(0, t))).to.deep.equal([0, 1, 1, 0]);
      expect(committed.has(0, 3, 1)).to.equal(false);
      expect(committed.has(0, 1, 0) && committed.has(0, 1, 1)).to.equal(true);
      expect(rungs[0]!.rows).to.equal(4);
      expect(overlaps).to.deep.equal([]);
    }));

  it("lets the smallest file name count where two planners did the same rows, and tells of it", () =>
    inSweep((store) => {
      commitTrials(store, [0, 1, 2], { batch: "b-bbb" });
      commitTrials(store, [1, 2, 3], { batch: "b-aaa" }, { s: "diverged" });
      for (const scan of [store.scan(), openStore(store.folder).scan()]) {
        expect(scan.overlaps).to.deep.equal([
          { rung: 0, counts: "b-aaa", other: "b-bbb", trials: [1, 2] },
        ]);
        expect(span(0, 4).map((t) => scan.committed.batch(0, t))).to.deep.equal([
          "b-bbb",
          "b-aaa",
          "b-aaa",
          "b-aaa",
        ]);
        expect(scan.rungs[0]!.counts).to.include({ ok: 1, diverged: 3 });
      }
    }));

  it("leaves damaged files out, names them, and moves nothing", () =>
    inSweep((store) => {
      commitTrials(store, [0]);
      const cut = commitTrials(store, [1]);
      truncateSync(fileOf(store, cut.batch), 300);
      const strange = commitTrials(store, [2]);
      copyFileSync(fileOf(store, strange.batch), join(store.files.batches, "b-copy.jsonl"));
      writeFileSync(join(store.files.batches, "b-empty.jsonl"), "");
      writeFileSync(join(store.files.batches, "b-0.123.tmp"), "half");
      const { committed, damaged } = store.scan();
      expect(committed.count(0)).to.equal(2);
      expect(damaged.map(({ file }) => file)).to.have.members([
        `${cut.batch}.jsonl`,
        "b-copy.jsonl",
        "b-empty.jsonl",
      ]);
      expect(existsSync(store.files.corrupt)).to.equal(false);
      expect(() => store.rows(cut.batch)).to.throw(DataError, `batches/${cut.batch}.jsonl`);
    }));
});

describe("repair()", () => {
  it("puts damaged files aside and names file and line, so that their rows are open again", () =>
    inSweep((store) => {
      commitTrials(store, span(0, 4));
      const flipped = commitTrials(store, span(4, 8));
      const path = fileOf(store, flipped.batch);
      const bytes = readFileSync(path);
      const at = bytes.indexOf('"v":0.') + 7;
      bytes[at] = bytes[at] === 0x31 ? 0x32 : 0x31;
      writeFileSync(path, bytes);
      expect(store.scan().committed.count(0)).to.equal(8);
      const told: string[] = [];
      store.repair(({ file, line, reason }) => told.push(`${file}:${String(line)} ${reason}`));
      expect(told).to.deep.equal([
        `${flipped.batch}.jsonl:6 the bytes do not have the hash of the footer`,
      ]);
      expect(store.scan().committed.count(0)).to.equal(4);
      expect(readdirSync(store.files.corrupt)).to.deep.equal([`${flipped.batch}.jsonl`]);
      commitTrials(store, span(4, 8));
      expect(store.scan().committed.count(0)).to.equal(8);
      expect(store.repair()).to.deep.equal([]);
    }));

  it("keeps every damaged file it meets under a name of its own", () =>
    inSweep((store) => {
      for (let i = 0; i < 3; i++) {
        const { batch } = commitTrials(store, [0]);
        truncateSync(fileOf(store, batch), 10 + i);
        openStore(store.folder).repair();
      }
      expect(readdirSync(store.files.corrupt)).to.have.length(3);
    }));

  it("puts a folder with the name of a batch aside", () =>
    inSweep((store) => {
      const { batch } = commitTrials(store, [0]);
      rmSync(fileOf(store, batch));
      mkdirSync(fileOf(store, batch));
      const again = openStore(store.folder);
      expect(again.scan().damaged.map(({ reason }) => reason)).to.deep.equal(["it is no file"]);
      again.repair();
      expect(again.scan().damaged).to.deep.equal([]);
      expect(readdirSync(store.files.corrupt)).to.have.length(1);
    }));
});

describe("openStore()", () => {
  it("says what a folder that is no sweep lacks", () =>
    withFolder(async (folder) => {
      expect(() => openStore(folder)).to.throw(DataError, "no study.lock.json");
      writeFileSync(join(folder, "study.lock.json"), "{");
      expect(() => openStore(folder)).to.throw(DataError, "must be JSON");
    }));
});
