// The table of a sweep and its exports: every row once, every value exact, each form read back by another reader.

import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import {
  crc32c,
  maskedCrc32c,
  record,
  versionRecord,
} from "../../src/sweeps/exports/event-file.js";
import {
  EXPORT_FORMATS,
  exportCsv,
  exportNpz,
  exportOptuna,
  exportSweep,
  exportTensorBoard,
} from "../../src/sweeps/exports/index.js";
import { npyBytes } from "../../src/sweeps/exports/npy.js";
import { outcomes } from "../../src/sweeps/store/outcomes.js";
import { readParquet, writeParquet } from "../../src/sweeps/store/parquet.js";
import { numberText } from "../../src/sweeps/store/row-text.js";
import { results } from "../../src/sweeps/store/results.js";
import { openStore, type Store } from "../../src/sweeps/store/store.js";
import { parameterAt, readTable, type Table } from "../../src/sweeps/store/table.js";
import { DataError } from "../../src/errors.js";
import { withFolder } from "../support/cli.js";
import { commitTrials, emptySweep, headerOf, rowOf, span, STUDY } from "../support/sweep.js";

/** Two cohort-mates went on, one trial diverged, one failed, one block was done twice. */
function filled(folder: string): Store {
  const store = emptySweep(folder);
  commitTrials(store, span(0, 16));
  commitTrials(store, span(12, 20), { batch: "b-0" });
  commitTrials(store, [20], {}, { s: "diverged", v: Number.NaN, m: { loss: Infinity }, n: 4 });
  commitTrials(store, [21], {}, { s: "error", v: null, m: {}, n: 0, why: 'poison, "twice"' });
  commitTrials(store, [0, 1, 5], { rung: 1 }, { n: 40 });
  commitTrials(store, [5], { rung: 2 }, { n: 160 });
  return store;
}

const inSweep = (
  use: (store: Store, table: Table, folder: string) => Promise<void> | void,
): Promise<void> =>
  withFolder(async (folder) => {
    const store = filled(folder);
    await use(store, readTable(store), folder);
  });

/** What a table says, as plain values. */
function plain(table: Table): unknown {
  const numbers = ({ values, present }: Table["value"]): unknown => [
    Array.from(values, numberText),
    [...present],
  ];
  const { trial, status, steps, rung, generation, seconds } = table;
  return {
    columns: [trial, status, steps, rung, generation, seconds].map((column) => [...column]),
    value: numbers(table.value),
    metrics: [...table.metrics]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([n, c]) => [n, numbers(c)]),
    batch: [...table.batch].map((code) => table.batches[code]),
    parameters: [...table.parameters].map(([name, column]) => [
      name,
      Array.from(trial, (_, row) => parameterAt(column, row)),
    ]),
  };
}

describe("readTable()", () => {
  it("holds every row that counts once, by trial and rung", () =>
    inSweep((store, table) => {
      const expected = span(0, 22).flatMap((t) => (t === 5 ? [5, 5, 5] : t < 2 ? [t, t] : [t]));
      expect([...table.trial]).to.deep.equal(expected);
      expect([...table.rung].filter((_, i) => table.trial[i] === 5)).to.deep.equal([0, 1, 2]);
      const { committed } = store.scan();
      for (let row = 0; row < table.rows; row++) {
        const t = table.trial[row]!;
        expect(table.batches[table.batch[row]!]).to.equal(committed.batch(table.rung[row]!, t));
        if (t >= 20) continue;
        expect(
          Object.is(
            table.metrics.get("losses.generator")!.values[row],
            rowOf(t).m["losses.generator"],
          ),
        ).to.equal(true);
        for (const [name, column] of table.parameters)
          expect(parameterAt(column, row), name).to.deep.equal(rowOf(t).p[name]);
      }
    }));

  it("tells how each trial ended", () =>
    inSweep((_store, table) => {
      const all = outcomes(table, STUDY);
      const of = (t: number): string => all.outcome(t);
      expect([5, 20, 21].map(of)).to.deep.equal(["complete", "failed", "failed"]);
      // Depth 1 + t mod 8 and optimiser t mod 4 group trials: 13 lost against 5, 2 still waits for its rung.
      expect([13, 2].map(of)).to.deep.equal(["pruned", "running"]);
      expect(outcomes(table, { ...STUDY, halving: null }).outcome(2)).to.equal("complete");
    }));
});

