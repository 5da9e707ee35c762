// A CSV file as a source of angles: which columns and rows, the split, the scaling, batches and errors.

import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { useBackend } from "../../src/backend.js";
import { csvSource, type AngleSource, type Split } from "../../src/data/index.js";
import { ArgumentError, DataError } from "../../src/errors.js";
import { stream } from "../../src/random.js";
import { closeTo } from "../support/close-to.js";

const SPLITS: readonly Split[] = ["validation", "test", "floor"];

/** A file of n rows; row i holds what `cells` makes of i. */
function csv(
  header: string,
  n: number,
  cells: (i: number) => readonly (string | number)[],
): string {
  return [header, ...Array.from({ length: n }, (_, i) => cells(i).join(","))].join("\n");
}

/** 1000 rows that can be told apart: x = i, y = 10 - i/100. */
const ramp = csv("x,y", 1000, (i) => [i, 10 - i / 100]);

/** All held-out angles of a split. */
function all(source: AngleSource, split: Split): Float32Array {
  return source.held(split, 1e9, 0);
}

/** The first column in the units of the data, as the integers that `ramp` holds. */
function indices(source: AngleSource, angles: Float32Array): number[] {
  return Array.from(source.toUnits(angles))
    .filter((_, k) => k % 2 === 0)
    .map(Math.round);
}

