// Coloured cells on two axes, and the bar that says what the colours are. What the cells show is the panel's.

import { channel } from "./spec.js";
import type { Axis, Spec } from "./spec.js";
import { SEQUENTIAL } from "./theme.js";

/** Cells reach under the next ones: no background shows through the seams. */
const SEAM = 0.4;

/** Cells as a layer. */
export type Cells = {
  /** Rows with the edges `x`, `x2`, `y`, `y2` of a cell, and its value. */
  readonly values: readonly Readonly<Record<string, number>>[];
  readonly x: Axis;
  readonly y: Axis;
  /** The field of the value that is the colour, dark where it is large. */
  readonly field: string;
  /** Of the colour, beside its range. */
  readonly scale: Spec;
  /** See {@link colorBar}; null draws none. */
  readonly legend: Spec | null;
};

/** The layer of cells. */
export function cellLayer({ values, x, y, field, scale, legend }: Cells): Spec {
  return {
    data: { values },
    mark: { type: "rect", x2Offset: SEAM, y2Offset: -SEAM, clip: true },
    encoding: {
      x: channel("x", x),
      x2: { field: "x2" },
      y: channel("y", y),
      y2: { field: "y2" },
      color: { field, type: "quantitative", scale: { range: SEQUENTIAL, ...scale }, legend },
    },
  };
}

/**
 * The bar right of a panel, as long as it is high.
 *
 * @param ticks - how the bar is labelled
 */
export function colorBar(title: string, length: number, ticks: Spec = { tickCount: 4 }): Spec {
  return {
    orient: "right",
    title,
    titleOrient: "right",
    titleAnchor: "middle",
    direction: "vertical",
    gradientLength: length,
    gradientThickness: 7,
    ...ticks,
    offset: 8,
  };
}
