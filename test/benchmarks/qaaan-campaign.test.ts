// The acceptance of the QAAAN around its trainings: what is trained in which order, which rows are compared, what tests say of
// made-up numbers, and the report of a small stored campaign.

import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { openStore, type PointRecord } from "../../benchmarks/campaign/store.js";
import { describeMachine, type Row } from "../../benchmarks/harness.js";
import {
  comparisonRows,
  holm,
  regimePairs,
  tablePairs,
} from "../../benchmarks/qaaan/comparisons.js";
import { writeReport } from "../../benchmarks/qaaan/report.js";
import { configOf, nameOf, PARTS, trainings, type Training } from "../../benchmarks/qaaan/rows.js";
import { byRow, stepsOf } from "../../benchmarks/qaaan/series.js";
import { checksOf, scoreRows, tablesOf } from "../../benchmarks/qaaan/tables.js";
import { useBackend } from "../../src/backend.js";
import { qaaanPresets, qaaanSchema } from "../../src/models/qaaan/config.js";

const SIZE = { steps: 4000, shortSteps: 1000, seeds: [1, 10] } as const;

const all = trainings(PARTS, SIZE);
const headline = all.filter(({ part }) => part === "headline");

type Numbers = { readonly score: number; readonly distance: number; readonly steps?: number };

/** A finished training with made-up scores. */
function finished(training: Training, { score, distance, steps = 4000 }: Numbers): PointRecord {
  const row: Row = {
    ...{ steps, seconds: 60, inceptionScore: score, frechetDistance: distance },
    ...{ goodInceptionScore: score, goodFrechetDistance: 2 * distance },
    ...{ precision: 0.8, recall: 0.7, coverage: 0.6, smallestClass: 0.05, pairDistance: 0.1 },
  };
  return {
    ...{ question: training.part, spec: { ...training }, status: "done", seconds: 60 },
    rows: [row],
  };
}

/** Both rows of the headline: Gibbs at 7 + seed/50 and 8 + seed/10, annealing as far from it as `by` says. */
function campaign(by: { score: number; distance: number }, seeds = 10): PointRecord[] {
  return headline
    .filter(({ seed }) => seed <= seeds)
    .map((training) => {
      const extra = training.sampler === "annealing" ? by : { score: 0, distance: 0 };
      return finished(training, {
        score: 7 + training.seed / 50 + extra.score,
        distance: 8 + training.seed / 10 + extra.distance,
      });
    });
}

describe("trainings()", () => {
  it("puts parts first, then seeds, then rows, the baselines before what is held against them", () => {
    expect(headline.slice(0, 4).map(({ seed, sampler }) => [seed, sampler])).to.deep.equal([
      [1, "gibbs"],
      [1, "annealing"],
      [2, "gibbs"],
      [2, "annealing"],
    ]);
    expect([...new Set(all.map(({ part }) => part))]).to.deep.equal([...PARTS]);
    const first = all.filter(({ part, seed }) => part !== "headline" && seed === 1).slice(0, 2);
    expect(first.map(({ prior }) => prior)).to.deep.equal(["none", "frozen"]);
    const table = all.filter(({ part, seed }) => part === "table" && seed === 1);
    const priors = table.slice(0, 3).map(({ prior, network }) => `${prior} ${network}`);
    expect(priors).to.deep.equal(["frozen convolutional", "none dense", "trained dense"]);
  });

  it("takes seeds from the first to the last, for processes that share the work", () => {
    const part = trainings(["headline"], { ...SIZE, seeds: [6, 7] });
    expect(part.map(({ seed }) => seed)).to.deep.equal([6, 6, 7, 7]);
    expect(headline).to.deep.include.members(part);
  });

  it("has every topology, sampler and latent once", () => {
    const one = all.filter(({ part, seed }) => part !== "regime" && seed === 1);
    const trained = one.filter((row) => row.prior === "trained" && row.network !== "dense");
    expect(new Set(trained.map(nameOf)).size).to.equal(3 * 3 * 2);
    expect(trained).to.have.length(3 * 3 * 2);
    expect(one).to.have.length(3 * 3 * 2 + 5);
  });

  it("is the preset `small` with what its row says", () => {
    const small = qaaanSchema.parse(qaaanPresets["small"]);
    const own = configOf(headline[1]!, "mnist", 1000);
    expect(own.model).to.deep.equal(small.model);
    expect(own.prior).to.deep.equal({ ...small.prior, sampler: "annealing" });
    expect(own.train).to.deep.equal({ ...small.train, steps: 4000, evaluateEvery: 1000 });
    for (const training of all) expect(configOf(training, null, 1).seed).to.equal(training.seed);
  });
});

