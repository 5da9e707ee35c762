// The figure of what a prior that learns adds in the regime: for every setting, by how much its scores differ from those of no
// prior and of a frozen one, with intervals over pairs of the same seed.

import { COLOR, figure, grid, panelWidth, WIDTH, type Spec } from "../../src/figures/index.js";
import { legendAt, panel } from "../../src/figures/panel.js";
import { channel } from "../../src/figures/spec.js";
import type { Figure } from "../../src/models/index.js";
import { regimePairs, testOf, type Pair } from "./comparisons.js";
import { rowNames } from "./row-names.js";
import { nameOf } from "./rows.js";
import { stepsOf, type RowRecords } from "./series.js";

/** Distances vary by factors, and those of a collapsed network are a hundred times the others: they are compared by ratios. */
const SCORES = {
  inceptionScore: { title: "Inception Score: prior − baseline", isRatio: false },
  frechetDistance: { title: "Fréchet distance: prior / baseline", isRatio: true },
} as const;
const COLORS = {
  "against uniform latents": COLOR.blue,
  "against a frozen prior": COLOR.vermillion,
} as const;
const RATIOS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
const LABELS = 190;
const STEP = 22;
/** Of the centre of a row: two baselines share it. */
const APART = 0.17;

type Mark = {
  readonly y: number;
  readonly shift: number;
  readonly low: number;
  readonly high: number;
  readonly against: keyof typeof COLORS;
};

/** Shifts of all settings that have seeds enough after the most steps. */
export function shiftFigures(rows: readonly RowRecords[]): Figure[] {
  const pairs = regimePairs(rows);
  const steps = stepsOf(rows).at(-1) ?? 0;
  const shown = pairs.filter((pair) => testOf(pair, steps, "frechetDistance") !== undefined);
  const names = [...new Set(shown.map(({ a }) => nameOf(a.row)))];
  if (names.length === 0) return [];
  const width = panelWidth(WIDTH.double, 2, LABELS, 2);
  const panels = (["inceptionScore", "frechetDistance"] as const).map((score, i) =>
    shifts(marksOf(shown, names, steps, score), {
      ...{ ...SCORES[score], width, names, named: i === 0 },
    }),
  );
  const says = `By how much a prior that learns moves scores after ${String(steps)} steps: estimates over pairs of the same seed and 95 % intervals, not corrected for their number.`;
  const title = "What a prior adds";
  const body = grid(panels, 2);
  const spec = figure({ title, subtitle: says, body, width: WIDTH.double, description: says });
  return [{ name: "qaaan-shifts", caption: says, spec }];
}

function marksOf(
  pairs: readonly Pair[],
  names: readonly string[],
  steps: number,
  score: keyof typeof SCORES,
): Mark[] {
  return pairs.flatMap((pair) => {
    const { isRatio } = SCORES[score];
    const [scale, back] = isRatio ? [Math.log, Math.exp] : [Number, Number];
    const found = testOf(pair, steps, score, scale);
    if (found === undefined) return [];
    const row = names.indexOf(nameOf(pair.a.row));
    const isUniform = pair.b.row.prior === "none";
    const y = row + (isUniform ? -APART : APART);
    const against = isUniform ? "against uniform latents" : "against a frozen prior";
    const [shift, low, high] = [found.shift, ...found.interval].map(back) as [
      number,
      number,
      number,
    ];
    return [{ y, shift, low, high, against }];
  });
}

type Look = {
  readonly title: string;
  readonly isRatio: boolean;
  readonly width: number;
  readonly names: readonly string[];
  readonly named: boolean;
};

function shifts(marks: readonly Mark[], { title, isRatio, width, names, named }: Look): Spec {
  const none = isRatio ? 1 : 0;
  const known = (end: number): boolean => Number.isFinite(end) && !(isRatio && end === 0);
  const ends = [none, ...marks.flatMap(({ low, high, shift }) => [low, high, shift]).filter(known)];
  const domain = [Math.min(...ends), Math.max(...ends)] as const;
  const axis = { title, domain, ...(isRatio && { scale: "log" as const, ticks: RATIOS }) };
  const at = (field: string): Spec => channel(field, axis);
  const scale = { domain: [-0.5, names.length - 0.5], reverse: true, nice: false };
  const y = { field: "y", type: "quantitative", axis: null, scale };
  const color = {
    field: "against",
    type: "nominal",
    scale: { domain: Object.keys(COLORS), range: Object.values(COLORS) },
    legend: named ? legendAt("top", "stroke") : null,
  };
  // An interval without an end reaches the panel's.
  const values = marks.map((mark) => ({
    ...mark,
    low: Math.max(mark.low, domain[0]),
    high: Math.min(mark.high, domain[1]),
  }));
  const words = names.map((text, row) => ({ text, y: row }));
  return panel({ width, height: STEP * names.length }, {}, [
    {
      data: { values: [{ none }] },
      mark: { type: "rule", color: COLOR.grey, strokeWidth: 0.75, strokeDash: [3, 2] },
      encoding: { x: at("none") },
    },
    {
      data: { values },
      mark: { type: "rule", strokeWidth: 1.4 },
      encoding: { x: at("low"), x2: { field: "high" }, y, color },
    },
    {
      data: { values },
      mark: { type: "circle", size: 26, opacity: 1 },
      encoding: { x: at("shift"), y, color },
    },
    ...(named ? [rowNames(words, y)] : []),
  ]);
}
