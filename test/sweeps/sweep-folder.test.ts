// The sweep folder: started whole, continued by the same study, refused to a changed one; its lock, wishes and journals.

import { expect } from "chai";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { DataError } from "../../src/errors.js";
import { OutputError } from "../../src/runs/output-error.js";
import { bestBatches, bestTrials, isWorthKeeping } from "../../src/sweeps/store/best.js";
import { checkBytes } from "../../src/sweeps/store/check.js";
import { collect } from "../../src/sweeps/store/collect.js";
import { openSweep, type SweepRequest } from "../../src/sweeps/store/create.js";
import { readDesired, writeDesired } from "../../src/sweeps/store/desired.js";
import { compareRows, drawRows } from "../../src/sweeps/store/draw-rows.js";
import { self } from "../../src/sweeps/store/holder.js";
import { journalPath, journalReader, openJournal } from "../../src/sweeps/store/journal.js";
import { superviseSweep, supervisorOf } from "../../src/sweeps/store/supervisor-lock.js";
import {
  endSweepInvocation,
  readSweepManifest,
  startSweepInvocation,
  type SweepInvocation,
} from "../../src/sweeps/store/sweep-manifest.js";
import type { Study } from "../../src/sweeps/types.js";
import { withFolder } from "../support/cli.js";
import { commitTrials, emptySweep, HASH, rowOf, span, STUDY, studyLock } from "../support/sweep.js";

const OTHER = HASH.replace(/^......../, "00000000");

function request(root: string, study: Partial<Study> = {}, hash: string = HASH): SweepRequest {
  const { schema: _schema, ...lock } = studyLock();
  return {
    root,
    text: `name: ${study.name ?? "toy"}\n`,
    lock: { ...lock, study: { ...STUDY, ...study }, identity: { hash, key: [1, 2] } },
  };
}

const differences = (a: Study, b: Study): string[] => [
  `seed: ${String(a.seed)} → ${String(b.seed)}`,
];
const open = (given: SweepRequest): string => openSweep(given, differences).folder;

describe("openSweep()", () => {
  it("makes the whole folder, with the study as given and as resolved", () =>
    withFolder(async (root) => {
      const folder = open(request(join(root, "runs")));
      expect(basename(folder)).to.equal(`toy-${HASH.slice(0, 8)}`);
      expect(readdirSync(folder).sort()).to.deep.equal([
        "batches",
        "checkpoints",
        "events",
        "logs",
        "manifest.json",
        "plots",
        "study.lock.json",
        "study.yaml",
      ]);
      expect(readFileSync(join(folder, "study.yaml"), "utf8")).to.equal("name: toy\n");
      expect(JSON.parse(readFileSync(join(folder, "study.lock.json"), "utf8")).study).to.deep.equal(
        STUDY,
      );
      expect(readdirSync(join(root, "runs"))).to.have.length(1);
    }));

  it("continues with the same study, whose name, trials and limits may change", () =>
    withFolder(async (root) => {
      const folder = open(request(root));
      const again = request(root, { name: "renamed", trials: 128, limits: { seconds: 9 } });
      const store = openSweep({ ...again, lock: { ...again.lock, blockSize: 4 } }, differences);
      expect(store.folder).to.equal(folder);
      expect(store.lock.study).to.include({ name: "renamed", trials: 128 });
      expect(store.lock.study.limits).to.deep.equal({ seconds: 9 });
      expect(store.lock.blockSize).to.equal(studyLock().blockSize);
      expect(readFileSync(store.files.study, "utf8")).to.equal("name: renamed\n");
    }));

  it("refuses a changed study with the differences and the ways out", () =>
    withFolder(async (root) => {
      open(request(root));
      const changed = request(root, { seed: 8 }, OTHER);
      const data = {
        ...changed,
        lock: { ...changed.lock, numericsVersion: 2, datasets: { "a.csv": HASH } },
      };
      expect(() => open(data))
        .to.throw(DataError, "seed: 7 → 8")
        .with.property("message")
        .that.includes("--new")
        .and.includes("numerics of toy.train: version 1 → 2")
        .and.includes("contents of a.csv");
      expect(readdirSync(root)).to.have.length(1);
    }));

  it("starts a changed or the same study anew when told to, and continues the newest", () =>
    withFolder(async (root) => {
      const first = open(request(root));
      const changed = open({ ...request(root, { seed: 8 }, OTHER), fresh: true });
      const second = open({ ...request(root), fresh: true });
      expect(new Set([first, changed, second]).size).to.equal(3);
      expect(open(request(root))).to.equal(second);
      expect(open(request(root, { seed: 8 }, OTHER))).to.equal(changed);
    }));

  it("mends what was altered in the lock of the same study", () =>
    withFolder(async (root) => {
      const folder = open(request(root));
      const path = join(folder, "study.lock.json");
      const whole = readFileSync(path, "utf8");
      const lock = JSON.parse(whole) as { study: object };
      writeFileSync(path, JSON.stringify({ ...lock, study: { ...lock.study, replicates: 7 } }));
      expect(open(request(root))).to.equal(folder);
      expect(JSON.parse(readFileSync(path, "utf8"))).to.deep.equal(JSON.parse(whole));
    }));

  it("tells of a damaged lock where it is its own, and passes others over", () =>
    withFolder(async (root) => {
      const folder = open(request(root));
      for (const text of ["", '{"schema":"zenoflow.study-lock/1"}']) {
        writeFileSync(join(folder, "study.lock.json"), text);
        expect(() => open(request(root))).to.throw(DataError, /study\.lock\.json.*--new/);
        expect(open(request(root, { name: "other" }, OTHER))).to.not.equal(folder);
      }
    }));

  it("is not confused by names with strange letters or by other folders", () =>
    withFolder(async (root) => {
      mkdirSync(join(root, "toy-12345678"));
      writeFileSync(join(root, "file-12345678"), "");
      const folder = open(request(root, { name: "../Größe: 1/2 \n" }));
      expect(basename(folder)).to.equal(`Größe-1-2-${HASH.slice(0, 8)}`);
    }));
});

