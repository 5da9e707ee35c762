// A panel of curves: median with quantile bands over replicas, single curves, and labelled reference lines.

import { legendAt, panel } from "./panel.js";
import type { LegendPlace } from "./panel.js";
import { bands, thinned } from "./quantiles.js";
import { channel, compact } from "./spec.js";
import type { Axis, Spec } from "./spec.js";
import { textWidth } from "./text-width.js";
import { FONT_SIZE, PALETTE } from "./theme.js";

/** One quantity of all replicas: a median with bands. A single replica is a plain curve. */
export type Series = {
  readonly name: string;
  readonly rows: readonly { readonly x: number; readonly values: readonly number[] }[];
  readonly color?: string;
  readonly dash?: readonly number[];
  /** Not in the legend: a companion of another series with its colour. */
  readonly companion?: boolean;
};

/** A horizontal line to compare with, labelled in the margin. */
export type Rule = {
  readonly y: number;
  /** One or two short lines of text. */
  readonly label: readonly string[];
  readonly dash: "dashed" | "dotted";
};

/** Curves of one panel. */
export type Lines = {
  readonly series: readonly Series[];
  readonly rules?: readonly Rule[];
  readonly x: Axis;
  readonly y: Axis;
  readonly width: number;
  readonly height: number;
  readonly title?: string | undefined;
  /** Default: above when there is more than one series. */
  readonly legend?: LegendPlace;
};

const MOST_POINTS = 400;
/** Up to here each point gets a dot: the reader sees where values were taken. */
const FEW_POINTS = 30;
const RULE_GAP = 4;
const RULE_LINE = FONT_SIZE.note + 1;
const DASHES = { dashed: [5, 3], dotted: [1.5, 2] } as const;

/** Room that the labels of reference lines take right of a panel. */
export function ruleMargin(rules: readonly Rule[]): number {
  const widths = rules.flatMap((rule) => rule.label.map((line) => textWidth(line, FONT_SIZE.note)));
  return widths.length === 0 ? 0 : RULE_GAP + Math.ceil(Math.max(...widths));
}

/** A panel of curves over steps (or time, or a parameter), as a Vega-Lite layer. */
export function lines(parts: Lines): Spec {
  const { series, rules = [] } = parts;
  return panel(parts, { title: parts.title }, [
    ...rules.map((rule) => ruleLayer(rule, parts)),
    ...series.flatMap((one) => seriesLayers(one, parts)),
    ...rules.map(ruleLabel),
  ]);
}

/** Nothing for a series without a finite number: it has no place on the axes. */
function seriesLayers(series: Series, parts: Lines): Spec[] {
  const points = pointsOf(series);
  if (points.length === 0) return [];
  const single = series.rows.every((row) => row.values.length <= 1);
  const layer = [
    ...(single ? [] : bandLayers(colorOf(series, parts), parts)),
    curveLayer(series, parts, points.length),
  ];
  return [{ data: { values: points.map((point) => ({ ...point, series: series.name })) }, layer }];
}

/** Outer band and quartiles. */
function bandLayers(color: string, { x, y }: Lines): Spec[] {
  const band = (from: string, to: string, opacity: number): Spec => ({
    mark: { type: "area", opacity, color, line: false },
    encoding: { x: channel("x", x), y: channel(from, y), y2: { field: to } },
  });
  return [band("low", "high", 0.16), band("lowerQuartile", "upperQuartile", 0.26)];
}

function curveLayer(series: Series, parts: Lines, points: number): Spec {
  const names = parts.series.map((one) => one.name);
  const place = parts.legend ?? (names.length > 1 ? "top" : "none");
  const legend = legendAt(place, "stroke");
  const shown = parts.series.filter(({ companion }) => companion !== true).map(({ name }) => name);
  return {
    mark: {
      type: "line",
      strokeWidth: 1.25,
      strokeJoin: "round",
      ...(series.dash && { strokeDash: series.dash }),
      ...(points <= FEW_POINTS && { point: { size: 10, filled: true, opacity: 1 } }),
    },
    encoding: {
      x: channel("x", parts.x),
      y: channel("median", parts.y),
      // In the order given: a curve may turn back, as one over tolerances does.
      order: { value: null },
      color: {
        field: "series",
        type: "nominal",
        scale: { domain: names, range: parts.series.map((one) => colorOf(one, parts)) },
        legend: legend && shown.length < names.length ? { ...legend, values: shown } : legend,
      },
    },
  };
}

function ruleLayer(rule: Rule, parts: Lines): Spec {
  return {
    data: { values: [{ y: rule.y }] },
    mark: { type: "rule", strokeDash: DASHES[rule.dash], strokeWidth: 1, color: "#222222" },
    encoding: { y: channel("y", parts.y) },
  };
}

/** Right of the panel, so that no curve runs through it. */
function ruleLabel(rule: Rule): Spec {
  return {
    data: { values: [{ y: rule.y }] },
    mark: {
      type: "text",
      text: rule.label,
      align: "left",
      baseline: "middle",
      dx: RULE_GAP,
      dy: -((rule.label.length - 1) * RULE_LINE) / 2,
      fontSize: FONT_SIZE.note,
      lineHeight: RULE_LINE,
      color: "#222222",
    },
    encoding: { x: { value: "width" }, y: { field: "y", type: "quantitative" } },
  };
}

function colorOf(series: Series, parts: Lines): string {
  return series.color ?? PALETTE[parts.series.indexOf(series) % PALETTE.length] ?? "#000000";
}

function pointsOf(series: Series): Record<string, number>[] {
  const rows = series.rows.length > MOST_POINTS ? thinned(series.rows, MOST_POINTS) : series.rows;
  return bands(rows).map((band) =>
    Object.fromEntries(Object.entries(band).map(([name, value]) => [name, compact(value)])),
  );
}
