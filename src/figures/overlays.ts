// What is laid over a panel of curves: straight guides with a name, and single marked points. Draws no panel itself.

import { channel } from "./spec.js";
import type { Axis, Spec } from "./spec.js";
import { FONT_SIZE } from "./theme.js";

type Place = readonly [x: number, y: number];

/** A straight line to compare with, for example a slope on logarithmic axes. */
export type Guide = {
  readonly from: Place;
  readonly to: Place;
  /** Stands at the end of the line, or at its start. */
  readonly label: string;
  readonly at?: "from" | "to";
  /** Where the label stands beside that end; default above and to the right. */
  readonly shift?: readonly [dx: number, dy: number];
};

/** A point to show: open for what was read off, a cross for what has no result. */
export type Mark = {
  readonly at: Place;
  readonly shape: "open" | "cross" | "triangle";
  readonly color?: string;
  readonly label?: string;
};

type Axes = { readonly x: Axis; readonly y: Axis };

const INK = "#555555";

/** A panel with layers on top of its own. */
export function withLayers(panel: Spec, layers: readonly Spec[]): Spec {
  return { ...panel, layer: [...(panel["layer"] as readonly Spec[]), ...layers] };
}

/** The layers of guides. */
export function guideLayers(guides: readonly Guide[], axes: Axes): Spec[] {
  return guides.flatMap((guide) => [lineOf(guide, axes), nameOf(guide, axes)]);
}

function lineOf({ from, to }: Guide, { x, y }: Axes): Spec {
  const values = [from, to].map(([px, py]) => ({ px, py }));
  return {
    data: { values },
    mark: { type: "line", strokeWidth: 0.9, strokeDash: [3, 2.5], color: INK, clip: true },
    encoding: { x: channel("px", x), y: channel("py", y) },
  };
}

function nameOf({ from, to, label, at = "to", shift = [2, -4] }: Guide, { x, y }: Axes): Spec {
  const [px, py] = at === "to" ? to : from;
  return textAt([px, py], label, shift, { x, y });
}

function textAt(
  [px, py]: Place,
  text: string,
  [dx, dy]: readonly [number, number],
  { x, y }: Axes,
): Spec {
  return {
    data: { values: [{ px, py }] },
    mark: {
      type: "text",
      text,
      align: "left",
      baseline: "middle",
      dx,
      dy,
      fontSize: FONT_SIZE.note,
      color: INK,
    },
    encoding: { x: channel("px", x), y: channel("py", y) },
  };
}

const SHAPES = { open: "circle", cross: "cross", triangle: "triangle-up" } as const;

/** The layers of marks. */
export function markLayers(marks: readonly Mark[], axes: Axes): Spec[] {
  return marks.flatMap(({ at, shape, color = "#222222", label }) => [
    {
      data: { values: [{ px: at[0], py: at[1] }] },
      mark: {
        type: "point",
        shape: SHAPES[shape],
        size: 42,
        filled: shape !== "open",
        fill: shape === "open" ? "white" : color,
        stroke: color,
        strokeWidth: 1,
        opacity: 1,
        ...(shape === "cross" && { angle: 45, size: 46 }),
      },
      encoding: { x: channel("px", axes.x), y: channel("py", axes.y) },
    },
    ...(label === undefined ? [] : [textAt(at, label, [6, -6], axes)]),
  ]);
}
