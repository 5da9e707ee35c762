// The panels of a DQGAN's figures, from a history and an evaluation. Titles of whole figures and captions are
// in figures.ts.

import { angleAxis, logAxis, stepAxis } from "../../figures/axes.js";
import { densityTop, heatmap } from "../../figures/heatmap.js";
import { histogramPair } from "../../figures/histogram.js";
import { lines } from "../../figures/lines.js";
import type { Rule } from "../../figures/lines.js";
import type { LegendPlace } from "../../figures/panel.js";
import { scatter } from "../../figures/scatter.js";
import { letter } from "../../figures/small-multiples.js";
import type { Spec } from "../../figures/spec.js";
import { COLOR, GENERATED_COLOR, REAL_COLOR } from "../../figures/theme.js";
import {
  array,
  lastMetric,
  lastStep,
  lossRows,
  medianAndBest,
  pointsOf,
  type Pair,
} from "../run-figures.js";
import { distanceRows, measureWords } from "./figure-data.js";
import type { Distance, Run } from "./figure-data.js";

/** Room right of a panel for a colour bar whose labels have up to four characters. */
export const COLOR_BAR = 46;

/** The values both losses take when the discriminator can no longer tell real from generated. */
export function equilibria(algorithm: 1 | 2): readonly Rule[] {
  const rule = (y: number, ...label: string[]): Rule => ({ y, label, dash: "dashed" });
  // Algorithm 1 fixes L_D only: any common mean output on real and generated data gives L_D = 1.
  if (algorithm === 1) return [rule(1, "1")];
  return [rule(-2 * Math.LN2, "−2 ln 2"), rule(-Math.LN2, "−ln 2")];
}

/** Both losses over the steps. */
export function lossPanel(run: Run, width: number, height: number): Spec {
  return lines({
    series: [
      { name: "discriminator", rows: lossRows(run, "discriminator"), color: COLOR.blue },
      { name: "generator", rows: lossRows(run, "generator"), color: COLOR.vermillion },
    ],
    rules: equilibria(run.config.model.algorithm),
    x: stepAxis(lastStep(run)),
    y: { title: "loss (maximised)", tickCount: 5 },
    width,
    height,
  });
}

/** One panel per column: real and generated histogram, with the distance and its floor above. */
export function marginalPanels(run: Run, width: number, height: number): Spec[] {
  const { words } = run;
  return words.columns.map((name, c) =>
    histogramPair({
      edges: array(run, "marginalEdges"),
      real: array(run, `marginalReal.${String(c)}`),
      generated: array(run, `marginalGenerated.${String(c)}`),
      x: angleAxis(words.axes[c] ?? name),
      y: { title: "probability density (1/rad)" },
      width,
      height,
      title: words.columns.length > 1 ? `${letter(c)}${name}` : name,
      subtitle: measureWords(run, `distance.${String(c)}`),
    }),
  );
}

/** Real and generated joint histogram of two columns, with a common colour scale. */
export function jointPanels(run: Run, [i, j]: Pair, size: number, first: number): [Spec, Spec] {
  const edges = array(run, "jointEdges");
  const real = array(run, `jointReal.${String(i)}.${String(j)}`);
  const generated = array(run, `jointGenerated.${String(i)}.${String(j)}`);
  const shared = { edges, size, x: angle(run, i), top: densityTop(edges, [real, generated]) };
  return [
    heatmap({ ...shared, probabilities: real, y: angle(run, j), title: `${letter(first)}Real` }),
    heatmap({
      ...shared,
      probabilities: generated,
      y: { ...angle(run, j), bare: true },
      title: `${letter(first + 1)}Generated`,
      colorTitle: "probability density (1/rad²)",
    }),
  ];
}

/** A Hellinger distance on validation data over the steps, with its floor and the published value. */
export function distancePanel(
  run: Run,
  kind: Distance,
  size: { readonly width: number; readonly height: number },
  title: string | undefined,
  legend: LegendPlace,
): Spec {
  const rows = distanceRows(run, kind);
  const series = medianAndBest(run, rows);
  const rules = distanceRules(run, kind);
  const visible = [...rows.flatMap((row) => row.values), ...rules.map((rule) => rule.y)];
  return lines({
    series,
    rules,
    x: stepAxis(lastStep(run)),
    y: logAxis("Hellinger distance", visible),
    title,
    legend: series.length > 1 ? legend : "none",
    ...size,
  });
}

/** Real and generated samples of two columns in one panel. */
export function samplePanel(run: Run, pair: Pair, size: number, title?: string): Spec {
  const [i, j] = pair;
  return scatter({
    clouds: [
      { name: "real", points: pointsOf(run, "scatterReal", pair), color: REAL_COLOR },
      {
        name: "generated",
        points: pointsOf(run, "scatterGenerated", pair),
        color: GENERATED_COLOR,
      },
    ],
    x: angle(run, i),
    y: angle(run, j),
    width: size,
    height: size,
    ...(title !== undefined && { title }),
  });
}

/** The floor and the published value of a distance. */
export function distanceRules(run: Run, kind: Distance): Rule[] {
  const floor = lastMetric(run, `${kind}Floor`);
  const published = run.evaluation.measures.find(
    (one) => one.name === `${kind}Distance`,
  )?.published;
  return [
    ...(floor === undefined ? [] : [labelled(floor, "floor", "dashed")]),
    ...(published === undefined ? [] : [labelled(published, "paper", "dotted")]),
  ];
}

function labelled(y: number, name: string, dash: Rule["dash"]): Rule {
  return { y, label: [name, y.toPrecision(2)], dash };
}

function angle(run: Run, column: number): ReturnType<typeof angleAxis> {
  return angleAxis(run.words.axes[column] ?? "");
}
