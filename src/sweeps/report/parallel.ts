// Parallel coordinates: every trial a line through its parameters to its value; the best ones stand out.

import { panel } from "../../figures/panel.js";
import { pngUrl } from "../../figures/png-bytes.js";
import { compact, type Spec } from "../../figures/spec.js";
import { COLOR, FONT_SIZE, PADDING, WIDTH } from "../../figures/theme.js";
import { pictureLayer } from "./density.js";
import type { Importance } from "./importance.js";
import { sweepFigure, type SweepFigure } from "./panels.js";
import { valueScale, type Scale } from "./scales.js";
import { countWords, judged, rungWords, type View } from "./view.js";

const MOST_AXES = 8;
const HEIGHT = 210;
const DOTS = 2;
const LEVELS = 64;
/** Above this many, lines between the same two of 64 levels are drawn once. */
const MOST_LINES = 10_000;
const BEST_PART = 0.05;
const MOST_BEST = 60;
const MARGIN = { left: 46, right: 34 } as const;

type Ink = { readonly width: number; readonly height: number; readonly amount: Float64Array };

/** Adds a straight stroke from one axis to the next, a dot a column, shared between two lines. */
function stroke(ink: Ink, fromX: number, toX: number, a: number, b: number, weight: number): void {
  for (let x = fromX; x < toX; x++) {
    const place = a + ((x + 0.5 - fromX) / (toX - fromX)) * (b - a);
    const at = (1 - place) * (ink.height - 1);
    const line = Math.floor(at);
    ink.amount[line * ink.width + x]! += weight * (1 - (at - line));
    if (line + 1 < ink.height) ink.amount[(line + 1) * ink.width + x]! += weight * (at - line);
  }
}

/** How many rows go from each level of one axis to each of the next. */
function bundles(a: Scale, b: Scale, rows: Int32Array): Float64Array {
  const counts = new Float64Array(LEVELS * LEVELS);
  const level = (place: number): number =>
    place >= 0 && place <= 1 ? Math.min(LEVELS - 1, Math.floor(place * LEVELS)) : -1;
  for (const row of rows) {
    const [i, j] = [level(a.place(row)), level(b.place(row))];
    if (i >= 0 && j >= 0) counts[i * LEVELS + j]!++;
  }
  return counts;
}

function drawBetween(
  ink: Ink,
  [fromX, toX]: readonly [number, number],
  [a, b]: readonly [Scale, Scale],
  rows: Int32Array,
): void {
  if (rows.length <= MOST_LINES) {
    for (const row of rows) {
      const [p, q] = [a.place(row), b.place(row)];
      if (p >= 0 && p <= 1 && q >= 0 && q <= 1) stroke(ink, fromX, toX, p, q, 1);
    }
    return;
  }
  const place = (level: number): number => (level + 0.5) / LEVELS;
  bundles(a, b, rows).forEach((count, at) => {
    if (count > 0)
      stroke(ink, fromX, toX, place(Math.floor(at / LEVELS)), place(at % LEVELS), count);
  });
}

/** All rows as one picture in greys: the darker, the more lines, by the logarithm. */
function backgroundUrl(axes: readonly Scale[], rows: Int32Array, width: number): string {
  const ink: Ink = {
    width: DOTS * width,
    height: DOTS * HEIGHT,
    amount: new Float64Array(DOTS * DOTS * width * HEIGHT),
  };
  const xOf = (k: number): number => Math.round((k * ink.width) / (axes.length - 1));
  for (let k = 0; k + 1 < axes.length; k++)
    drawBetween(ink, [xOf(k), xOf(k + 1)], [axes[k]!, axes[k + 1]!], rows);
  const most = Math.log1p(ink.amount.reduce((a, b) => Math.max(a, b), 0)) || 1;
  const bytes = Uint8Array.from(ink.amount, (amount) =>
    Math.round(255 - (amount > 0 ? 20 + 110 * (Math.log1p(amount) / most) : 0)),
  );
  return pngUrl({ width: ink.width, height: ink.height, channels: 1, bytes });
}

const y = (field: string): Spec => ({
  field,
  type: "quantitative",
  axis: null,
  scale: { domain: [0, 1], nice: false },
});

