// A panel of one two-dimensional histogram. Panels that are compared get the same colour domain from the caller.

import { binWidth } from "./histogram.js";
import { panel } from "./panel.js";
import { channel, compact } from "./spec.js";
import type { Axis, Spec } from "./spec.js";
import { SEQUENTIAL } from "./theme.js";

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

const SEAM = 0.4;

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
  const size = { width: parts.size, height: parts.size };
  return panel(size, parts, [cellLayer(parts)]);
}

function cellLayer(parts: Heatmap): Spec {
  return {
    data: { values: filledCells(parts) },
    // Each cell reaches under the next ones: no background shows through the seams.
    mark: { type: "rect", x2Offset: SEAM, y2Offset: -SEAM, clip: true },
    encoding: {
      x: channel("x", parts.x),
      x2: { field: "x2" },
      y: channel("y", parts.y),
      y2: { field: "y2" },
      color: {
        field: "density",
        type: "quantitative",
        // The square root shows the tails, and equal steps of colour are equal steps of the Hellinger distance.
        scale: { type: "sqrt", range: SEQUENTIAL, domain: [0, parts.top] },
        legend: colorBar(parts),
      },
    },
  };
}

function colorBar({ colorTitle, size }: Heatmap): Spec | null {
  if (colorTitle === undefined) return null;
  return {
    orient: "right",
    title: colorTitle,
    titleOrient: "right",
    titleAnchor: "middle",
    direction: "vertical",
    gradientLength: size,
    gradientThickness: 7,
    tickCount: 4,
    offset: 8,
  };
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
