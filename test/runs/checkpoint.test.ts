// Safetensors and checkpoints: what is written is read, and damage is noticed wherever it is.

import { expect } from "chai";
import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "../../src/errors.js";
import {
  listCheckpoints,
  quarantine,
  readCheckpoint,
  readCheckpointFile,
  writeCheckpoint,
} from "../../src/runs/checkpoint.js";
import { decodeArchive, encodeArchive } from "../../src/runs/safetensors.js";
import { withFolder } from "../support/cli.js";

const snapshot = (step: number) => ({
  step,
  tensors: {
    "a.weights": { shape: [2, 3], values: Float32Array.of(1, -0, NaN, 1e-45, Infinity, step) },
    none: { shape: [0, 4], values: new Float32Array(0) },
    scalar: { shape: [], values: Float32Array.of(7) },
  },
});

describe("encodeArchive()", () => {
  it("writes the bytes of the format: length, padded header, data", () => {
    const bytes = encodeArchive({
      metadata: { k: "v" },
      tensors: { x: { shape: [2], values: Float32Array.of(1, 2) } },
    });
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const length = Number(view.getBigUint64(0, true));
    expect(length % 8).to.equal(0);
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).to.deep.equal({
      __metadata__: { k: "v" },
      x: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
    });
    expect([view.getFloat32(8 + length, true), view.getFloat32(12 + length, true)]).to.deep.equal([
      1, 2,
    ]);
    expect(bytes.length).to.equal(16 + length);
  });

  it("is undone by decodeArchive(), bit for bit", () => {
    const archive = { metadata: { step: "3" }, tensors: snapshot(3).tensors };
    expect(decodeArchive(encodeArchive(archive))).to.deep.equal(archive);
  });

  it("says what is wrong with other bytes", () => {
    const good = encodeArchive({ metadata: {}, tensors: snapshot(1).tensors });
    expect(() => decodeArchive(new Uint8Array(3))).to.throw(
      DataError,
      /shorter than its first field/,
    );
    expect(() => decodeArchive(good.subarray(0, 40))).to.throw(DataError, /its header is cut off/);
    expect(() => decodeArchive(good.subarray(0, good.length - 1))).to.throw(
      DataError,
      /does not fit its bytes/,
    );
    expect(() => decodeArchive(good.map((byte, i) => (i === 8 ? 0 : byte)))).to.throw(
      DataError,
      /not JSON/,
    );
  });
});

describe("readCheckpoint()", () => {
  it("gives back the newest snapshot, and only two files are kept", () =>
    withFolder(async (folder) => {
      for (const step of [1, 2, 10]) writeCheckpoint(folder, snapshot(step));
      expect(readCheckpoint(folder)?.snapshot).to.deep.equal(snapshot(10));
      expect(readdirSync(folder)).to.deep.equal([
        "step-000000002.safetensors",
        "step-000000010.safetensors",
      ]);
      expect(readCheckpoint(join(folder, "missing"))).to.equal(undefined);
    }));

  it("writes the same bytes for the same snapshot", () =>
    withFolder(async (folder) => {
      const first = readFileSync(writeCheckpoint(join(folder, "a"), snapshot(4)));
      const second = readFileSync(writeCheckpoint(join(folder, "b"), snapshot(4)));
      expect(first.equals(second)).to.equal(true);
    }));

  it("notices any changed byte of the file", () =>
    withFolder(async (folder) => {
      const path = writeCheckpoint(folder, snapshot(5));
      const good = readFileSync(path);
      const padding = /^ +$/;
      for (let i = 0; i < good.length; i++) {
        if (padding.test(String.fromCharCode(good[i] ?? 0))) continue;
        const bad = Buffer.from(good);
        bad[i] = (bad[i] ?? 0) ^ 1;
        writeFileSync(path, bad);
        expect(() => readCheckpointFile(path), `byte ${i.toString()}`).to.throw(DataError);
      }
    }));

  it("uses the one before a torn file, and fails only where all are torn", () =>
    withFolder(async (folder) => {
      const [older, newer] = [
        writeCheckpoint(folder, snapshot(1)),
        writeCheckpoint(folder, snapshot(2)),
      ];
      truncateSync(newer, 100);
      const found = readCheckpoint(folder);
      expect(found?.snapshot.step).to.equal(1);
      expect(found?.damaged).to.deep.equal([newer]);
      truncateSync(older, 0);
      expect(() => readCheckpoint(folder)).to.throw(DataError, /all 2 are damaged/);
      rmSync(newer);
      mkdirSync(newer);
      expect(() => readCheckpoint(folder)).to.throw(DataError, /all 2 are damaged/);
      quarantine([older, newer]);
      expect(listCheckpoints(folder)).to.deep.equal([]);
    }));
});