describe("results.parquet", () => {
  it("gives the table back bit for bit", () =>
    inSweep(async (_store, table, folder) => {
      const path = join(folder, "t.parquet");
      writeParquet(path, table);
      expect(plain(await readParquet(path, STUDY))).to.deep.equal(plain(table));
    }));

  it("keeps 0 and −0 apart, however often they come", () =>
    withFolder(async (folder) => {
      const store = emptySweep(folder);
      const header = headerOf(span(0, 500));
      store.commit(
        header,
        span(0, 500).map((t) => rowOf(t, { v: t % 2 === 0 ? -0 : 0 })),
      );
      const path = join(folder, "t.parquet");
      writeParquet(path, readTable(store));
      const { values } = (await readParquet(path, STUDY)).value;
      expect(Array.from(values, numberText)).to.deep.equal(
        span(0, 500).map((t) => (t % 2 === 0 ? "-0" : "0")),
      );
    }));

  it("has columns of the study's types", () =>
    inSweep(async (_store, table, folder) => {
      const path = join(folder, "t.parquet");
      writeParquet(path, table);
      const [first] = await parquetReadObjects({ file: await asyncBufferFromFile(path) });
      expect(Object.keys(first!)).to.deep.equal([
        ...["trial", "status", "value", "steps", "rung", "generation"],
        ...["metrics.loss", "metrics.losses.generator"].sort(
          (a, b) =>
            [...table.metrics.keys()].indexOf(a.slice(8)) -
            [...table.metrics.keys()].indexOf(b.slice(8)),
        ),
        ...Object.keys(STUDY.parameters)
          .sort()
          .map((name) => `parameters.${name}`),
        ...["batch", "seconds"],
      ]);
      expect(first).to.deep.include({
        trial: 0n,
        status: "ok",
        value: rowOf(0).v,
        rung: 0,
        "parameters.model.depth": 1n,
        "parameters.train.optimizer": '"adam"',
      });
    }));

  it("is used while it holds what is committed, and made anew when it does not", () =>
    inSweep(async (store, table, folder) => {
      const path = join(folder, "results.parquet");
      expect(plain(await results(store))).to.deep.equal(plain(table));
      const then = new Date(0);
      utimesSync(path, then, then);
      expect(plain(await results(store))).to.deep.equal(plain(table));
      expect(statSync(path).mtimeMs).to.equal(0);
      commitTrials(store, [40]);
      expect((await results(openStore(folder))).rows).to.equal(table.rows + 1);
      expect(statSync(path).mtimeMs).to.be.greaterThan(0);
      await results(store);
      expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).to.deep.equal([]);
    }));

  it("is refused where it is something else", () =>
    inSweep(async (store) => {
      const error = await readParquet(store.files.lock, STUDY).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(DataError);
    }));
});

describe("exportCsv()", () => {
  it("writes one line a row, NaN as a literal, nothing for what is absent", () =>
    inSweep((_store, table, folder) => {
      const path = join(folder, "t.csv");
      exportCsv(table, path);
      const lines = readFileSync(path, "utf8").split("\r\n");
      expect(lines.at(-1)).to.equal("");
      expect(lines).to.have.length(table.rows + 2);
      const header = lines[0]!.split(",");
      const cell = (trial: number, name: string): string =>
        lines
          .find((line) => line.startsWith(`${String(trial)},`))!
          .match(/(?<=^|,)("([^"]|"")*"|[^,]*)/g)![header.indexOf(name)]!;
      expect(cell(20, "value")).to.equal("NaN");
      expect(cell(20, "metrics.loss")).to.equal("Infinity");
      expect(cell(21, "value")).to.equal("");
      expect(cell(3, "metrics.losses.generator")).to.equal("-0");
      expect(Number(cell(7, "value"))).to.equal(rowOf(7).v);
      expect(cell(2, "parameters.train.beta1")).to.equal("");
      expect(cell(0, "parameters.model.layers")).to.equal('"[64,64]"');
      expect(cell(1, "parameters.model.layers")).to.equal("[128]");
      expect(cell(2, "parameters.model.layers")).to.equal(
        String.raw`"{""a \""b\"""":[null,""c,d""],""units"":3}"`,
      );
    }));
});

describe("npyBytes()", () => {
  it("pads the header so that the data begin at a multiple of 64", () => {
    for (const array of [
      Float64Array.of(1.5, -0),
      Int32Array.of(-1),
      Uint8Array.of(),
      ["é", "abc"],
    ]) {
      const bytes = Buffer.from(npyBytes(array));
      expect(bytes.subarray(0, 8).toString("latin1")).to.equal("\x93NUMPY\x01\x00");
      expect((10 + bytes.readUInt16LE(8)) % 64).to.equal(0);
      expect(bytes[10 + bytes.readUInt16LE(8) - 1]).to.equal(10);
    }
    const bytes = Buffer.from(npyBytes(Float64Array.of(1.5, -0)));
    expect(bytes.subarray(bytes.length - 16)).to.deep.equal(
      Buffer.from(Float64Array.of(1.5, -0).buffer),
    );
    expect(bytes.toString("latin1", 10, 70)).to.contain(
      "'descr': '<f8', 'fortran_order': False, 'shape': (2,)",
    );
  });
});

type Line = Record<string, unknown> & { op_code: number };

