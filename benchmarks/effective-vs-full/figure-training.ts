// The figure of the trained models: their distance to the data over the Γ at which they are used.

import {
  COLOR,
  decadeAxis,
  figure,
  grid,
  letter,
  lines,
  panelWidth,
  WIDTH,
} from "../../src/figures/index.js";
import { numberOf, rowsOf, select, valuesOf } from "./records.js";
import type { Rule, Series, Spec } from "../../src/figures/index.js";
import type { PointRecord } from "../campaign/store.js";
import type { Row } from "../harness.js";
import type { SuiteFigure } from "./figures.js";

const HEIGHT = 185;
const MARGIN = 58;

const LOOKS = [
  { trainedWith: "exact", color: COLOR.vermillion },
  { trainedWith: "effective", color: COLOR.blue },
  { trainedWith: "limit", color: COLOR.green },
] as const;

function pointsOf(rows: readonly Row[], wanted: Row): Series["rows"] {
  const own = select(rows, wanted);
  return valuesOf(own, "judgedAt").map((judgedAt) => ({
    x: Number(judgedAt),
    values: select(own, { judgedAt }).map((row) => numberOf(row, "D_joint")),
  }));
}

function seriesOf(rows: readonly Row[], trainedAt: number): Series[] {
  const judged = LOOKS.map(({ trainedWith, color }): Series => {
    const at = trainedWith === "limit" ? 0 : trainedAt;
    const points = pointsOf(rows, { trainedWith, trainedAt: at, judgedBy: "exact" });
    return { name: `trained with: ${trainedWith}`, color, rows: points };
  });
  const claimed = pointsOf(rows, { trainedWith: "effective", trainedAt, judgedBy: "effective" });
  const medians = claimed.map(({ x, values }) => {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    const value = sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
    return { x, values: [value] };
  });
  const name = "dashed: effective, judged by its own equation";
  return [...judged, { name, color: COLOR.black, dash: [4, 2], rows: medians }];
}

/** Distances of trained models over Γ, one panel for each Γ of the training. */
export function trainedModels(records: readonly PointRecord[]): SuiteFigure | undefined {
  const rows = rowsOf(records, "training");
  const trained = valuesOf(rows, "trainedAt")
    .map(Number)
    .filter((gamma) => gamma > 0);
  if (trained.length === 0) return undefined;
  const gammas = trained.sort((a, b) => b - a);
  const seeds = valuesOf(rows, "seed").length;
  const floor = numberOf(rows[0]!, "floor");
  const rules: Rule[] = [{ y: floor, label: ["two samples", "of the data"], dash: "dotted" }];
  const width = panelWidth(WIDTH.double, gammas.length, gammas.length * MARGIN);
  const panels = gammas.map((gamma, i): Spec => {
    const title = `${letter(i)}trained at Γ = ${String(gamma)}`;
    return lines({
      series: seriesOf(rows, gamma),
      rules,
      x: decadeAxis("Γ at which the model is used", [1, 3]),
      y: { title: "Hellinger distance to the data", domain: [0, 1], tickCount: 5 },
      width,
      height: HEIGHT,
      title,
    });
  });
  return {
    name: "trained-models",
    caption:
      "DQGANs from the same seeds, trained with the exact equation, the effective one and its limit, and used at Γ = 10 to 1000 as the full Lindblad equation has it: joint Hellinger distance of 25 × 25 bins to fresh real samples. Dashed: what the effective equation says of the model trained with it.",
    spec: figure({
      body: grid(panels, gammas.length, { sharedLegend: true }),
      title: "Trained models at the Γ they are used at",
      subtitle: `Median, quartiles and range of ${String(seeds)} seeds, judged by the full equation.`,
      width: WIDTH.double,
      description: "Distance of trained models to the data over Γ",
    }),
  };
}
