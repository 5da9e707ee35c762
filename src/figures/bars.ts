// A panel of horizontal bars on a logarithmic axis, each with its number: throughputs of different programs.

import { panel } from "./panel.js";
import { channel, compact } from "./spec.js";
import type { Axis, Spec } from "./spec.js";
import { FONT_SIZE, PALETTE } from "./theme.js";

/** One bar; without a value its place stays empty and says why. */
export type Bar = {
  readonly name: string;
  readonly value: number | undefined;
  /** Text at the end of the bar; what stands there instead of a missing value. */
  readonly label: string;
  readonly color?: string;
};

/** Bars of one panel, the first one on top. */
export type Bars = {
  readonly bars: readonly Bar[];
  /** A logarithmic axis with a domain: bars start at its lower end. */
  readonly x: Axis & { readonly domain: readonly [number, number] };
  /** Width of the axis; names stand left of it, numbers may stand right of it. */
  readonly width: number;
  readonly title?: string | undefined;
};

/** Height of a bar with the gap to the next. */
const STEP = 15;

/** A panel of bars. Names stand left of the axis; lengths are logarithmic, so that numbers stand beside them. */
export function bars(parts: Bars): Spec {
  const { bars: list, width, x } = parts;
  const height = STEP * list.length;
  const low = x.domain[0];
  const values = list.map(({ name, value, label, color }, i) => ({
    name,
    label,
    row: i,
    start: low,
    value: compact(Math.max(value ?? low, low)),
    color: color ?? PALETTE[0],
  }));
  const y = { field: "row", type: "ordinal", axis: null, scale: { paddingInner: 0.25 } };
  return panel({ width, height }, { title: parts.title }, [
    {
      data: { values },
      mark: { type: "bar" },
      encoding: {
        y,
        x: channel("start", x),
        x2: { field: "value" },
        color: { field: "color", type: "nominal", scale: null, legend: null },
      },
    },
    textLayer(values, y, { field: "label", x: channel("value", x), align: "left", dx: 3 }),
    textLayer(values, y, { field: "name", x: { value: 0 }, align: "right", dx: -5 }),
  ]);
}

function textLayer(
  values: readonly Spec[],
  y: Spec,
  text: {
    readonly field: string;
    readonly x: Spec;
    readonly align: "left" | "right";
    readonly dx: number;
  },
): Spec {
  const { field, x, align, dx } = text;
  return {
    data: { values },
    mark: {
      type: "text",
      align,
      dx,
      baseline: "middle",
      fontSize: FONT_SIZE.label,
      color: "#222222",
    },
    encoding: { y, x, text: { field, type: "nominal" } },
  };
}
