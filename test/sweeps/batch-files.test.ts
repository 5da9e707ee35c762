// Batch files: what is written is read back bit for bit, and nothing altered passes for whole.

import { expect } from "chai";
import { createHash } from "node:crypto";
import fc from "fast-check";
import {
  decodeBatch,
  DamagedBatch,
  encodeBatch,
  type RowRules,
} from "../../src/sweeps/store/batch-text.js";
import { rangesText, trialsOf } from "../../src/sweeps/store/ranges.js";
import { parseRow, rowText } from "../../src/sweeps/store/row-text.js";
import { ArgumentError, DataError } from "../../src/errors.js";
import type { Row, RowStatus } from "../../src/sweeps/types.js";
import { headerOf, rowOf } from "../support/sweep.js";

const RULES: RowRules = { goal: "minimize", numeric: new Set(["train.lr", "train.noise"]) };

function bits(value: number | null | undefined): string {
  if (typeof value !== "number") return String(value);
  return Buffer.from(Float64Array.of(value).buffer).toString("hex");
}

/** All that a row says, every number as its 64 bits. */
function exactly(row: Row): unknown {
  const deep = (value: unknown): unknown => (typeof value === "number" ? bits(value) : value);
  const record = (o: object): unknown => Object.entries(o).map(([k, v]) => [k, deep(v)]);
  return [row.t, row.s, bits(row.v), record(row.m), row.n, bits(row.probe), record(row.p), row.why];
}

const number = fc.oneof(
  fc.double(),
  fc.constantFrom(-0, Number.NaN, Infinity, -Infinity, 5e-324, Number.MAX_VALUE, 0.1 + 0.2),
);
const parameter = fc.oneof(
  fc.double({ noNaN: true }),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
);
// JSON.parse makes `__proto__` an own key, an object literal does not: names of metrics are never that.
const name = fc.string({ minLength: 1 }).filter((text) => text !== "__proto__");
const row: fc.Arbitrary<Row> = fc.record(
  {
    t: fc.nat(),
    s: fc.constantFrom<RowStatus>("ok", "diverged", "pruned", "error"),
    v: fc.oneof(number, fc.constant(null)),
    m: fc.dictionary(name, number),
    n: fc.nat(),
    probe: number,
    p: fc.dictionary(name, parameter),
    why: fc.string(),
  },
  { requiredKeys: ["t", "s", "v", "m", "n", "p"] },
);

describe("rowText()", () => {
  it("gives back every row with all bits of its numbers", () => {
    fc.assert(
      fc.property(row, (given) => {
        const finite = Object.values(given.p).every(
          (v) => typeof v !== "number" || Number.isFinite(v),
        );
        fc.pre(finite);
        expect(exactly(parseRow(rowText(given), new Set())!)).to.deep.equal(exactly(given));
      }),
    );
  });

  it("keeps the text NaN of a choice and the overflow of a number apart", () => {
    const given = rowOf(0, { p: { "train.optimizer": "NaN", "train.lr": Infinity } });
    expect(parseRow(rowText(given), RULES.numeric)!.p).to.deep.equal(given.p);
  });

  it("writes one line, whatever the names and texts hold", () => {
    const text = rowText(rowOf(0, { s: "error", why: 'a "b"\nc\u2028', m: { "a\nb": 1 } }));
    expect(text).not.to.match(/\n/);
  });

  it("takes nothing else for a row", () => {
    const lines = ["", "{}", "[]", "null", '{"t":-1,"s":"ok","v":1,"m":{},"n":1,"p":{}}'];
    const others = [
      '{"t":1,"s":"good","v":1,"m":{},"n":1,"p":{}}',
      '{"t":1,"s":"ok","v":"x","m":{},"n":1,"p":{}}',
      '{"t":1,"s":"ok","v":1,"m":{"a":null},"n":1,"p":{}}',
      '{"t":1,"s":"ok","v":1,"m":{},"n":1.5,"p":{}}',
    ];
    for (const line of [...lines, ...others])
      expect(parseRow(line, new Set()), line).to.equal(undefined);
  });
});

describe("rangesText()", () => {
  it("writes consecutive trials as ranges and reads them back", () => {
    expect(rangesText([0, 1, 2, 7, 9, 10])).to.equal("0-2,7,9-10");
    expect(rangesText([])).to.equal("");
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(300)), (list) => {
        const sorted = list.sort((a, b) => a - b);
        expect(trialsOf(rangesText(sorted))).to.deep.equal(sorted);
      }),
    );
  });

  it("refuses texts that are no ascending ranges", () => {
    for (const text of ["a", "3-1", "1,1", "2,1", "1,", "-1", "1.5", "0-1e3"]) {
      expect(() => trialsOf(text), text).to.throw(DataError);
    }
  });
});

