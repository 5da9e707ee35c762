// `zenoflow bench --compare` on results into which faults were put: what must be reported, and what is noise.

import { expect } from "chai";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { call, withFolder } from "../support/cli.js";

type Rows = Record<string, string | number | boolean | null>[];

const ROWS: Rows = [
  { path: "exact", N: 1, error: 1e-7, "M/s": 5, "per calibration word": 0.01, "spread %": 2 },
  { path: "exact", N: 2, error: 1e-7, "M/s": 1, "per calibration word": 0.002, "spread %": 2 },
];

const document = (rows: Rows, more: object = {}) => ({
  schema: "zenoflow.bench/1",
  suite: "speed",
  profile: "quick",
  machine: { cpu: "this one", commit: "abc" },
  calibration: 0.5,
  rows,
  ...more,
});

/** Compares two documents as files; the change to the rows is put into the second. */
async function compared(
  before: object,
  after: object,
): Promise<{ code: number; out: string; err: string; verdicts: string[] }> {
  return withFolder(async (cwd) => {
    writeFileSync(join(cwd, "a.json"), JSON.stringify(before));
    writeFileSync(join(cwd, "b.json"), JSON.stringify(after));
    const { code, out, err } = await call(["bench", "--compare", "a.json", "b.json"], { cwd });
    const json = await call(["bench", "--compare", "a.json", "b.json", "--json"], { cwd });
    const { changes = [] } = JSON.parse(json.out) as { changes?: { verdict: string }[] };
    return { code, out, err, verdicts: changes.map(({ verdict }) => verdict) };
  });
}

const changed = (index: number, patch: Rows[number]): Rows =>
  ROWS.map((row, i) => (i === index ? { ...row, ...patch } : row));

