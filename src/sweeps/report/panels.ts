// Parts that panels of a sweep share: dots or counts of rows, quantile bands, the frame of a figure.

import { figure } from "../../figures/figure.js";
import { panel } from "../../figures/panel.js";
import { channel, compact, type Axis, type Spec } from "../../figures/spec.js";
import { COLOR, WIDTH } from "../../figures/theme.js";
import { countLayer, MOST_MARKS } from "./density.js";
import { axisOf, quantileOf, type Scale } from "./scales.js";

/** A drawn part of a report. */
export type SweepFigure = {
  readonly name: string;
  readonly caption: string;
  readonly spec: Spec;
};

/** Two scales and the size of their panel. */
export type Plane = {
  readonly x: Scale;
  readonly y: Scale;
  readonly width: number;
  readonly height: number;
  readonly axes?: { readonly x?: Axis; readonly y?: Axis };
};

const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;
const LEAST_IN_BIN = 4;
const MOST_BINS = 24;
/** Fewer rows a bin would draw noise. */
const ROWS_PER_BIN = 64;

/** The axes of a plane. */
export function axesOf({ x, y, axes }: Plane): { readonly x: Axis; readonly y: Axis } {
  return { x: axes?.x ?? axisOf(x), y: axes?.y ?? axisOf(y) };
}

/** Points at places, of one colour. */
export function dots(
  plane: Plane,
  points: readonly (readonly [number, number])[],
  mark: Spec,
): Spec {
  const axes = axesOf(plane);
  return {
    data: { values: points.map(([px, py]) => ({ px: compact(px), py: compact(py) })) },
    mark: { type: "circle", size: 7, opacity: 0.55, color: COLOR.blue, clip: true, ...mark },
    encoding: { x: channel("px", axes.x), y: channel("py", axes.y) },
  };
}

function spreadInList(scale: Scale, row: number): number {
  if (scale.kind !== "list") return 0;
  // A fixed function of the row: dots of one category would hide each other.
  return (((row * 0.6180339887) % 1) - 0.5) * (0.5 / scale.bins);
}

/** Rows as dots, or as counts where they are too many. */
export function rowsLayer(plane: Plane, rows: Int32Array): Spec {
  const { x, y } = plane;
  if (rows.length > MOST_MARKS) return countLayer(x, y, rows, plane);
  const points = Array.from(rows, (row): [number, number] => [
    x.place(row) + spreadInList(x, row),
    y.place(row),
  ]);
  return dots(
    plane,
    points.filter(([px, py]) => !Number.isNaN(px) && !Number.isNaN(py)),
    {},
  );
}

type Band = { readonly px: number } & Readonly<Record<`q${number}`, number>>;

/** Places along y, bin after bin along x, and where each bin begins. */
type Binned = { readonly places: Float64Array; readonly starts: Int32Array };

/** Sorts rows into bins by counting them first: lists that grow cost several times as much for a million rows. */
function binned({ x, y }: Plane, rows: Int32Array, bins: number): Binned {
  const bin = new Int32Array(rows.length).fill(-1);
  const place = new Float64Array(rows.length);
  const starts = new Int32Array(bins + 1);
  for (let i = 0; i < rows.length; i++) {
    const at = Math.floor(x.place(rows[i]!) * bins);
    place[i] = y.place(rows[i]!);
    if (!(at >= 0) || Number.isNaN(place[i]!)) continue;
    bin[i] = Math.min(bins - 1, at);
    starts[bin[i]! + 1]!++;
  }
  for (let k = 0; k < bins; k++) starts[k + 1]! += starts[k]!;
  const places = new Float64Array(starts[bins]!);
  const next = starts.slice();
  for (let i = 0; i < rows.length; i++) if (bin[i]! >= 0) places[next[bin[i]!]!++] = place[i]!;
  return { places, starts };
}

/** Quantiles of the places along y in bins along x; a list has one bin a value. */
export function bandsOf(plane: Plane, rows: Int32Array): readonly Band[] {
  const { x } = plane;
  const bins =
    x.kind === "list" ? x.bins : Math.min(MOST_BINS, Math.ceil(rows.length / ROWS_PER_BIN));
  const { places, starts } = binned(plane, rows, bins);
  return Array.from({ length: bins }).flatMap((_, bin) => {
    const sorted = places.subarray(starts[bin], starts[bin + 1]).sort();
    if (sorted.length < LEAST_IN_BIN) return [];
    const entries = QUANTILES.map((p, i) => [`q${i}`, compact(quantileOf(sorted, p))]);
    return [{ px: compact((bin + 0.5) / bins), ...(Object.fromEntries(entries) as object) }];
  });
}

/** Median, quartiles and the 5 and 95 % quantiles along x: bands, or boxes over a list. */
export function bandLayers(plane: Plane, rows: Int32Array): readonly Spec[] {
  const axes = axesOf(plane);
  const data = { values: bandsOf(plane, rows) };
  const x = channel("px", axes.x);
  const y = (from: string): Spec => channel(from, axes.y);
  const color = COLOR.vermillion;
  if (plane.x.kind === "list") {
    const size = Math.min(18, (0.35 * plane.width) / plane.x.bins);
    return [
      {
        data,
        mark: { type: "rule", color, strokeWidth: 1, clip: true },
        encoding: { x, y: y("q0"), y2: { field: "q4" } },
      },
      {
        data,
        mark: { type: "bar", size, color, fillOpacity: 0.25, stroke: color, clip: true },
        encoding: { x, y: y("q1"), y2: { field: "q3" } },
      },
      {
        data,
        mark: { type: "tick", size, thickness: 2, color, orient: "horizontal" },
        encoding: { x, y: y("q2") },
      },
    ];
  }
  const band = (from: string, to: string, opacity: number): Spec => ({
    data,
    mark: { type: "area", color, opacity, line: false, clip: true },
    encoding: { x, y: y(from), y2: { field: to } },
  });
  return [
    band("q0", "q4", 0.12),
    band("q1", "q3", 0.22),
    {
      data,
      mark: { type: "line", color, strokeWidth: 1.5, clip: true },
      encoding: { x, y: y("q2") },
    },
  ];
}

/** A panel of layers over a plane. */
export function planePanel(
  plane: Plane,
  layers: readonly Spec[],
  heading: { readonly title?: string; readonly subtitle?: string } = {},
): Spec {
  return panel(plane, heading, layers);
}

/** A figure over two columns of a page. */
export function sweepFigure(
  name: string,
  parts: { readonly title: string; readonly subtitle: string; readonly caption: string },
  body: Spec,
  width: number = WIDTH.double,
): SweepFigure {
  const { title, subtitle, caption } = parts;
  const spec = figure({
    body,
    title,
    subtitle,
    width,
    description: `${title}. ${subtitle}. ${caption}`,
  });
  return { name, caption, spec };
}