describe("holm()", () => {
  it("multiplies the k-th smallest of m by m − k + 1, and never falls", () => {
    // By hand: 3 · 0.01, 2 · 0.03, and 1 · 0.04 raised to the one before it.
    expect(holm([0.04, 0.01, 0.03])).to.deep.equal([0.06, 0.03, 0.06]);
    expect(holm([0.5, 0.9])).to.deep.equal([1, 1]);
    expect(holm([])).to.deep.equal([]);
  });
});

describe("comparisonRows()", () => {
  const rowsOf = (records: readonly PointRecord[]): Row[] =>
    comparisonRows(tablePairs(byRow(records, ["headline", "table"])));

  it("finds a shift that all ten seeds show, at the smallest p-value there is", () => {
    const rows = rowsOf(campaign({ score: 0, distance: 1.5 }));
    expect(rows.map(({ score }) => score)).to.deep.equal([
      "Inception Score",
      "Fréchet distance",
      "coverage",
    ]);
    const [score, distance] = rows as [Row, Row, Row];
    expect(distance).to.include({ shift: 1.5, seeds: 10, "first larger": "10 of 10" });
    expect(distance["question"]).to.equal("quantum-assisted − classical");
    // Two of the 2¹⁰ patterns of signs are as extreme; three tests.
    expect(distance["p"]).to.be.closeTo(2 / 1024, 1e-4);
    expect(distance["p, Holm"]).to.be.closeTo(6 / 1024, 1e-4);
    expect(score).to.include({ shift: 0, p: 1, "p, Holm": 1 });
  });

  it("pairs by seed, and says nothing of fewer than five", () => {
    const records = campaign({ score: 0, distance: 1 });
    const without = records.filter(
      ({ spec }) => spec["sampler"] !== "annealing" || Number(spec["seed"]) > 4,
    );
    expect(rowsOf(without)[0]!["seeds"]).to.equal(6);
    expect(rowsOf(campaign({ score: 0, distance: 1 }, 4))).to.deep.equal([]);
  });

  it("leaves out trainings that failed", () => {
    const records = campaign({ score: 0, distance: 1 });
    const failed = records.map((record, i) =>
      i === 0 ? { ...record, status: "failed" as const, rows: [] } : record,
    );
    expect(rowsOf(failed)[0]!["seeds"]).to.equal(9);
  });

  it("holds every trained prior of the regime against none and against a frozen one", () => {
    const regime = all
      .filter(({ part }) => part === "regime")
      .map((one) => finished(one, { score: 5, distance: 20 }));
    const pairs = regimePairs(byRow(regime, ["regime"]));
    // 2 sizes, 2 numbers of images, 3 trained priors, 2 baselines.
    expect(pairs).to.have.length(2 * 2 * 3 * 2);
    for (const { a, b } of pairs) {
      expect([a.row.nodes, a.row.images]).to.deep.equal([b.row.nodes, b.row.images]);
      expect([a.row.prior, b.row.prior === "trained"]).to.deep.equal(["trained", false]);
    }
  });

  it("corrects for the tests of one setting of the regime", () => {
    const regime = all
      .filter(({ part }) => part === "regime")
      .map((one) => finished(one, { score: 5, distance: one.prior === "trained" ? 20 : 21 }));
    const rows = comparisonRows(regimePairs(byRow(regime, ["regime"])));
    expect(rows).to.have.length(4 * 18);
    // 3 priors against 2 baselines in 3 scores; the shift of all ten seeds is seen in distances alone.
    for (const { score, "p, Holm": p } of rows)
      expect(p).to.be.closeTo(score === "Fréchet distance" ? (18 * 2) / 1024 : 1, 1e-3);
  });
});

