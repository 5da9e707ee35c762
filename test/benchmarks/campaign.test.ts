// Long benchmarks that are interrupted: what is kept, what is measured again, and what is refused.

import { expect } from "chai";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NotRun, question } from "../../benchmarks/campaign/question.js";
import { runPoints } from "../../benchmarks/campaign/run.js";
import { openStore, POINTS_FILE } from "../../benchmarks/campaign/store.js";
import { withFolder } from "../support/cli.js";
import type { Identity, Store } from "../../benchmarks/campaign/store.js";
import type { SuiteOptions } from "../../benchmarks/harness.js";

const IDENTITY: Identity = {
  suite: "squares",
  profile: "quick",
  commit: "abc",
  cpu: "this one",
  version: "1",
};

type Spec = { readonly x: number };

/** Squares of 0 … 4; 3 fails once, 4 is never run. Counts what it measures. */
function squares(failures: number) {
  const measured: number[] = [];
  let left = failures;
  const one = question<Spec>({
    name: "squares",
    points: () => [0, 1, 2, 3, 4].map((x) => ({ spec: { x }, seconds: 1 })),
    measure: async ({ x }) => {
      measured.push(x);
      if (x === 3 && left-- > 0) throw new Error("three is odd");
      if (x === 4) throw new NotRun("four takes too long");
      return { rows: [{ x, square: x * x }], samples: { values: [x, NaN] } };
    },
  });
  return { one, measured };
}

const quiet: SuiteOptions = { profile: "quick", log: () => undefined };
const statuses = (store: Store): string[] => store.records().map(({ status }) => status);

describe("runPoints()", () => {
  it("measures every point once, keeps failures visible and tries only those again", () =>
    withFolder(async (folder) => {
      const { one, measured } = squares(1);
      const first = await runPoints([one], openStore(folder, IDENTITY), quiet);
      expect(first).to.deep.equal({ points: 5, done: 5, failed: 1, complete: true });
      const store = openStore(folder, IDENTITY);
      expect(statuses(store)).to.deep.equal(["done", "done", "done", "failed", "not run"]);
      expect(store.find("squares", { x: 3 })!.reason).to.equal("three is odd");
      const second = await runPoints([one], store, quiet);
      expect(second.failed).to.equal(0);
      expect(measured).to.deep.equal([0, 1, 2, 3, 4, 3]);
      expect(openStore(folder, IDENTITY).find("squares", { x: 3 })!.status).to.equal("done");
    }));

  it("stops when asked to, forgets the point that was cut short, and continues there", () =>
    withFolder(async (folder) => {
      const { one, measured } = squares(9);
      const stop = { ...quiet, stopping: () => measured.length >= 4 };
      const first = await runPoints([one], openStore(folder, IDENTITY), stop);
      expect(first).to.deep.equal({ points: 5, done: 3, failed: 0, complete: false });
      const lines: string[] = [];
      const rest = squares(0);
      const log = (line: string) => void lines.push(line);
      const second = await runPoints([rest.one], openStore(folder, IDENTITY), { ...quiet, log });
      expect(second.complete).to.equal(true);
      expect(rest.measured).to.deep.equal([3, 4]);
      expect(lines[0]).to.match(/^3 of 5 points are finished; continuing in /);
    }));

  it("shows place, estimate and point on the way", () =>
    withFolder(async (folder) => {
      const lines: (string | undefined)[] = [];
      const status = (line: string | undefined) => void lines.push(line);
      await runPoints([squares(0).one], openStore(folder, IDENTITY), { ...quiet, status });
      expect(lines[0]).to.equal("1/5 about 5 s left  squares x=0");
      expect(lines.at(-1)).to.equal(undefined);
    }));
});

describe("openStore()", () => {
  it("keeps numbers that are not finite, and cuts off a torn last line", () =>
    withFolder(async (folder) => {
      await runPoints([squares(0).one], openStore(folder, IDENTITY), quiet);
      const path = join(folder, POINTS_FILE);
      const whole = readFileSync(path, "utf8");
      appendFileSync(path, '{"question":"squares","spec":{"x":');
      const store = openStore(folder, IDENTITY);
      expect(store.records()).to.have.length(5);
      expect(store.find("squares", { x: 2 })!.samples!["values"]).to.deep.equal([2, NaN]);
      expect(readFileSync(path, "utf8")).to.equal(whole);
    }));

  it("refuses the points of another commit, machine or profile, and a damaged file", () =>
    withFolder(async (folder) => {
      openStore(folder, IDENTITY);
      for (const key of ["commit", "cpu", "profile", "suite"] as const) {
        const other = { ...IDENTITY, [key]: "other" };
        expect(() => openStore(folder, other)).to.throw(`must hold points of ${key} other`);
      }
      writeFileSync(join(folder, POINTS_FILE), "not json\n");
      expect(() => openStore(folder, IDENTITY)).to.throw("line 1 is none");
      expect(openStore(folder, IDENTITY, true).records()).to.deep.equal([]);
    }));

  it("counts the finished points of other folders, of any commit, and says whose they are", () =>
    withFolder(async (folder) => {
      const [here, there] = [join(folder, "here"), join(folder, "there")];
      const elsewhere = { ...IDENTITY, commit: "old", cpu: "other" };
      await runPoints([squares(0).one], openStore(there, elsewhere), quiet);
      const whole = openStore(here, IDENTITY, false, [there]);
      const again = squares(0);
      const { complete } = await runPoints([again.one], whole, quiet);
      // Points that were not run there are tried here.
      expect([complete, again.measured]).to.deep.equal([true, [4]]);
      expect(whole.sources).to.deep.equal([{ ...elsewhere, points: 4 }]);
      // They stay where they are, and what another process is writing there is not touched.
      appendFileSync(join(there, POINTS_FILE), '{"question":"squ');
      const written = readFileSync(join(there, POINTS_FILE), "utf8");
      expect(openStore(here, IDENTITY, false, [there]).records()).to.have.length(5);
      expect(readFileSync(join(there, POINTS_FILE), "utf8")).to.equal(written);
      expect(statuses(openStore(here, IDENTITY))).to.deep.equal(["not run"]);
      const foreign = { ...IDENTITY, suite: "another" };
      expect(() => openStore(join(folder, "x"), foreign, false, [there])).to.throw(
        /must hold points of suite another, but holds points of suite .*\. Leave it out\.$/u,
      );
      const empty = join(folder, "empty");
      mkdirSync(empty);
      expect(() => openStore(here, IDENTITY, false, [empty])).to.throw("has no points.jsonl");
    }));

  it("takes a folder of such folders for them, and lets a later name win", () =>
    withFolder(async (folder) => {
      const at = (name: string): string => join(folder, name);
      const commits = { "1-old": "a", "2-new": "b" };
      for (const [name, commit] of Object.entries(commits))
        await runPoints([squares(0).one], openStore(at(name), { ...IDENTITY, commit }), quiet);
      const [record] = openStore(at("2-new"), { ...IDENTITY, commit: "b" }).records();
      openStore(at("2-new"), { ...IDENTITY, commit: "b" }).add({ ...record!, seconds: 77 });
      // The folder that counts them may lie beside them.
      const whole = openStore(at("3-all"), IDENTITY, false, [folder]);
      expect(whole.sources.map(({ commit, points }) => [commit, points])).to.deep.equal([
        ["a", 0],
        ["b", 4],
      ]);
      expect(whole.find(record!.question, record!.spec)!.seconds).to.equal(77);
    }));
});
