// Which rows of the acceptance are compared, and what tests of their paired seeds say.

import { signedRankTest, type Comparison } from "../../src/metrics/index.js";
import { median, round, type Row } from "../harness.js";
import { nameOf, type TrainingRow } from "./rows.js";
import { find, stepsOf, valuesOf, type RowRecords } from "./series.js";

/** Two rows that differ in one thing. */
export type Pair = {
  readonly question: string;
  /** P-values are corrected for the tests of one setting: each is a question of its own. */
  readonly setting: string;
  readonly a: RowRecords;
  readonly b: RowRecords;
};

/** Seeds without which a test says nothing. */
const FEWEST = 5;

/** The scores that are compared, and their words. */
const SCORES = {
  inceptionScore: "Inception Score",
  frechetDistance: "Fréchet distance",
  coverage: "coverage",
} as const;

const CHIMERA: Partial<TrainingRow> = {
  ...{ graph: "chimera", sampler: "gibbs", latent: "reparam", prior: "trained" },
  ...{ network: "convolutional" },
};

/** The pairs of headline and table that were trained. */
export function tablePairs(rows: readonly RowRecords[]): Pair[] {
  const pair = (question: string, a: Partial<TrainingRow>, b: Partial<TrainingRow> = {}): Pair[] =>
    pairOf(rows, { question, setting: "" }, { ...CHIMERA, ...a }, { ...CHIMERA, ...b });
  const samplers = (["chimera", "bipartite", "complete"] as const).flatMap((graph) =>
    (["reparam", "binary"] as const).flatMap((latent) =>
      (["annealing", "path-integral"] as const).flatMap((sampler) =>
        pair("quantum-assisted − classical", { graph, latent, sampler }, { graph, latent }),
      ),
    ),
  );
  const uniform = { graph: "none", sampler: "none", latent: "uniform", prior: "none" } as const;
  return [
    ...samplers,
    ...pair("trained − uniform", {}, uniform),
    ...pair("trained − frozen", {}, { prior: "frozen" }),
    ...pair("trained − frozen", { latent: "binary" }, { latent: "binary", prior: "frozen" }),
    ...pair("binary − reparameterised", { latent: "binary" }),
    ...pair("bipartite − Chimera", { graph: "bipartite" }),
    ...pair("complete − Chimera", { graph: "complete" }),
    ...pair("trained − uniform, dense", { network: "dense" }, { ...uniform, network: "dense" }),
    ...pair("convolutional − dense", uniform, { ...uniform, network: "dense" }),
  ];
}

/** The pairs of the regime: every trained prior against none, and against one that is frozen. */
export function regimePairs(rows: readonly RowRecords[]): Pair[] {
  return rows
    .filter(({ row }) => row.prior === "trained")
    .flatMap(({ row }) => {
      const { nodes, images } = row;
      const setting = `${String(nodes)} nodes, ${String(images)} images`;
      const against = (prior: "none" | "frozen", question: string): Pair[] =>
        pairOf(rows, { question, setting }, row, { nodes, images, prior });
      return [...against("none", "trained − uniform"), ...against("frozen", "trained − frozen")];
    });
}

function pairOf(
  rows: readonly RowRecords[],
  what: Pick<Pair, "question" | "setting">,
  first: Partial<TrainingRow>,
  second: Partial<TrainingRow>,
): Pair[] {
  const [a, b] = [find(rows, first), find(rows, second)];
  return a === undefined || b === undefined ? [] : [{ ...what, a, b }];
}

type Tested = { readonly row: Row; readonly pValue: number; readonly family: string };

/**
 * Signed-rank tests over paired seeds; p-values also corrected for the number of tests by Holm's method, for every setting and
 * number of steps by itself, or over all where there is no setting.
 */
export function comparisonRows(pairs: readonly Pair[]): Row[] {
  const tested = pairs.flatMap((pair) =>
    stepsOf([pair.a, pair.b]).flatMap((steps) =>
      (["inceptionScore", "frechetDistance", "coverage"] as const).flatMap((name) =>
        compare(pair, steps, name),
      ),
    ),
  );
  const corrected = new Map<Tested, number>();
  for (const family of new Set(tested.map((one) => one.family))) {
    const own = tested.filter((one) => one.family === family);
    holm(own.map(({ pValue }) => pValue)).forEach((p, i) => corrected.set(own[i]!, p));
  }
  return tested.map((one) => ({ ...one.row, "p, Holm": round(corrected.get(one)!, 2) }));
}

/**
 * What a test says of two rows after so many steps; undefined where fewer than {@link FEWEST} seeds have both.
 *
 * @param scale - of the numbers that are compared; logarithms make shifts ratios
 */
export function testOf(
  { a, b }: Pair,
  steps: number,
  name: keyof typeof SCORES,
  scale: (value: number) => number = (value) => value,
):
  | (Comparison & { readonly pairs: number; readonly medians: readonly [number, number] })
  | undefined {
  const [first, second] = [valuesOf(a, steps, name), valuesOf(b, steps, name)];
  const seeds = [...first.keys()].filter((seed) => second.has(seed));
  if (seeds.length < FEWEST) return undefined;
  const [x, y] = [first, second].map((values) => seeds.map((seed) => scale(values.get(seed)!)));
  return { ...signedRankTest(x!, y!), pairs: seeds.length, medians: [median(x!), median(y!)] };
}

function compare(pair: Pair, steps: number, name: keyof typeof SCORES): Tested[] {
  const found = testOf(pair, steps, name);
  if (found === undefined) return [];
  const { question, setting, a, b } = pair;
  const { pValue, shift, interval, superiority, pairs, medians } = found;
  return [
    {
      pValue,
      family: setting === "" ? "" : `${setting}, ${String(steps)} steps`,
      row: {
        ...{ question, first: nameOf(a.row), second: nameOf(b.row), steps, score: SCORES[name] },
        seeds: pairs,
        "median of the first": round(medians[0]),
        "of the second": round(medians[1]),
        shift: round(shift, 2),
        "95 % interval": `${bound(interval[0])} … ${bound(interval[1])}`,
        "first larger": `${String(round(superiority * pairs, 3))} of ${String(pairs)}`,
        p: round(pValue, 2),
      },
    },
  ];
}

function bound(value: number): string {
  return Number.isFinite(value) ? String(round(value, 2)).replace("-", "−") : "unknown";
}

/** Holm's correction: the k-th smallest of m p-values times m − k + 1, never falling. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((i, j) => pValues[i]! - pValues[j]!);
  const corrected = new Array<number>(pValues.length).fill(1);
  let least = 0;
  order.forEach((i, k) => {
    least = Math.max(least, Math.min(1, pValues[i]! * (pValues.length - k)));
    corrected[i] = least;
  });
  return corrected;
}