describe("csvSource()", () => {
  before(() => useBackend("cpu"));

  it("splits the rows 70 : 10 : 10 : 10, every row in one part", async () => {
    const source = csvSource(ramp);
    const held = SPLITS.map((split) => indices(source, all(source, split)));
    closeTo(
      held.map((rows) => rows.length),
      [100, 100, 100],
      {},
    );
    const angles = source.batch([stream(1, "data")], 20_000);
    const trained = new Set(indices(source, (await angles.data()) as Float32Array));
    angles.dispose();
    source.dispose();
    const together = new Set([...held.flat(), ...trained]);
    expect([trained.size, together.size]).to.deep.equal([700, 1000]);
  });

  it("repeats its split and its subsets, and changes them with the seeds", () => {
    const first = csvSource(ramp);
    closeTo(all(first, "test"), all(csvSource(ramp), "test"), {});
    expect(all(first, "test")).not.to.deep.equal(all(csvSource(ramp, { seed: 1 }), "test"));
    closeTo(first.held("test", 20, 3), first.held("test", 20, 3), {});
    expect(first.held("test", 20, 3)).to.have.length(40);
    expect(first.held("test", 20, 3)).not.to.deep.equal(first.held("test", 20, 4));
    const within = indices(first, all(first, "test"));
    for (const row of indices(first, first.held("test", 20, 3))) expect(within).to.include(row);
  });

  it("scales the range of the training rows to [mπ, (1 - m)π], and back", async () => {
    for (const margin of [0, 0.05, 0.2]) {
      const source = csvSource(ramp, { margin });
      const batch = source.batch([stream(1, "data")], 20_000);
      const angles = (await batch.data()) as Float32Array;
      batch.dispose();
      source.dispose();
      const x = angles.filter((_, k) => k % 2 === 0);
      const ends = [margin * Math.PI, (1 - margin) * Math.PI];
      closeTo([Math.min(...x), Math.max(...x)], ends, { atol: 1e-6 }, `margin ${margin}`);
      const units = source.toUnits(angles);
      const y = units.filter((_, k) => k % 2 === 1);
      closeTo(
        y,
        indices(source, angles).map((i) => 10 - i / 100),
        { atol: 1e-5 },
      );
    }
  });

  it("clips held-out values beyond [0, π] and says how many", () => {
    const text = csv("x", 1000, (i) => [i]);
    const source = csvSource(text, { margin: 0 });
    const held = SPLITS.flatMap((split) => Array.from(all(source, split)));
    const training = source.report.find((line) => line.startsWith("x: the range")) ?? "";
    const [min, max] = (/\[(\d+), (\d+)\]/.exec(training) ?? []).slice(1).map(Number) as [
      number,
      number,
    ];
    const beyond = min + (999 - max);
    expect(beyond, "rows beyond the training range").to.be.greaterThan(0);
    for (const angle of held) expect(angle).to.be.within(0, Math.fround(Math.PI));
    expect(held.filter((angle) => angle < 1e-6 || angle > Math.PI - 1e-6)).to.have.length(beyond);
    expect(source.report).to.include(
      `x: ${beyond} of 300 held-out values lay outside [0, π], and were clipped.`,
    );
    expect(csvSource(text).report.join(" ")).not.to.include("clipped");
  });

  it("uses all columns that hold numbers, or those named in the order named", () => {
    const text = csv("kind,a,b", 100, (i) => [i % 2 ? "rose" : "tulip", i, -i]);
    const automatic = csvSource(text, { name: "my.csv" });
    expect(automatic.columns).to.deep.equal(["a", "b"]);
    expect(automatic.report[0]).to.equal("my.csv: 100 rows; 2 columns used: a, b.");
    expect(automatic.report).to.include("Ignored 1 column without numbers: kind.");
    const named = csvSource(text, { columns: ["b"] });
    expect(named.columns).to.deep.equal(["b"]);
    expect(named.report).to.include("Ignored 2 columns not named: kind, a.");
  });

  it("drops rows with missing values in the used columns, and counts them", () => {
    const text = csv("a,b", 130, (i) => [i % 10 === 0 ? "" : i, i % 13 === 1 ? "NA" : 2 * i]);
    expect(csvSource(text).report).to.include(
      "Dropped 22 of 130 rows with missing values (13 in a, 10 in b).",
    );
    expect(csvSource(text, { columns: ["b"] }).report).to.include(
      "Dropped 10 of 130 rows with missing values (10 in b).",
    );
  });

  it("takes any number of columns", () => {
    const source = csvSource(csv("a,b,c,d,e", 100, (i) => [i, 2 * i, 3 * i, 4 * i, 5 * i]));
    const angles = all(source, "test");
    expect(angles).to.have.length(50);
    const first = angles[0]!;
    closeTo(angles.subarray(0, 5), [first, first, first, first, first], { atol: 1e-6 });
    expect(csvSource(csv("a", 100, (i) => [i])).columns).to.deep.equal(["a"]);
  });

  it("warns of small held-out splits and of values too large for single precision", () => {
    const text = csv("t", 100, (i) => [1.7e9 + i]);
    const report = csvSource(text).report.join(" ");
    expect(report).to.include("70 rows for training, 10 each");
    expect(report).to.include("beside its floor");
    expect(report).to.include("t: its values are large beside their range");
  });

  it("uses angles as they are without scaling, and refuses what is none", () => {
    const text = csv("a", 100, (i) => [(i * Math.PI) / 99]);
    const source = csvSource(text, { scale: false });
    const angles = all(source, "test");
    closeTo(source.toUnits(angles), angles, { atol: 1e-6 });
    const bad = text.replace(/\n0\n/, "\n3.3\n");
    expect(() => csvSource(bad, { scale: false, name: "my.csv" })).to.throw(
      DataError,
      'my.csv: line 2, column "a" must be an angle in [0, π], but is 3.3.',
    );
  });

  it("names line and column of a cell that is no number", () => {
    const text = csv("a,b", 200, (i) => [i, i === 148 ? "1O" : i]);
    expect(() => csvSource(text, { name: "my.csv" })).to.throw(
      DataError,
      'my.csv: line 150, column 2 ("b") must be a finite number, but is "1O".',
    );
    expect(csvSource(text, { columns: ["a"] }).columns).to.deep.equal(["a"]);
    const european = text.replaceAll(",", ";").replace("1O", "3,14");
    expect(() => csvSource(european)).to.throw(DataError, "Write decimal points, not commas.");
  });

  it("refuses columns that are unknown, named twice, constant or empty", () => {
    const text = csv("a,b,c", 100, (i) => [i, 7, ""]);
    const using =
      (...columns: string[]) =>
      (): AngleSource =>
        csvSource(text, { columns });
    expect(using("z")).to.throw(DataError, 'must have a column "z", but has a, b, c.');
    expect(using("a", "a")).to.throw(DataError, "named twice");
    expect(using("b")).to.throw(
      DataError,
      'column "b" must vary within a finite range, but reaches from 7 to 7',
    );
    expect(using("c")).to.throw(DataError, 'column 3 ("c") must hold numbers');
    const labels = csv("name,colour", 100, () => ["rose", "red"]);
    expect(() => csvSource(labels)).to.throw(
      DataError,
      "must have a column of numbers, but has none",
    );
  });

  it("refuses fewer than 100 complete rows, and a margin outside [0, ½)", () => {
    const text = csv("a,b", 100, (i) => [i, i === 5 ? "" : i]);
    expect(() => csvSource(text)).to.throw(DataError, "at least 100 complete rows, but has 99");
    expect(csvSource(text, { columns: ["a"] }).columns).to.have.length(1);
    for (const margin of [-0.1, 0.5, NaN]) {
      expect(() => csvSource(ramp, { margin })).to.throw(ArgumentError, "`margin`");
    }
  });
});