describe("zenoflow bench --compare", () => {
  it("finds nothing between equal results", async () => {
    const { code, out, verdicts } = await compared(document(ROWS), document(ROWS));
    expect([code, verdicts]).to.deep.equal([0, []]);
    expect(out).to.contain("4 numbers compared: no change beyond the noise");
  });

  it("reports a throughput that fell beyond its spread, in a table, with exit code 21", async () => {
    const { code, out, verdicts } = await compared(
      document(ROWS),
      document(changed(0, { "M/s": 3.5 })),
    );
    expect([code, verdicts]).to.deep.equal([21, ["worse"]]);
    expect(out).to.match(/worse +rows +path=exact N=1 +M\/s +5 +3\.5 +-30 % +13\.4\d %/);
    expect(out).to.contain("1 worse");
  });

  it("takes the same change for noise where repetitions scatter as much", async () => {
    const noisy = (mps: number): Rows => changed(0, { "M/s": mps, "spread %": 12 });
    expect((await compared(document(noisy(5)), document(noisy(3.5)))).code).to.equal(0);
  });

  it("ends with 0 where something only got better", async () => {
    const { code, verdicts } = await compared(document(ROWS), document(changed(1, { "M/s": 2 })));
    expect([code, verdicts]).to.deep.equal([0, ["better"]]);
  });

  it("divides the speed of the machines out", async () => {
    const half = ROWS.map((row) => ({ ...row, "M/s": Number(row["M/s"]) / 2 }));
    expect((await compared(document(ROWS), document(half, { calibration: 0.25 }))).code).to.equal(
      0,
    );
    expect(
      (await compared(document(ROWS), document(ROWS, { calibration: 1 }))).verdicts,
    ).to.deep.equal(["worse", "worse"]);
  });

  it("reports an error that grew, and not one that stays rounding", async () => {
    expect((await compared(document(ROWS), document(changed(0, { error: 4e-7 })))).code).to.equal(
      0,
    );
    const { code, verdicts } = await compared(
      document(ROWS),
      document(changed(0, { error: 1e-3 })),
    );
    expect([code, verdicts]).to.deep.equal([21, ["worse"]]);
  });

  it("reports numbers and rows that vanished, and rows that are new", async () => {
    const lost = await compared(document(ROWS), document(changed(0, { "M/s": null })));
    expect([lost.code, lost.verdicts]).to.deep.equal([21, ["lost"]]);
    const nan = await compared(document(ROWS), document(changed(0, { error: "NaN" })));
    expect([nan.code, nan.verdicts]).to.deep.equal([21, ["lost"]]);
    const missing = await compared(document(ROWS), document(ROWS.slice(1)));
    expect([missing.code, missing.verdicts]).to.deep.equal([21, ["missing"]]);
    const added = await compared(document(ROWS.slice(1)), document(ROWS));
    expect([added.code, added.verdicts]).to.deep.equal([0, ["new"]]);
  });

  it("obeys the measures that tables state, and reports checks that no longer hold", async () => {
    const table = (order: number, ok: boolean) => ({
      rows: [],
      tables: {
        orders: {
          rows: [{ N: 1, order, holds: ok ? "yes" : "NO" }],
          measures: { order: { better: "equal", noise: 0.02 } },
          ignored: ["holds"],
        },
      },
      checks: [{ what: "order of N = 1", measured: String(order), bound: "1.9 to 2.1", ok }],
    });
    const before = document([], table(2, true));
    expect((await compared(before, document([], table(2.01, true)))).code).to.equal(0);
    const after = await compared(before, document([], table(1, false)));
    expect([after.code, after.verdicts]).to.deep.equal([21, ["worse", "changed"]]);
  });

  it("compares medians of texts like 0.073 [0.052, 0.144]", async () => {
    const of = (D: string) => document([{ preset: "a", "D_joint median [min, max]": D }]);
    expect((await compared(of("0.073 [0.052, 0.144]"), of("0.075 [0.051, 0.2]"))).code).to.equal(0);
    expect((await compared(of("0.073 [0.052, 0.144]"), of("0.3 [0.2, 0.4]"))).code).to.equal(21);
  });

  it("takes a folder for the results in it", () =>
    withFolder(async (cwd) => {
      for (const name of ["a", "b"]) {
        mkdirSync(join(cwd, name));
        writeFileSync(join(cwd, name, "results.json"), JSON.stringify(document(ROWS)));
      }
      expect((await call(["bench", "--compare", "a", "b"], { cwd })).code).to.equal(0);
    }));

  it("refuses what it cannot compare", () =>
    withFolder(async (cwd) => {
      const write = (name: string, text: string): void => {
        writeFileSync(join(cwd, name), text);
      };
      write("a.json", JSON.stringify(document(ROWS)));
      write("torn.json", JSON.stringify(document(ROWS)).slice(0, 80));
      write("other.json", JSON.stringify(document(ROWS, { suite: "size" })));
      write("strange.json", "{}");
      write("apart.json", JSON.stringify(document([{ path: "limit", "M/s": 1 }])));
      mkdirSync(join(cwd, "empty"));
      const outcome = async (...names: string[]) => {
        const { code, err } = await call(["bench", "--compare", ...names], { cwd });
        return [code, err.split("\n")[0]!];
      };
      expect((await outcome("a.json", "none.json"))[0]).to.equal(66);
      expect((await outcome("a.json", "empty"))[0]).to.equal(66);
      expect((await outcome("a.json", "torn.json"))[1]).to.contain("must hold JSON");
      expect((await outcome("a.json", "strange.json"))[1]).to.contain("zenoflow.bench/1");
      expect(await outcome("a.json", "other.json")).to.deep.equal([
        65,
        "zenoflow: error: both results must be of one suite, but are of speed and size",
      ]);
      expect((await outcome("a.json", "apart.json"))[1]).to.contain("no number in common");
      expect((await outcome("a.json"))[0]).to.equal(64);
    }));
});

describe("zenoflow bench with a suite that keeps a folder", () => {
  const suites = (complete: boolean, ok: boolean) => async () => ({
    long: {
      title: "takes long",
      keepsFolder: true,
      run: async ({ folder, fresh }: { folder?: string; fresh?: boolean }) => ({
        rows: [{ folder: folder!, fresh: fresh! }],
        checks: [{ what: "truth", measured: "1", bound: "1", ok }],
        complete,
      }),
    },
  });

  it("gives it a folder, stores results there, and says how it ended", () =>
    withFolder(async (cwd) => {
      const run = (complete: boolean, ok: boolean, ...more: string[]) =>
        call(["bench", "long", ...more], { cwd, benchSuites: suites(complete, ok) });
      const { code, out } = await run(true, true);
      expect([code, out.includes(join(cwd, "runs/bench/long-quick"))]).to.deep.equal([0, true]);
      expect((await run(true, false, "-o", "x")).out).to.contain("truth: 1, must be 1");
      expect((await run(true, false, "-o", "x")).code).to.equal(21);
      expect((await run(false, true, "--fresh")).code).to.equal(75);
      expect((await call(["bench", "--compare", "x", "x"], { cwd })).code).to.equal(65);
    }));
});