describe("superviseSweep()", () => {
  const term = (folder: string, n: number, changes: object): void => {
    mkdirSync(join(folder, "supervisor"), { recursive: true });
    const text = JSON.stringify({
      ...self(),
      since: "then",
      beat: 3,
      released: false,
      term: n,
      ...changes,
    });
    writeFileSync(join(folder, "supervisor", `${String(n)}.json`), text);
  };

  it("is held once, counts its beats, and is free after release", () =>
    withFolder(async (folder) => {
      const lock = superviseSweep(folder);
      expect(() => superviseSweep(folder)).to.throw(OutputError, `process ${String(process.pid)}`);
      lock.beat();
      lock.beat();
      expect(supervisorOf(folder)).to.include({ beat: 2, life: "alive", term: 1 });
      lock.release();
      expect(supervisorOf(folder)).to.equal(undefined);
      superviseSweep(folder).release();
      expect(readdirSync(join(folder, "supervisor"))).to.deep.equal(["2.json"]);
    }));

  it("takes over from a process whose number is used again, and from before a restart", () =>
    withFolder(async (folder) => {
      term(folder, 4, { ticks: "1" });
      superviseSweep(folder).release();
      term(folder, 9, { boot: "another" });
      superviseSweep(folder).release();
      expect(readdirSync(join(folder, "supervisor"))).to.deep.equal(["10.json"]);
    }));

  it("respects another host, says so, and can be forced; the forced one notices", () =>
    withFolder(async (folder) => {
      term(folder, 1, { host: "elsewhere" });
      const take = (): unknown => superviseSweep(folder);
      expect(take)
        .to.throw(OutputError, "on elsewhere since then (beat 3)")
        .with.property("hint")
        .that.includes("--force");
      const lock = superviseSweep(folder, { force: true });
      lock.beat();
      term(folder, 7, { host: "elsewhere" });
      expect(() => lock.beat()).to.throw(OutputError, "taken over by process");
      lock.release();
      expect(readdirSync(join(folder, "supervisor"))).to.include("7.json");
    }));

  it("asks no clock: a time of the future or the past changes nothing", () =>
    withFolder(async (folder) => {
      const { now } = Date;
      const lock = superviseSweep(folder);
      try {
        for (const jump of [-1e12, 1e12]) {
          Date.now = () => now() + jump;
          expect(() => superviseSweep(folder)).to.throw(OutputError);
          lock.beat();
        }
      } finally {
        Date.now = now;
      }
      lock.release();
    }));
});

describe("desired state", () => {
  it("is empty at first, is changed key by key, and is refused where it makes no sense", () =>
    withFolder(async (folder) => {
      expect(readDesired(folder)).to.deep.equal({});
      writeDesired(folder, { pause: true });
      writeDesired(folder, { pruned: "0-2,7" });
      expect(readDesired(folder)).to.deep.equal({ pause: true, pruned: "0-2,7" });
      for (const text of [
        "{",
        "[]",
        '{"schema":"zenoflow.desired/1","pause":1}',
        '{"pause":true}',
      ]) {
        writeFileSync(join(folder, "desired.json"), text);
        expect(() => readDesired(folder), text).to.throw(DataError, "desired.json");
      }
    }));
});

