// The IDX format and MNIST's files: every type, every fault of a file, the search for the files and their verification.

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { dataFolder, readIdx, readMnist } from "../../src/data/files/index.js";
import { labelledImages, MNIST_FILES, parseIdx } from "../../src/data/index.js";
import { DataError } from "../../src/errors.js";

/** An IDX file of bytes. */
function idx(type: number, shape: readonly number[], payload: readonly number[]): Uint8Array {
  const dims = shape.flatMap((length) => [24, 16, 8, 0].map((shift) => (length >> shift) & 255));
  return Uint8Array.from([0, 0, type, shape.length, ...dims, ...payload]);
}

describe("parseIdx()", () => {
  it("reads every type of number, big-endian", () => {
    const cases: readonly (readonly [number, number[], number[]])[] = [
      [0x08, [0, 200, 255], [0, 200, 255]],
      [0x09, [0, 200, 255], [0, -56, -1]],
      [0x0b, [1, 2, 255, 254], [258, -2]],
      [0x0c, [0, 0, 1, 2, 255, 255, 255, 254], [258, -2]],
      [0x0d, [0x3f, 0xc0, 0, 0], [1.5]],
      [0x0e, [0xbf, 0xf8, 0, 0, 0, 0, 0, 0], [-1.5]],
    ];
    for (const [type, payload, values] of cases) {
      const array = parseIdx(idx(type, [values.length], payload));
      expect([...array.values]).to.deep.equal(values);
      expect(array.shape).to.deep.equal([values.length]);
    }
  });

  it("reads any shape, none and large dimensions included, and views into larger buffers", () => {
    expect(parseIdx(idx(8, [2, 1, 3], [1, 2, 3, 4, 5, 6])).shape).to.deep.equal([2, 1, 3]);
    expect(parseIdx(idx(8, [0, 28, 28], [])).values).to.have.length(0);
    expect(parseIdx(idx(8, [300], new Array(300).fill(7))).values[299]).to.equal(7);
    const shifted = new Uint8Array(20);
    shifted.set(idx(0x0b, [1], [1, 2]), 3);
    expect([...parseIdx(shifted.subarray(3, 13)).values]).to.deep.equal([258]);
  });

  it("names the file, the bytes it should have and those it has", () => {
    const fails = (bytes: Uint8Array, words: string): void => {
      expect(() => parseIdx(bytes, "my.idx")).to.throw(DataError, words);
    };
    fails(
      idx(8, [2, 2], [1, 2, 3]),
      "my.idx: must have 16 bytes for shape [2, 2], but has 15. The file is cut off.",
    );
    fails(
      idx(8, [2], [1, 2, 3]),
      "must have 10 bytes for shape [2], but has 11. The file is too long.",
    );
    fails(Uint8Array.of(0, 0, 8, 3, 0, 0), "at least 16 bytes for a header of 16 bytes, but has 6");
    fails(idx(7, [1], [1]), "starts with 00 00 07 01");
    fails(Uint8Array.of(0, 0, 8, 0), "starts with 00 00 08 00");
    fails(new Uint8Array(0), "starts with nothing");
    fails(new Uint8Array(gzipSync(idx(8, [1], [1]))), "It is compressed by gzip.");
  });
});

describe("labelledImages()", () => {
  const images = parseIdx(idx(8, [2, 1, 2], [0, 255, 1, 2]));
  const labels = parseIdx(idx(8, [2], [3, 4]));

  it("joins images and labels", () => {
    const made = labelledImages(images, labels);
    expect([made.rows, made.height, made.width, made.white]).to.deep.equal([2, 1, 2, 255]);
    expect([...made.labels]).to.deep.equal([3, 4]);
  });

  it("refuses exchanged files and different counts", () => {
    expect(() => labelledImages(labels, images, "dir")).to.throw(
      DataError,
      "dir: images must be bytes of shape [rows, height, width] (magic number 2051), but are Uint8Array of shape [2].",
    );
    expect(() => labelledImages(images, images)).to.throw(DataError, "magic number 2049");
    expect(() => labelledImages(images, parseIdx(idx(8, [1], [3])))).to.throw(
      DataError,
      "2 images, but has 1 labels",
    );
  });
});

describe("readIdx() and readMnist()", () => {
  let folder = "";
  before(() => (folder = mkdtempSync(join(tmpdir(), "zenoflow idx "))));
  after(() => rmSync(folder, { recursive: true }));

  it("reads compressed files by their content, whatever their name", () => {
    writeFileSync(join(folder, "plain.gz"), idx(8, [2], [5, 6]));
    writeFileSync(join(folder, "packed"), gzipSync(idx(8, [2], [5, 6])));
    for (const name of ["plain.gz", "packed"]) {
      expect([...readIdx(join(folder, name)).values]).to.deep.equal([5, 6]);
    }
    expect(() => readIdx(join(folder, "none"))).to.throw(DataError, join(folder, "none"));
  });

  it("says which file is missing, its sum, and where it belongs", () => {
    const env = { ZENOFLOW_DATA_DIR: folder };
    const { name, sha256 } = MNIST_FILES.test.images;
    expect(() => readMnist("test", { env })).to.throw(
      DataError,
      join(folder, "mnist", "1", "raw", name),
    );
    expect(() => readMnist("test", { env })).to.throw(DataError, sha256);
    expect(() => readMnist("train", { path: folder })).to.throw(
      DataError,
      "train-images-idx3-ubyte: must exist",
    );
  });

  it("refuses other contents with both sums", () => {
    const bytes = idx(8, [1, 1, 1], [9]);
    writeFileSync(join(folder, "t10k-images-idx3-ubyte.gz"), gzipSync(bytes));
    const sum = createHash("sha256").update(bytes).digest("hex");
    expect(() => readMnist("test", { path: folder })).to.throw(
      DataError,
      `holds 17 bytes with SHA-256 ${sum} in place of 7840016`,
    );
    expect(() => readMnist("test", { path: folder })).to.throw(
      DataError,
      MNIST_FILES.test.images.sha256,
    );
  });

  it("looks in the folder of data sets that the variables name", () => {
    const home = { HOME: "/home/a" };
    expect(dataFolder({ ...home, ZENOFLOW_DATA_DIR: "/d", XDG_CACHE_HOME: "/x" })).to.equal("/d");
    expect(dataFolder({ ...home, XDG_CACHE_HOME: "/x" })).to.equal("/x/zenoflow/datasets");
    expect(dataFolder({ ...home, XDG_CACHE_HOME: "" })).to.equal(
      "/home/a/.cache/zenoflow/datasets",
    );
  });
});