for (const backend of ["cpu", "wasm"] as const) {
  describe(`csvSource().batch on ${backend}`, () => {
    before(() => useBackend(backend));

    it("gives each replica the rows it gets alone", async () => {
      const source = csvSource(ramp);
      const streams = [1, 2, 3].map((seed) => stream(seed, "data", 9));
      const together = source.batch(streams, 5);
      expect(together.shape).to.deep.equal([3, 5, 2]);
      const values = await together.data();
      for (const [p, one] of streams.entries()) {
        const alone = source.batch([one], 5);
        closeTo(values.subarray(10 * p, 10 * p + 10), await alone.data(), {});
        alone.dispose();
      }
      together.dispose();
      source.dispose();
    });

    it("draws training rows about equally often", async () => {
      const source = csvSource(csv("x,y", 100, (i) => [i, i]));
      const n = 70_000;
      const batch = source.batch([stream(5, "data")], n);
      const counts = new Map<number, number>();
      for (const row of indices(source, (await batch.data()) as Float32Array)) {
        counts.set(row, (counts.get(row) ?? 0) + 1);
      }
      batch.dispose();
      source.dispose();
      expect(counts.size).to.equal(70);
      // Each count is binomial with p = 1/70; 5 σ.
      for (const count of counts.values()) {
        closeTo(count, n / 70, { atol: 5 * Math.sqrt((n / 70) * (1 - 1 / 70)) });
      }
    });

    it("keeps one tensor, also inside a tidy, until it is disposed", () => {
      const before = tf.memory().numTensors;
      const source = csvSource(ramp);
      for (let i = 0; i < 3; i++) {
        tf.tidy(() => {
          source.batch([stream(1, "data", i)], 4);
        });
      }
      expect(tf.memory().numTensors).to.equal(before + 1);
      source.dispose();
      source.dispose();
      expect(tf.memory().numTensors).to.equal(before);
      source.batch([stream(1, "data")], 4).dispose();
      source.dispose();
      expect(tf.memory().numTensors).to.equal(before);
    });

    it("refuses empty batches", () => {
      const source = csvSource(ramp);
      expect(() => source.batch([], 4)).to.throw(ArgumentError, "`streams.length`");
      expect(() => source.batch([stream(1, "data")], 0)).to.throw(ArgumentError, "`n`");
      expect(() => source.held("test", 0, 1)).to.throw(ArgumentError, "`n`");
    });
  });
}