describe("openJournal()", () => {
  it("appends, is read on from where one stopped, and leaves torn lines out", () =>
    withFolder(async (folder) => {
      const reader = journalReader(folder);
      const a = openJournal(folder, "worker 1");
      a.append({ step: 1, loss: Number.NaN });
      expect(reader.read()).to.deep.equal([
        { worker: "worker-1", entry: { step: 1, loss: Number.NaN } },
      ]);
      a.append({ step: 2 });
      a.close();
      appendFileSync(journalPath(folder, "worker 1"), '{"step":3');
      expect(reader.read().map(({ entry }) => entry)).to.deep.equal([{ step: 2 }]);
      const again = openJournal(folder, "worker 1");
      again.append({ step: 4 });
      again.close();
      expect(reader.read().map(({ entry }) => entry)).to.deep.equal([{ step: 4 }]);
      expect(journalReader(folder).read()).to.have.length(3);
    }));
});

describe("the manifest of a sweep", () => {
  it("has one entry an invocation", () =>
    withFolder(async (root) => {
      const folder = open(request(root));
      const invocation = {
        verb: "sweep",
        argv: ["sweep"],
        stop: null,
        exit: null,
      } as unknown as SweepInvocation;
      startSweepInvocation(folder, invocation);
      endSweepInvocation(folder, 75, { microBatch: { "{}": 256 } });
      startSweepInvocation(folder, invocation);
      const { invocations, study } = readSweepManifest(folder);
      expect(study).to.equal(HASH);
      expect(invocations.map(({ exit }) => exit)).to.deep.equal([75, null]);
      expect(invocations[0]!.microBatch).to.deep.equal({ "{}": 256 });
    }));

  it("begins again where it is gone or damaged, and keeps what it was", () =>
    withFolder(async (root) => {
      const folder = open(request(root));
      const path = join(folder, "manifest.json");
      const invocation = { verb: "sweep" } as unknown as SweepInvocation;
      for (const text of [undefined, "{", "{}"]) {
        rmSync(path);
        if (text !== undefined) writeFileSync(path, text);
        startSweepInvocation(folder, invocation);
        expect(readSweepManifest(folder)).to.deep.include({
          study: HASH,
          invocations: [invocation],
        });
        if (text !== undefined) expect(readFileSync(`${path}.damaged`, "utf8")).to.equal(text);
      }
    }));
});

describe("checkBytes()", () => {
  it("reports damage, rows that two planners computed differently, and what is missing", () =>
    withFolder(async (folder) => {
      const store = emptySweep(folder);
      commitTrials(store, span(0, 8), { batch: "b-b" });
      commitTrials(store, span(4, 12), { batch: "b-a" });
      expect(checkBytes(store)).to.deep.include({
        files: 2,
        rows: 12,
        overlapping: 4,
        differences: [],
        damaged: [],
      });
      expect(checkBytes(store).missing).to.deep.equal(span(12, 64));
      commitTrials(store, [0], { batch: "b-c" }, { v: 9, n: 11 });
      expect(checkBytes(store).differences).to.deep.equal([
        {
          trial: 0,
          rung: 0,
          batches: ["b-b", "b-c"],
          why: [`v: ${String(rowOf(0).v)} → 9`, "n: 10 → 11"],
        },
      ]);
      writeFileSync(join(store.files.batches, "b-d.jsonl"), "");
      expect(checkBytes(store).damaged.map(({ file }) => file)).to.deep.equal(["b-d.jsonl"]);
      expect(existsSync(join(store.files.batches, "b-d.jsonl"))).to.equal(true);
    }));
});

describe("compareRows()", () => {
  it("compares bits, or the probe alone", () => {
    const a = rowOf(1);
    expect(compareRows(a, rowOf(1))).to.deep.equal([]);
    expect(compareRows(a, { ...a, m: { ...a.m, loss: a.m["loss"]! + 1e-16 } })).to.have.length(
      a.m["loss"]! + 1e-16 === a.m["loss"] ? 0 : 1,
    );
    expect(compareRows({ ...a, v: 0 }, { ...a, v: -0 })).to.deep.equal(["v: 0 → -0"]);
    const near = { ...a, v: 7, probe: a.probe! * (1 + 5e-4) };
    expect(compareRows(a, near, { bits: false })).to.deep.equal([]);
    expect(compareRows(a, { ...a, probe: a.probe! * 1.01 }, { bits: false })).to.have.length(1);
    const lost = { ...a, probe: Number.NaN };
    expect(compareRows(lost, lost, { bits: false })).to.deep.equal([]);
    expect(compareRows(a, lost, { bits: false })).to.have.length(1);
  });
});

