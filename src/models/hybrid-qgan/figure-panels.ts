// The panels of a hybrid QGAN's figures, from a history and an evaluation. Titles of whole figures and captions are in
// figures.ts.

import { valueOf } from "../../learning/per-replica.js";
import { logAxis, stepAxis } from "../../figures/axes.js";
import { field } from "../../figures/field.js";
import { histogramPair } from "../../figures/histogram.js";
import { lines } from "../../figures/lines.js";
import type { Rule, Series } from "../../figures/lines.js";
import type { LegendPlace } from "../../figures/panel.js";
import { scatter } from "../../figures/scatter.js";
import { letter } from "../../figures/small-multiples.js";
import type { Axis, Spec } from "../../figures/spec.js";
import { COLOR, GENERATED_COLOR, REAL_COLOR } from "../../figures/theme.js";
import {
  array,
  has,
  lastMetric,
  lastStep,
  lossRows,
  medianAndBest,
  metricRows,
  pointsOf,
} from "../run-figures.js";
import type { Pair, ShownRun } from "../run-figures.js";
import type { HybridConfig } from "./config.js";
import type { RunWords } from "./figure-words.js";

/** All that is known of a run. */
export type Run = ShownRun & { readonly config: HybridConfig; readonly words: RunWords };

/** Size of a panel in pixels. */
export type Size = { readonly width: number; readonly height: number };

/** Losses of critic and generator over the steps. */
export function lossPanel(run: Run, size: Size, title?: string): Spec {
  return lines({
    series: [
      { name: "critic", rows: lossRows(run, "critic"), color: COLOR.blue },
      { name: "generator", rows: lossRows(run, "generator"), color: COLOR.vermillion },
    ],
    x: stepAxis(lastStep(run)),
    y: { title: "loss (minimised)", tickCount: 5 },
    title,
    legend: "top-right",
    ...size,
  });
}

/** The gradient penalty over the steps, with its weight: what it adds to the critic's loss. */
export function penaltyPanel(run: Run, size: Size, title?: string): Spec {
  const { lambda } = run.config.model;
  const rows = lossRows(run, "penalty").map(({ x, values }) => ({
    x,
    values: values.map((value, p) => valueOf(lambda, p) * value),
  }));
  return lines({
    series: [{ name: "penalty", rows, color: COLOR.green }],
    x: stepAxis(lastStep(run)),
    y: { title: "λ × gradient penalty", tickCount: 5, zero: true },
    title,
    ...size,
  });
}

/** The axis of a column, as wide as its histogram. */
function columnAxis(run: Run, c: number): Axis {
  const edges = array(run, "marginalEdges");
  const [lo, hi] = [edges[0] ?? 0, edges.at(-1) ?? 1];
  return { title: run.words.axes[c] ?? "", domain: [lo, hi], tickCount: 5 };
}

/** "distance 0.00823, floor 0.001"; undefined where it was not measured. */
export function measureWords({ evaluation }: Run, name: string): string | undefined {
  const measure = evaluation.measures.find((one) => one.name === name);
  if (measure === undefined) return undefined;
  const { value, floor } = measure;
  const beside = floor === undefined ? "" : `, floor ${floor.toPrecision(2)}`;
  return `distance ${value.toPrecision(3)}${beside}`;
}

/** Real and generated histogram of column c, with the distance and its floor above. */
export function marginalPanel(
  run: Run,
  c: number,
  size: Size,
  title?: string,
  legend: LegendPlace = "top",
): Spec {
  return histogramPair({
    legend,
    edges: array(run, "marginalEdges"),
    real: array(run, `marginalReal.${String(c)}`),
    generated: array(run, `marginalGenerated.${String(c)}`),
    x: columnAxis(run, c),
    y: { title: "probability density" },
    names: [run.words.real, "generated"],
    ...(title !== undefined && { title }),
    subtitle: measureWords(run, `w1.${String(c)}`),
    ...size,
  });
}

/** Validation distances over the steps. */
export function distanceRows(run: Run): Series["rows"] {
  return metricRows(run, "wassersteinDistance");
}

/** The floor of the validation distance. */
export function distanceRules(run: Run): Rule[] {
  const floor = lastMetric(run, "wassersteinFloor");
  return floor === undefined
    ? []
    : [{ y: floor, label: ["floor", floor.toPrecision(2)], dash: "dashed" }];
}

/** The distance on validation data over the steps, with its floor. */
export function distancePanel(
  run: Run,
  size: Size,
  title?: string,
  legend: LegendPlace = "top",
): Spec {
  const rows = distanceRows(run);
  const rules = distanceRules(run);
  const series = medianAndBest(run, rows);
  const visible = [...rows.flatMap((row) => row.values), ...rules.map((rule) => rule.y)];
  const what = run.words.axes.length === 1 ? "Wasserstein-1 distance" : "sliced Wasserstein-1";
  return lines({
    series,
    rules,
    x: stepAxis(lastStep(run)),
    y: logAxis(what, visible),
    title,
    legend: series.length > 1 ? legend : "none",
    ...size,
  });
}

/** Whether the critic's surface was computed. */
export function hasLandscape(run: Run): boolean {
  return has(run, "landscapeValues");
}

/** The critic over the range of one column, or of two. */
export function landscapePanel(run: Run, size: Size, title?: string): Spec {
  const places = array(run, "landscapePlaces");
  const values = array(run, "landscapeValues");
  const heading = title === undefined ? {} : { title };
  if (run.words.axes.length === 1)
    return lines({
      series: [{ name: "critic", rows: places.map((x, i) => ({ x, values: [values[i]!] })) }],
      x: columnAxis(run, 0),
      y: { title: "critic D, without its mean", tickCount: 5 },
      ...size,
      ...heading,
    });
  return field({
    places,
    values,
    x: columnAxis(run, 0),
    y: columnAxis(run, 1),
    size: size.height,
    colorTitle: "critic D, without its mean",
    ...heading,
  });
}

/** Real and generated samples of two columns. */
export function samplePanel(run: Run, pair: Pair, size: number, title?: string): Spec {
  const [i, j] = pair;
  return scatter({
    clouds: [
      { name: run.words.real, points: pointsOf(run, "scatterReal", pair), color: REAL_COLOR },
      {
        name: "generated",
        points: pointsOf(run, "scatterGenerated", pair),
        color: GENERATED_COLOR,
      },
    ],
    x: columnAxis(run, i),
    y: columnAxis(run, j),
    width: size,
    height: size,
    ...(title !== undefined && { title }),
  });
}

/** "(a) Histograms"; a lone panel has no heading. */
export function heading(index: number, text: string, count: number): string | undefined {
  return count === 1 ? undefined : `${letter(index)}${text}`;
}