describe("encodeBatch()", () => {
  const rows = [
    rowOf(2),
    rowOf(3, { v: -1, s: "diverged" }),
    rowOf(5, { v: 0.25 }),
    rowOf(6, { v: 0.25 }),
    rowOf(9, { v: Number.NaN }),
    rowOf(11, { s: "error", v: null, why: "poison" }),
  ];
  const header = headerOf([2, 3, 5, 6, 9, 11]);
  const bytes = encodeBatch(header, rows, RULES);

  it("ends with counts, trials by status, the best row and the hash of all bytes before", () => {
    const lines = bytes.toString().split("\n");
    const footer = JSON.parse(lines.at(-2)!);
    const body = bytes.subarray(0, bytes.length - Buffer.byteLength(lines.at(-2)!) - 1);
    const best = rows
      .map(({ t, s, v }) => ({ t, s, v: v! }))
      .filter(({ s, v }) => s === "ok" && Number.isFinite(v));
    expect(footer).to.deep.equal({
      end: true,
      rows: 6,
      counts: { ok: 4, diverged: 1, error: 1 },
      trials: { ok: "2,5-6,9", diverged: "3", error: "11" },
      best: best.sort((a, b) => a.v - b.v).map(({ t, v }) => [t, v])[0],
      sha256: createHash("sha256").update(body).digest("hex"),
    });
    expect(JSON.parse(lines[0]!)).to.deep.equal(header);
  });

  it("ranks by the goal, equal values by trial", () => {
    const best = (goal: RowRules["goal"]): unknown =>
      decodeBatch(encodeBatch(header, rows, { ...RULES, goal }), { ...RULES, goal }).footer.best;
    const ok = rows.filter(({ s, v }) => s === "ok" && Number.isFinite(v));
    const extreme = Math.max(...ok.map(({ v }) => v!));
    expect(best("maximize")).to.deep.equal([ok.find(({ v }) => v === extreme)!.t, extreme]);
  });

  it("is read back whole", () => {
    const batch = decodeBatch(bytes, RULES);
    expect(batch.header).to.deep.equal(header);
    expect(batch.rows.map(exactly)).to.deep.equal(rows.map(exactly));
  });

  it("refuses rows that are out of order or not as many as the header says", () => {
    const swapped = [rows[1]!, rows[0]!, ...rows.slice(2)];
    expect(() => encodeBatch(header, swapped, RULES)).to.throw(ArgumentError, "ascend");
    expect(() => encodeBatch(header, rows.slice(1), RULES)).to.throw(
      ArgumentError,
      "must have the length",
    );
  });

  it("is found out wherever a bit is flipped", () => {
    for (let at = 0; at < bytes.length; at++) {
      const altered = Buffer.from(bytes);
      altered[at]! ^= 1 << (at % 8);
      expect(() => decodeBatch(altered, RULES), `byte ${String(at)}`).to.throw(DamagedBatch);
    }
  });

  it("is found out wherever it is cut off, and where lines are missing or doubled", () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeBatch(bytes.subarray(0, length), RULES), String(length)).to.throw(
        DamagedBatch,
      );
    }
    const lines = bytes.toString().split(/(?<=\n)/);
    const without = Buffer.from(lines.toSpliced(2, 1).join(""));
    const doubled = Buffer.from(lines.toSpliced(2, 0, lines[2]!).join(""));
    expect(() => decodeBatch(without, RULES)).to.throw(DamagedBatch);
    expect(() => decodeBatch(doubled, RULES)).to.throw(DamagedBatch);
    expect(() => decodeBatch(Buffer.concat([bytes, bytes]), RULES)).to.throw(DamagedBatch);
  });

  it("names the line that shows the damage", () => {
    const lines = bytes.toString().split("\n");
    const line = (i: number, text: string): number => {
      try {
        decodeBatch(Buffer.from(lines.toSpliced(i, 1, text).join("\n")), RULES);
      } catch (error) {
        if (error instanceof DamagedBatch) return error.line;
      }
      return -1;
    };
    expect(line(0, "{}")).to.equal(1);
    expect(line(3, lines[3]!.slice(0, -4))).to.equal(4);
    expect(line(7, "torn")).to.equal(8);
  });
});
