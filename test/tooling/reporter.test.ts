// Tests of the mocha reporter: its last line, its exit code and what it shows.

import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const MOCHA = path.resolve("node_modules/mocha/bin/mocha.js");
const REPORTER = path.resolve("scripts/reporter.mjs");

describe("reporter", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "zenoflow-reporter-"));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs mocha on a file with this text, as a pipe and without colours. */
  function run(
    text: string,
    options: readonly string[] = [],
  ): { status: number | null; lines: string[]; stderr: string } {
    const file = path.join(folder, "case.cjs");
    writeFileSync(file, text);
    const args = [MOCHA, "--no-config", "--no-package", "--reporter", REPORTER, ...options, file];
    const env = { ...process.env, FORCE_COLOR: "0", NO_COLOR: "1" };
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", env });
    return { status, lines: stdout.trimEnd().split("\n"), stderr };
  }

  it("ends with the counts and fails when a test failed", () => {
    const { status, lines } = run(`
      const assert = require("node:assert");
      describe("sum()", () => {
        it("adds", () => {});
        it("adds again", () => {});
        it("carries", () => assert.deepStrictEqual({ a: 1 }, { a: 2 }));
        it("is fast on a GPU");
      });`);
    expect(status).to.equal(1);
    expect(lines.at(-1)).to.equal("2 passed, 1 failed, 1 skipped");
    expect(lines).to.include("FAILED sum() › carries");
  });

  it("shows the difference of a failed comparison", () => {
    const { lines } = run(`
      it("compares", () => require("node:assert").deepStrictEqual({ a: 1 }, { a: 2 }));`);
    const text = lines.join("\n");
    expect(text).to.match(/-\s+"a": 1/);
    expect(text).to.match(/\+\s+"a": 2/);
  });

  it("names skipped tests with their reason and succeeds without failures", () => {
    const { status, lines } = run(`
      describe("on webgpu", function () {
        this.skipReason = "no adapter";
        it("runs", function () { this.skip(); });
      });`);
    expect(status).to.equal(0);
    expect(lines.map((line) => line.trim())).to.include("skipped runs (no adapter)");
    expect(lines.at(-1)).to.equal("0 passed, 0 failed, 1 skipped");
  });

  it("counts a failed hook as a failure", () => {
    const { status, lines } = run(`
      describe("set-up", () => {
        before(() => { throw new Error("no"); });
        it("never runs", () => {});
      });`);
    expect(status).to.equal(1);
    expect(lines.at(-1)).to.equal("0 passed, 1 failed, 0 skipped");
  });

  it("ends a process that something keeps alive, says what, and keeps the exit code", () => {
    const text = `
      setInterval(() => {}, 1000);
      it("fails", () => { throw new Error("no"); });`;
    const { status, lines, stderr } = run(text, ["--reporter-option", "grace=100"]);
    expect(status).to.equal(1);
    expect(lines.at(-1)).to.equal("0 passed, 1 failed, 0 skipped");
    expect(stderr).to.include("the process has not: ").and.include("Timeout");
  });
});
