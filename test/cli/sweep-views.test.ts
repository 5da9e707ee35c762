// report, plot, export and serve as a user calls them on a sweep folder.

import { expect } from "chai";
import { EventEmitter } from "node:events";
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { call, withFolder } from "../support/cli.js";
import { commitTrials, emptySweep, HASH, span, STUDY } from "../support/sweep.js";

describe("views of a sweep", function () {
  this.timeout(30_000);

  const inSweep = (use: (cwd: string, folder: string) => Promise<void>): Promise<void> =>
    withFolder(async (cwd) => {
      const store = emptySweep(cwd, { study: { ...STUDY, halving: null } });
      commitTrials(store, span(0, 64));
      await use(cwd, cwd);
    });

  it("plot writes a figure and prints its path", () =>
    inSweep(async (cwd, folder) => {
      const drawn = await call(["plot", "edf", folder, "--width", "800"], { cwd });
      expect(drawn).to.deep.equal({ code: 0, out: "plots/edf.svg\n", err: "" });
      expect(readFileSync(join(folder, "plots/edf.svg"), "utf8")).to.match(
        /^<svg[^>]* width="800"[\s\S]*n = 64 trials/,
      );
      const spec = await call(["plot", "edf", folder, "--format", "json", "--to", "a/b.json"], {
        cwd,
      });
      expect(spec.code, spec.err).to.equal(0);
      expect(JSON.parse(readFileSync(join(cwd, "a/b.json"), "utf8"))).to.have.property("$schema");
    }));

  it("report makes one page of a sweep folder, as of a run", () =>
    inSweep(async (cwd, folder) => {
      const { code, out, err } = await call(["report", folder], { cwd });
      expect([code, out], err).to.deep.equal([0, "report.html\n"]);
      expect(readFileSync(join(folder, "report.html"), "utf8")).to.include("Best trials by loss");
    }));

  it("report takes the newest sweep for the latest where there is no run", () =>
    withFolder(async (cwd) => {
      const name = `runs/toy-${HASH.slice(0, 8)}`;
      const store = emptySweep(join(cwd, name), { study: { ...STUDY, halving: null } });
      commitTrials(store, span(0, 64));
      const { code, out, err } = await call(["report", "latest"], { cwd });
      expect([code, out], err).to.deep.equal([0, `${name}/report.html\n`]);
    }));

  it("status says how far a sweep is whose best row is damaged", () =>
    inSweep(async (cwd, folder) => {
      for (const name of readdirSync(join(folder, "batches"))) {
        const path = join(folder, "batches", name);
        const lines = readFileSync(path, "utf8").split("\n");
        writeFileSync(
          path,
          lines.map((line, i) => (i === 1 ? line.replace("{", "[") : line)).join("\n"),
        );
      }
      const { code, out, err } = await call(["status", folder], { cwd });
      expect(code, err).to.equal(0);
      expect(out).to.include("64 of 64");
    }));

  it("plot says what it cannot draw, and why", () =>
    inSweep(async (cwd, folder) => {
      const { code, out, err } = await call(["plot", "curves", folder], { cwd });
      expect([code, out]).to.deep.equal([65, ""]);
      expect(err).to.include("all trials had the same steps");
      expect((await call(["plot", "nothing", folder], { cwd })).code).to.equal(64);
    }));

  it("export writes rows, one line a row", () =>
    inSweep(async (cwd, folder) => {
      const { code, out } = await call(["export", "csv", folder], { cwd });
      expect([code, out]).to.deep.equal([0, "exports/results.csv\n"]);
      expect(readFileSync(join(cwd, out.trim()), "utf8").split("\r\n")).to.have.length(1 + 64 + 1);
    }));

  it("gc says what would go, removes it, and leaves the rest", () =>
    inSweep(async (cwd, folder) => {
      const left = join(folder, "batches", "b-0.123.tmp");
      writeFileSync(left, "half");
      const long = Date.now() / 1000 - 2 * 3600;
      utimesSync(left, long, long);
      const words = (what: string): string => `batches/b-0.123.tmp\n1 file, 4 bytes ${what} .\n`;
      const dry = await call(["gc", folder, "--dry-run"], { cwd });
      expect([dry.code, dry.out], dry.err).to.deep.equal([0, words("would be removed from")]);
      expect(existsSync(left)).to.equal(true);
      const json = await call(["gc", folder, "-n", "--json"], { cwd });
      expect(JSON.parse(json.out)).to.include({
        schema: "zenoflow.gc/1",
        removed: false,
        bytes: 4,
      });
      const done = await call(["gc", folder], { cwd });
      expect([done.code, done.out], done.err).to.deep.equal([0, words("removed from")]);
      expect(existsSync(left)).to.equal(false);
      const again = await call(["gc", folder], { cwd });
      expect(again.out).to.equal("0 files, 0 bytes removed from .\n");
    }));

  it("says where nothing is there yet", () =>
    withFolder(async (cwd) => {
      emptySweep(cwd);
      for (const argv of [
        ["plot", "edf"],
        ["export", "csv"],
      ]) {
        const { code, err } = await call([...argv, cwd], { cwd });
        expect(code).to.equal(66);
        expect(err).to.include("has no rows yet");
      }
    }));

  it("serve has the same address again, which only the owner can read", () =>
    inSweep(async (cwd, folder) => {
      const urls: string[] = [];
      for (let k = 0; k < 2; k++) {
        const signals = new EventEmitter();
        const done = call(["serve", folder], { cwd, signals });
        while (!existsSync(join(folder, "live.json")) || signals.listenerCount("SIGINT") === 0)
          await new Promise((resolve) => setTimeout(resolve, 20));
        await new Promise((resolve) => setTimeout(resolve, 300));
        signals.emit("SIGINT");
        const { code, out } = await done;
        expect(code).to.equal(0);
        urls.push(out);
      }
      expect(urls[0]).to.match(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/\n$/);
      expect(urls[1]).to.equal(urls[0]);
      expect(statSync(join(folder, "live.json")).mode & 0o777).to.equal(0o600);
    }));
});
