// Reading CSV text: quoting, delimiters, headers, line endings, missing cells, and errors that say where.

import { expect } from "chai";
import fc from "fast-check";
import { parseCsv, type CsvOptions } from "../../src/data/index.js";
import { DataError } from "../../src/errors.js";
import { closeTo } from "../support/close-to.js";

/** The numbers of each column by name. */
function numbersOf(text: string, options?: CsvOptions): Record<string, number[]> {
  const { columns } = parseCsv(text, options);
  return Object.fromEntries(columns.map(({ name, values }) => [name, Array.from(values)]));
}

describe("parseCsv()", () => {
  it("reads names and numbers", () => {
    const text = "x,y\n1,-2.5\n.5,+3e-2\n7.,1E3\n";
    expect(numbersOf(text)).to.deep.equal({ x: [1, 0.5, 7], y: [-2.5, 0.03, 1000] });
    expect(parseCsv(text)).to.include({ rows: 3, header: true, delimiter: ",", comments: 0 });
  });

  it("takes a first record with a number in it as data, and numbers the columns", () => {
    expect(numbersOf("1,2\n3,4")).to.deep.equal({ column_1: [1, 3], column_2: [2, 4] });
    expect(parseCsv("rose,1\ntulip,2").header).to.equal(false);
    expect(numbersOf("1,2\n3,4", { header: true })).to.deep.equal({ "1": [3], "2": [4] });
    expect(parseCsv("a\nb", { header: false }).rows).to.equal(2);
  });

  it("detects comma, semicolon and tab, also with other delimiters inside quotes", () => {
    expect(parseCsv("a;b\n1;2").delimiter).to.equal(";");
    expect(parseCsv("a\tb\n1\t2").delimiter).to.equal("\t");
    expect(parseCsv("a\n1").delimiter).to.equal(",");
    expect(parseCsv('"a;b;c",d\n1,2').delimiter).to.equal(",");
    expect(parseCsv("a, in m; b\n1;2").delimiter).to.equal(";");
    expect(numbersOf("1;2\n3;4", { delimiter: ";" })).to.have.all.keys("column_1", "column_2");
  });

  it("accepts every line ending, a byte-order mark, and no end of line at the end", () => {
    const expected = { x: [1, 3], y: [2, 4] };
    for (const end of ["\n", "\r\n", "\r"]) {
      const text = ["x,y", "1,2", "3,4"].join(end);
      expect(numbersOf(text), JSON.stringify(end)).to.deep.equal(expected);
      expect(numbersOf(`\uFEFF${text}${end}${end}`), JSON.stringify(end)).to.deep.equal(expected);
    }
  });

  it("follows RFC 4180 in quoted fields", () => {
    const text = '"a ""b"", c" , "two\r\nlines"\r\n"1",2\r\n3, "4" \r\n';
    expect(numbersOf(text)).to.deep.equal({ 'a "b", c': [1, 3], "two\r\nlines": [2, 4] });
    expect(Array.from(parseCsv(text).lines)).to.deep.equal([3, 4]);
  });

  it("skips blank lines and comments, and keeps the line numbers", () => {
    const table = parseCsv("# made by hand\n\nx\n1\n\n# more\n2\n");
    expect(table).to.include({ rows: 2, comments: 2 });
    expect(Array.from(table.lines)).to.deep.equal([4, 7]);
  });

  it("counts missing cells, and keeps the first cell that is text", () => {
    const { columns } = parseCsv("x,y\n1,\nNA,?\nnan,red\n4,blue\n");
    expect(columns[0]).to.include({ numbers: 2, missing: 2, text: null });
    expect(columns[1]).to.include({ numbers: 0, missing: 2 });
    expect(columns[1]?.text).to.deep.equal({ line: 4, cell: "red" });
    expect(Array.from(columns[0]?.values ?? [])).to.deep.equal([1, NaN, NaN, 4]);
  });

  it("takes nothing but finite decimal numbers as a number", () => {
    for (const cell of ["0x10", "1e999", "Infinity", "1 2", "1.2.3", "--1", "e5", ".", "1_000"]) {
      expect(parseCsv(`x\n1\n${cell}`).columns[0]?.text?.cell, cell).to.equal(cell);
    }
  });

  it("gives back any numbers that were written", () => {
    const cells = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cells, cells), { minLength: 1 }),
        fc.boolean(),
        (rows, quoted) => {
          const write = (value: number): string => (quoted ? `"${value}"` : String(value));
          const text = rows.map((row) => row.map(write).join(";")).join("\n");
          const { columns } = parseCsv(text, { header: false });
          const read = columns.map(({ values }) => values);
          closeTo(
            read,
            [0, 1].map((c) => rows.map((row) => row[c]!)),
            {},
          );
        },
      ),
    );
  });

  it("names the line of a record of another length", () => {
    expect(() => parseCsv("x,y\n1,2\n3\n", { name: "my.csv" })).to.throw(
      DataError,
      "my.csv: line 3 must have 2 fields, but has 1.",
    );
    expect(() => parseCsv('x\n"1\n",2')).to.throw("csv: line 2 must have 1 field, but has 2.");
  });

  it("names line and column of a quote that does not close, or closes early", () => {
    expect(() => parseCsv('x,y\n1,"2\n')).to.throw(
      DataError,
      "line 2, column 2 must close its quote",
    );
    expect(() => parseCsv('x,y\n"1"5,2\n')).to.throw(
      DataError,
      'line 2, column 1 must end at its closing quote, but is followed by "5"',
    );
  });

  it("refuses repeated names and files without rows", () => {
    expect(() => parseCsv("x,y,x\n1,2,3")).to.throw(DataError, '"x" occurs more than once');
    for (const empty of ["", "\n\n", "# only a comment\n", "x,y\n"]) {
      expect(() => parseCsv(empty), JSON.stringify(empty)).to.throw(DataError, "must hold rows");
    }
  });
});
