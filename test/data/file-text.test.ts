// The text of files in the encodings and forms in which data come.

import { expect } from "chai";
import { gzipSync } from "node:zlib";
import { fileText } from "../../src/data/files/file-text.js";
import { DataError } from "../../src/errors.js";

const TEXT = "größe,y\n1,2\n";

describe("fileText()", () => {
  it("reads UTF-8, UTF-16 by its mark, and gzip of either", () => {
    const little = Buffer.from(`\uFEFF${TEXT}`, "utf16le");
    const forms = [Buffer.from(TEXT), Buffer.from(`\uFEFF${TEXT}`), little];
    const big = Buffer.from(little).swap16();
    for (const bytes of [...forms, big, ...[...forms, big].map((form) => gzipSync(form))])
      expect(fileText(bytes, "a.csv")).to.equal(TEXT);
  });

  it("names the file whose bytes are no text, or not all of a compressed one", () => {
    expect(() => fileText(Buffer.from("a\nb\0"), "a.xlsx")).to.throw(
      DataError,
      "a.xlsx: must be a file of text, but has a zero byte in line 2. Spreadsheets",
    );
    const torn = gzipSync(Buffer.from(TEXT)).subarray(0, -9);
    expect(() => fileText(torn, "a.csv.gz")).to.throw(DataError, /a\.csv\.gz.*cut off/);
  });
});