function lineLayer(
  axes: readonly Scale[],
  rows: Int32Array,
  width: number,
  color: string,
  strokeWidth: number,
): Spec {
  const values = Array.from(rows).flatMap((row) =>
    axes.flatMap((axis, k) => {
      const place = axis.place(row);
      if (Number.isNaN(place)) return [];
      return [{ row, k, px: compact((k * width) / (axes.length - 1)), place: compact(place) }];
    }),
  );
  return {
    data: { values },
    mark: { type: "line", strokeWidth, opacity: 0.75, color, clip: true },
    encoding: {
      x: { field: "px", type: "quantitative", axis: null, scale: { domain: [0, width] } },
      y: y("place"),
      detail: { field: "row" },
    },
  };
}

/** At most eight labels of an axis. */
function labelsOf({ ticks }: Scale): Scale["ticks"] {
  const every = Math.ceil(ticks.length / 8);
  return ticks.filter((_, i) => i % every === 0);
}

function axisLayers(axes: readonly Scale[], width: number): readonly Spec[] {
  const at = (k: number): number => (k * width) / (axes.length - 1);
  const x = { field: "px", type: "quantitative", axis: null, scale: { domain: [0, width] } };
  const text = (values: readonly Spec[], mark: Spec): Spec => ({
    data: { values },
    mark: { type: "text", color: "#222222", ...mark },
    encoding: { x, y: y("place"), text: { field: "label", type: "nominal" } },
  });
  const labels = axes.flatMap((axis, k) =>
    labelsOf(axis).map(({ place, label }) => ({ px: at(k), place, label })),
  );
  const halo = { stroke: "white", strokeWidth: 3, strokeOpacity: 0.85, color: "white" };
  const place = { align: "right", baseline: "middle", dx: -4, fontSize: FONT_SIZE.label };
  return [
    {
      data: { values: axes.map((_, k) => ({ px: at(k), place: 0, end: 1 })) },
      mark: { type: "rule", color: "#222222", strokeWidth: 0.75 },
      encoding: { x, y: y("place"), y2: { field: "end" } },
    },
    {
      data: { values: labels },
      mark: { type: "tick", orient: "horizontal", size: 6, color: "#222222", thickness: 0.75 },
      encoding: { x, y: y("place") },
    },
    text(labels, { ...place, ...halo }),
    text(labels, place),
    text(
      axes.map(({ name, kind }, k) => ({
        px: at(k),
        place: 0,
        label: kind === "log" ? `${name} (log)` : name,
      })),
      { align: "center", baseline: "top", dy: 8, fontSize: FONT_SIZE.label },
    ),
  ];
}

/** Parallel coordinates of the most important parameters; the value is the last axis. */
export function parallel(view: View, parameters: readonly Importance[]): SweepFigure | undefined {
  if (parameters.length === 0) return undefined;
  const rows = judged(view, view.first);
  const shown = parameters.slice(0, MOST_AXES).map(({ scale }) => scale);
  const axes = [...shown.reverse(), valueScale(view, rows)];
  const width = Math.floor(WIDTH.double - MARGIN.left - MARGIN.right - 2 * PADDING);
  const best = view.ranked.subarray(0, Math.min(MOST_BEST, Math.ceil(BEST_PART * rows.length)));
  const body = panel({ width, height: HEIGHT }, {}, [
    pictureLayer(backgroundUrl(axes, rows, width), { width, height: HEIGHT }),
    lineLayer(axes, best.slice().reverse(), width, COLOR.blue, 0.8),
    lineLayer(axes, best.subarray(0, 1), width, COLOR.vermillion, 1.8),
    ...axisLayers(axes, width),
  ]);
  const left = parameters.length - shown.length;
  return sweepFigure(
    "parallel",
    {
      title: `Parameters of the best trials`,
      subtitle: `${countWords(view, view.first)}; ${rungWords(view)}`,
      caption: `Each line is a trial, from its parameters to its value: in grey all that have one, in blue the best ${String(best.length)}, in red the best one. The closer to the right, the more important a parameter.${left > 0 ? ` ${String(left)} parameters of least importance are left out.` : ""}`,
    },
    body,
  );
}
