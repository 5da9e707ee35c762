// A panel of one two-dimensional histogram. Panels that are compared get the same colour domain from the caller.

import { cellLayer, colorBar } from "./cells.js";
import { binWidth } from "./histogram.js";
import { panel } from "./panel.js";
import { compact } from "./spec.js";
import type { Axis, Spec } from "./spec.js";

/** A two-dimensional histogram with equal bins on both axes. */
export type Heatmap = {
  readonly edges: readonly number[];
  /** Row-major probabilities: the bin along x counts rows. */
  readonly probabilities: readonly number[];
  readonly x: Axis;
  readonly y: Axis;
  /** Side of the square panel in pixels. */
  readonly size: number;
  /** Largest density of the colour scale; `densityTop` of all panels that share it. */
  readonly top: number;
  /** Title of the colour bar; without it none is drawn. */
  readonly colorTitle?: string;
  readonly title?: string | undefined;
  readonly subtitle?: string | undefined;
};

/** The largest density of several histograms over the same bins. */
export function densityTop(
  edges: readonly number[],
  histograms: readonly (readonly number[])[],
): number {
  const area = binWidth(edges, 0) ** 2;
  const peak = histograms.reduce((top, one) => one.reduce((a, b) => Math.max(a, b), top), 0);
  return compact((peak > 0 ? peak : 1) / area);
}

/** A joint histogram as coloured cells. Empty cells stay paper, which keeps the file small. */
export function heatmap(parts: Heatmap): Spec {
  const { x, y, size, top, colorTitle } = parts;
  return panel({ width: size, height: size }, parts, [
    cellLayer({
      ...{ values: filledCells(parts), x, y, field: "density" },
      // The square root shows the tails, and equal steps of colour are equal steps of the Hellinger distance.
      scale: { type: "sqrt", domain: [0, top] },
      legend: colorTitle === undefined ? null : colorBar(colorTitle, size),
    }),
  ]);
}

function filledCells({ edges, probabilities }: Heatmap): Record<string, number>[] {
  const bins = edges.length - 1;
  const area = binWidth(edges, 0) ** 2;
  return probabilities.flatMap((p, cell) => {
    const [i, j] = [Math.floor(cell / bins), cell % bins];
    const edge = (k: number): number => compact(edges[k] ?? Number.NaN);
    const box = { x: edge(i), x2: edge(i + 1), y: edge(j), y2: edge(j + 1) };
    return p > 0 ? [{ ...box, density: compact(p / area) }] : [];
  });
}