describe("checksOf()", () => {
  it("states what must hold once ten seeds of a row are there", () => {
    const checks = checksOf(campaign({ score: -1, distance: 5 }));
    const of = (sampler: string): boolean[] =>
      checks.filter(({ what }) => what.includes(sampler)).map(({ ok }) => ok);
    // 7.11 and 8.55 of Gibbs chains are enough, 6.11 and 13.55 are not; classes are.
    expect(of("gibbs")).to.deep.equal([true, true, true]);
    expect(of("annealing")).to.deep.equal([false, false, true]);
    expect(checksOf(campaign({ score: 0, distance: 0 }, 9))).to.deep.equal([]);
  });
});

describe("trainings of different lengths", () => {
  it("are one row, and are compared after the steps that both have", () => {
    const short = trainings(["headline"], { ...SIZE, steps: 1000, seeds: [1, 5] });
    const at1000 = (all: readonly Training[]): PointRecord[] =>
      all.map((one) => finished(one, { score: 6, distance: one.seed, steps: 1000 }));
    const rows = byRow(
      [...at1000(short), ...at1000(headline.filter(({ seed }) => seed > 5))],
      ["headline"],
    );
    expect(rows).to.have.length(2);
    expect(scoreRows(rows).map(({ seeds }) => seeds)).to.deep.equal([10, 10]);
  });
});

describe("the report of a stored campaign", () => {
  let folder: string;
  before(() => useBackend("wasm"));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "zenoflow-qaaan-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("is written from what the folder holds: tables, figures, one page", async () => {
    const machine = describeMachine();
    const identity = { suite: "qaaan-acceptance", profile: "full", commit: "c", cpu: "x", version: "1" }; // prettier-ignore
    for (const record of campaign({ score: 0, distance: 1 }))
      openStore(folder, identity).add(record);
    const records = openStore(folder, identity).records();
    expect(records).to.have.length(20);
    const tables = tablesOf(records);
    expect(Object.keys(tables)).to.deep.equal(["scores", "comparisons"]);
    const rows = byRow(records, ["headline"]);
    expect(stepsOf(rows)).to.deep.equal([4000]);
    const [gibbs] = scoreRows(rows);
    expect(gibbs).to.include({ seeds: 10, IS: "7.11 [7.02, 7.2]", FID: "8.55 [8.1, 9]" });
    const checks = checksOf(records);
    await writeReport(folder, { machine, calibration: 1, rows: [], notes: ["made up"], tables, checks }, records); // prettier-ignore
    expect(readFileSync(join(folder, "tables", "scores.csv"), "utf8").split("\n")).to.have.length(
      4,
    );
    expect(readdirSync(join(folder, "figures"))).to.include("qaaan-scores.svg");
    const page = readFileSync(join(folder, "index.html"), "utf8");
    expect(page).to.include("What must hold").and.include("made up");
  });
});

describe("the points that are kept", () => {
  it("give the tables that are committed", () => {
    const kept = new URL("../../benchmarks/points/qaaan/", import.meta.url);
    const others = { suite: "qaaan-acceptance", profile: "full", commit: "", cpu: "", version: "" };
    const folder = mkdtempSync(join(tmpdir(), "zenoflow-qaaan-"));
    try {
      const tables = tablesOf(openStore(folder, others, true, [fileURLToPath(kept)]).records());
      const committed = readFileSync(new URL("../../results/qaaan-acceptance.json", kept), "utf8");
      const { tables: shown } = JSON.parse(committed) as { tables: typeof tables };
      expect(Object.keys(tables)).to.deep.equal(Object.keys(shown));
      for (const [name, { rows }] of Object.entries(tables))
        expect(rows, name).to.deep.equal(shown[name]!.rows);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