describe("exportOptuna()", () => {
  const journal = (path: string): Line[] =>
    readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line.replace(/:(NaN|-?Infinity)/g, ':"$1"')) as Line);

  it("creates each trial without a value, then gives its values on the way and its end", () =>
    inSweep((store, table, folder) => {
      const path = join(folder, "o.log");
      const told = exportOptuna(table, STUDY, store.scan().batches, path);
      expect(told).to.deep.equal({ trials: 22, written: 22 });
      const lines = journal(path);
      expect(lines[0]).to.deep.include({ op_code: 0, study_name: "toy", directions: [1] });
      const created = lines.filter(({ op_code: op }) => op === 4);
      expect(created).to.have.length(22);
      expect(created.every((line) => !("value" in line) && line["state"] === 0)).to.equal(true);
      expect(created[5]!["params"]).to.deep.equal({
        "model.depth": 6,
        "model.layers": 2,
        "train.lr": rowOf(5).p["train.lr"],
        "train.noise": rowOf(5).p["train.noise"],
        "train.optimizer": 1,
      });
      const steps = lines.filter((line) => line.op_code === 7 && line["trial_id"] === 5);
      expect(steps.map((line) => line["step"])).to.deep.equal([10, 40, 160]);
      const end = (id: number): Line | undefined =>
        lines.find((line) => line.op_code === 6 && line["trial_id"] === id);
      expect(end(5)).to.deep.include({ state: 1, values: [rowOf(5).v] });
      expect(end(13)).to.deep.include({ state: 2 });
      expect(end(20)).to.deep.include({ state: 3, values: null });
      expect(end(2)).to.equal(undefined);
    }));

  it("keeps the best half and an even sample of the others above its cap", () =>
    inSweep((store, table, folder) => {
      const path = join(folder, "o.log");
      const study = { ...STUDY, halving: null };
      const told = exportOptuna(table, study, store.scan().batches, path, 8);
      expect(told).to.deep.equal({ trials: 22, written: 8 });
      const kept = journal(path)
        .filter(({ op_code: op }) => op === 4)
        .map((line) => (line["user_attrs"] as Record<string, number>)["zenoflow:trial"]!);
      const rank = span(0, 20).sort((a, b) => rowOf(a).v! - rowOf(b).v!);
      expect(kept).to.have.length(8);
      // The deepest rungs lead: 5 at rung 2, then 0 and 1 at rung 1, then the best of the others.
      const best = [5, ...[0, 1], rank.find((t) => ![0, 1, 5].includes(t))!];
      expect(kept).to.include.members(best);
    }));
});

/** Records of an event file, their checksums checked. */
function records(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    expect(bytes.readUInt32LE(at + 8)).to.equal(maskedCrc32c(bytes.subarray(at, at + 8)));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(bytes.readUInt32LE(at + 12 + length)).to.equal(maskedCrc32c(data));
    found.push(data);
    at += 16 + length;
  }
  return found;
}

describe("exportTensorBoard()", () => {
  it("computes the checksums of the published vectors and the first record of TensorBoard's own writer", () => {
    expect(crc32c(Buffer.from("123456789")).toString(16)).to.equal("e3069283");
    expect(maskedCrc32c(Buffer.from("123456789")).toString(16)).to.equal("c78ab0e5");
    expect(crc32c(Buffer.alloc(32)).toString(16)).to.equal("8a9136aa");
    expect(Buffer.from(versionRecord(1700000000)).toString("hex")).to.equal(
      "1800000000000000a37f4b220900000040fc54d9411a0d627261696e2e4576656e743a32eced8f9d",
    );
    expect(records(Buffer.from(record(Buffer.from("x"))))).to.have.length(1);
  });

  it("writes quantile curves and the best trials, never a run a trial", () =>
    inSweep((_store, table, folder) => {
      const { runs, trials } = exportTensorBoard(table, STUDY, join(folder, "tb"), {
        top: 2,
        wallTime: 1.7e9,
      });
      expect(trials).to.equal(22);
      expect(runs).to.deep.equal([
        ...["05", "25", "50", "75", "95"].map((p) => join("quantiles", p)),
        join("best", "01-trial-5"),
        join("best", `02-trial-${String(rowOf(0).v! < rowOf(1).v! ? 0 : 1)}`),
      ]);
      for (const run of runs) {
        const [name] = readdirSync(join(folder, "tb", run));
        expect(name).to.match(/^events\.out\.tfevents\.1700000000\..+\.\d+\.0$/);
        const found = records(readFileSync(join(folder, "tb", run, name!)));
        expect(found.length).to.be.greaterThan(3);
      }
    }));
});

describe("the tools that exports are for", () => {
  const python = process.env["ZENOFLOW_EXPORT_PYTHON"] ?? "python3";
  const needed = "import numpy, pandas, pyarrow, optuna, tensorboard";

  it("read them all back (with Python: optuna, pandas, pyarrow, tensorboard, numpy)", async function () {
    this.timeout(120_000);
    if (spawnSync(python, ["-c", needed]).status !== 0) this.skip();
    await inSweep((store, table, folder) => {
      for (const format of EXPORT_FORMATS)
        exportSweep(store, table, format, join(folder, `out.${format}`));
      exportNpz(table, join(folder, "out.npz"));
      const script = new URL("../../scripts/check-exports.py", import.meta.url).pathname;
      const { status, stderr, stdout } = spawnSync(python, [script, folder], { encoding: "utf8" });
      expect(status, `${stdout}${stderr}`).to.equal(0);
    });
  });
});
