// The tables of the acceptance: scores of every row over seeds, comparisons of rows, and whether the results bear out what
// the model must show.

import { median, round, type Check, type ReportTable, type Row } from "../harness.js";
import { comparisonRows, regimePairs, tablePairs } from "./comparisons.js";
import { nameOf, TABLED } from "./rows.js";
import { byRow, find, stepsOf, valuesOf, type RowRecords } from "./series.js";
import type { PointRecord } from "../campaign/store.js";

/** Columns and the numbers behind them. */
const COLUMNS = {
  IS: "inceptionScore",
  FID: "frechetDistance",
  "IS, 98 % classifier": "goodInceptionScore",
  "FID, 98 % classifier": "goodFrechetDistance",
} as const;
const PLAIN = {
  precision: "precision",
  recall: "recall",
  coverage: "coverage",
  "moment distance": "pairDistance",
} as const;

const NOISE = { better: "higher", noise: 0.1 } as const;

function spread(values: readonly number[]): string {
  if (values.length === 0) return "";
  const of = (value: number): string => String(round(value, 3));
  return `${of(median(values))} [${of(Math.min(...values))}, ${of(Math.max(...values))}]`;
}

/** Scores of rows after each number of steps. */
export function scoreRows(
  rows: readonly RowRecords[],
  steps: readonly number[] = stepsOf(rows),
): Row[] {
  return steps.flatMap((at) => rows.flatMap((of) => scoreRow(of, at)));
}

/** Numbers of steps after which there is something to hold the headline against. */
function comparedSteps(rows: readonly RowRecords[]): number[] {
  const others = rows.filter(({ row: { part } }) => part !== "headline");
  return stepsOf(others.length > 0 ? others : rows);
}

function scoreRow(of: RowRecords, steps: number): Row[] {
  const values = (name: string): number[] => [...valuesOf(of, steps, name).values()];
  const count = values("inceptionScore").length;
  if (count === 0) return [];
  const entries = Object.entries(COLUMNS).map(([title, name]) => [title, spread(values(name))]);
  const plain = Object.entries(PLAIN).map(([title, name]) => {
    const found = values(name);
    return [title, found.length === 0 ? null : round(median(found), 3)];
  });
  return [
    {
      ...{ steps, "graph, sampler, latent": nameOf(of.row), seeds: count },
      ...(Object.fromEntries([...entries, ...plain]) as Row),
      "rarest class %, worst seed": round(100 * Math.min(...values("smallestClass")), 2),
      "s, all steps": round(median(values("seconds")), 3),
    },
  ];
}

/** The tables by name; those without a row are left out. */
export function tablesOf(records: readonly PointRecord[]): Record<string, ReportTable> {
  const [main, regime] = [byRow(records, TABLED), byRow(records, ["regime"])];
  const scores = (title: string, rows: readonly Row[]): ReportTable => ({
    ...{ title, rows, notes: [] },
    measures: { precision: NOISE, recall: NOISE, coverage: NOISE },
    ignored: ["s, all steps", "moment distance", ...Object.keys(COLUMNS)],
  });
  const tests = (title: string, family: string, rows: readonly Row[]): ReportTable => ({
    ...{ title, rows, measures: { "p, Holm": { better: "equal", noise: 1 } } },
    notes: [
      `Signed-rank tests over pairs with the same seed, exact; shift: Hodges and Lehmann's estimate; Holm: corrected for all tests of ${family}.`,
    ],
  });
  const all = {
    scores: scores(
      "Scores over seeds: median [smallest, largest]",
      scoreRows(main, comparedSteps(main)),
    ),
    comparisons: tests("What differs", "this table", comparisonRows(tablePairs(main))),
    regime: scores("Small latents, few images, short training", scoreRows(regime)),
    "regime-comparisons": tests(
      "Where a trained prior pays",
      "one number of nodes, images and steps",
      comparisonRows(regimePairs(regime)),
    ),
  };
  return Object.fromEntries(Object.entries(all).filter(([, { rows }]) => rows.length > 0));
}

/** What the model must show on MNIST. */
const BOUNDS = [
  { steps: 1000, score: 5.7, distance: 23 },
  { steps: 4000, score: 6.9, distance: 10 },
] as const;
const LEAST_CLASS = 0.02;
const ENOUGH_SEEDS = 10;

/** Statements about both headline rows; none before all their seeds are there. */
export function checksOf(records: readonly PointRecord[]): Check[] {
  const rows = byRow(records, ["headline"]);
  return (["gibbs", "annealing"] as const).flatMap((sampler) => {
    const of = find(rows, { sampler });
    return of === undefined ? [] : BOUNDS.flatMap((bound) => checksAt(of, bound));
  });
}

function checksAt(of: RowRecords, { steps, score, distance }: (typeof BOUNDS)[number]): Check[] {
  const values = (name: string): number[] => [...valuesOf(of, steps, name).values()];
  const [scores, distances] = [values("inceptionScore"), values("frechetDistance")];
  if (scores.length < ENOUGH_SEEDS) return [];
  const where = `${nameOf(of.row)}, ${String(steps)} steps, ${String(scores.length)} seeds`;
  const check = (what: string, value: number, bound: string, ok: boolean): Check => ({
    ...{ what: `${where}: ${what}`, measured: String(round(value, 3)), bound, ok },
  });
  const [is, fid] = [median(scores), median(distances)];
  const rarest = Math.min(...values("smallestClass"));
  return [
    check("median Inception Score", is, `≥ ${String(score)}`, is >= score),
    check("median Fréchet distance", fid, `≤ ${String(distance)}`, fid <= distance),
    check("rarest class of all seeds", rarest, `≥ ${String(LEAST_CLASS)}`, rarest >= LEAST_CLASS),
  ];
}