describe("drawRows()", () => {
  it("draws distinct trials by the stream, all of them where there are few", () => {
    const uniform = (k: number): number => [0.05, 0.05, 0.95, 0.51, 0.2][k]!;
    expect(drawRows(uniform, 3, span(100, 110))).to.deep.equal([100, 105, 109]);
    expect(drawRows(uniform, 16, [3, 5])).to.deep.equal([3, 5]);
  });
});

describe("bestBatches()", () => {
  it("are those with the best trials, whatever is worse beside them", () =>
    withFolder(async (folder) => {
      const store = emptySweep(folder);
      const order = [...span(0, 32)].sort((a, b) => rowOf(a).v! - rowOf(b).v!);
      const early = order.filter((t) => t < 16);
      const ids = span(0, 4).map((k) => commitTrials(store, span(4 * k, 4 * k + 4)).batch);
      expect(bestTrials(store, 3).map(([t]) => t)).to.deep.equal(early.slice(0, 3));
      const batches = bestBatches(store, 0, 3);
      expect(batches.size).to.equal(3);
      for (const trial of early.slice(0, 3))
        expect(batches.has(ids[Math.floor(trial / 4)]!), String(trial)).to.equal(true);
      expect([...bestBatches(store, 0, 0), ...bestBatches(store, 1, 3)]).to.deep.equal([]);
    }));

  it("does not count a row twice that was computed twice", () =>
    withFolder(async (folder) => {
      const store = emptySweep(folder);
      const [first, second] = [...span(0, 8)].sort((a, b) => rowOf(a).v! - rowOf(b).v!);
      const ids = [[first!], [first!, 40], [second!]].map(
        (trials) =>
          commitTrials(
            store,
            [...trials].sort((a, b) => a - b),
          ).batch,
      );
      expect([...bestBatches(store, 0, 2)].sort()).to.deep.equal([...ids].sort());
    }));
});

describe("isWorthKeeping()", () => {
  it("says no once so many batches have better trials", () =>
    withFolder(async (folder) => {
      const store = emptySweep(folder);
      const order = [...span(0, 8)].sort((a, b) => rowOf(a).v! - rowOf(b).v!);
      for (const trial of order.slice(0, 2)) commitTrials(store, [trial]);
      const third = [order[2]!, rowOf(order[2]!).v!] as const;
      expect([2, 3].map((k) => isWorthKeeping(store, 0, third, k))).to.deep.equal([false, true]);
      // Another attempt at the same trial is no better trial.
      const again = [order[1]!, rowOf(order[1]!).v!] as const;
      expect(isWorthKeeping(store, 0, again, 2)).to.equal(true);
    }));
});

describe("collect()", () => {
  it("removes what nothing needs, says how much, and leaves what is at work", () =>
    withFolder(async (folder) => {
      const store = emptySweep(folder);
      const done = commitTrials(store, span(0, 8)).batch;
      const last = commitTrials(store, [1], { rung: 2 }).batch;
      mkdirSync(store.files.checkpoints);
      const names = [
        `c0-r0-${done}.safetensors`,
        `${done}.partial.safetensors`,
        `c0-r2-${last}.safetensors`,
        "b-000000000000.partial.safetensors",
      ];
      for (const name of names) writeFileSync(join(store.files.checkpoints, name), "12345");
      const expected = [`checkpoints/${names[1]!}`, `checkpoints/${names[2]!}`];
      expect(collect(store, { dryRun: true })).to.deep.equal({ files: expected, bytes: 10 });
      expect(collect(store).files).to.deep.equal(expected);
      expect(readdirSync(store.files.checkpoints).sort()).to.deep.equal(
        [names[3]!, names[0]!].sort(),
      );
      expect(collect(store, { isNeeded: () => false }).files).to.deep.equal([
        `checkpoints/${names[0]!}`,
      ]);
      expect(store.scan().committed.count(0)).to.equal(8);
    }));

  it("removes halves of files that writers left an hour ago, wherever they write", () =>
    withFolder(async (folder) => {
      const store = emptySweep(folder);
      const { checkpoints, models, supervisor, batches } = store.files;
      const folders = [store.folder, batches, checkpoints, models, supervisor];
      const long = Date.now() / 1000 - 2 * 3600;
      for (const one of folders) {
        mkdirSync(one, { recursive: true });
        for (const name of ["old", "new"]) writeFileSync(join(one, `${name}.tmp`), "half");
        utimesSync(join(one, "old.tmp"), long, long);
      }
      expect(collect(store).files).to.have.members(
        folders.map((one) => join(one, "old.tmp").slice(store.folder.length + 1)),
      );
      for (const one of folders) expect(existsSync(join(one, "new.tmp"))).to.equal(true);
    }));
});
