// Atomic writes and what happens where nothing can be written.

import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder, sha256, writeAtomically } from "../../src/runs/files.js";
import { OutputError } from "../../src/runs/output-error.js";
import { withFolder } from "../support/cli.js";

describe("writeAtomically()", () => {
  it("replaces a file as a whole and leaves nothing else", () =>
    withFolder(async (folder) => {
      const path = join(folder, "file");
      writeAtomically(path, "one");
      writeAtomically(path, new Uint8Array([50]));
      expect(readFileSync(path, "utf8")).to.equal("2");
      expect(readdirSync(folder)).to.deep.equal(["file"]);
    }));

  it("names the path and the reason where a file stands in the way of a folder", () =>
    withFolder(async (folder) => {
      writeFileSync(join(folder, "file"), "");
      const path = join(folder, "file", "inner");
      expect(() => {
        writeAtomically(path, "");
      }).to.throw(OutputError, /inner cannot be written: a part of the path is a file/);
    }));

  it("names the reason where the folder is missing or the name is taken by a folder", () =>
    withFolder(async (folder) => {
      expect(() => {
        writeAtomically(join(folder, "no", "file"), "");
      }).to.throw(OutputError, /its folder does not exist/);
      mkdirSync(join(folder, "taken"));
      expect(() => {
        writeAtomically(join(folder, "taken"), "");
      }).to.throw(OutputError, /it is a folder/);
      expect(readdirSync(folder)).to.deep.equal(["taken"]);
    }));

  it("keeps the old file and removes the partial one where the disk is full", function () {
    if (process.platform !== "linux" || process.getuid?.() !== 0) this.skip();
    return withFolder(async (folder) => {
      try {
        execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "zenoflow-test", folder], {
          stdio: "ignore",
        });
      } catch {
        this.skip();
      }
      try {
        const path = join(folder, "file");
        writeAtomically(path, "old");
        expect(() => {
          writeAtomically(path, new Uint8Array(1 << 20));
        }).to.throw(OutputError, /no space is left/);
        expect(readFileSync(path, "utf8")).to.equal("old");
        expect(readdirSync(folder)).to.deep.equal(["file"]);
      } finally {
        execFileSync("umount", [folder]);
      }
    });
  });
});

describe("makeFolder()", () => {
  it("ends where the system makes no folders, in words", function () {
    if (process.platform !== "linux") this.skip();
    // Node's own recursion never ends here.
    expect(() => {
      makeFolder("/proc/none/of/these");
    }).to.throw(OutputError, "/proc/none/of/these cannot be written: permission denied");
  });

  it("makes parents, accepts an existing folder, and refuses a file", () =>
    withFolder(async (folder) => {
      makeFolder(join(folder, "a", "b"));
      makeFolder(join(folder, "a", "b"));
      writeFileSync(join(folder, "c"), "");
      expect(() => {
        makeFolder(join(folder, "c"));
      }).to.throw(OutputError, /in the way/);
    }));
});

describe("sha256()", () => {
  it("has the published value of no bytes", () => {
    expect(sha256("")).to.equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });
});
