// A panel of one-dimensional histograms over common bins: the data filled, what was made of them as a step line.

import { legendAt, panel } from "./panel.js";
import type { LegendPlace } from "./panel.js";
import { channel, compact } from "./spec.js";
import type { Axis, Spec } from "./spec.js";
import { GENERATED_COLOR, REAL_FILL } from "./theme.js";

/** A real and a generated histogram over the same bins. */
export type HistogramPair = {
  /** `bins + 1` ascending edges. */
  readonly edges: readonly number[];
  /** Probability of each bin. */
  readonly real: readonly number[];
  readonly generated: readonly number[];
  readonly x: Axis;
  readonly y: Axis;
  readonly width: number;
  readonly height: number;
  readonly title?: string | undefined;
  /** A second line under the title, for the distance. */
  readonly subtitle?: string | undefined;
  readonly legend?: LegendPlace;
  readonly names?: readonly [string, string];
};

/** One histogram: `bins + 1` ascending edges and the probability of each bin. */
export type Histogram = Omit<HistogramPair, "real" | "generated" | "legend" | "names"> & {
  readonly probabilities: readonly number[];
};

/** The probability density of one quantity as a filled step histogram. */
export function histogramArea(parts: Histogram): Spec {
  const pair = { ...parts, real: [], generated: [], legend: "none" as const };
  return panel(parts, parts, [
    stepLayer(pair, parts.probabilities, 0, { type: "area", opacity: 1, line: false }),
  ]);
}

/** Probability densities of a real and a generated marginal as step histograms. */
export function histogramPair(parts: HistogramPair): Spec {
  return panel(parts, parts, [
    stepLayer(parts, parts.real, 0, { type: "area", opacity: 1, line: false }),
    stepLayer(parts, parts.generated, 1, { type: "line", strokeWidth: 1.25 }),
  ]);
}

function stepLayer(
  parts: HistogramPair,
  probabilities: readonly number[],
  which: 0 | 1,
  mark: Spec,
): Spec {
  const names = parts.names ?? ["real", "generated"];
  const series = names[which];
  return {
    data: { values: steps(parts.edges, probabilities).map((step) => ({ ...step, series })) },
    mark: { ...mark, interpolate: "step-after" },
    encoding: {
      x: channel("x", parts.x),
      y: channel("density", zeroBased(parts.y)),
      color: {
        field: "series",
        type: "nominal",
        scale: { domain: names, range: [REAL_FILL, GENERATED_COLOR] },
        legend: legendAt(parts.legend ?? "top", "square"),
      },
    },
  };
}

function zeroBased(axis: Axis): Axis {
  return { zero: true, tickCount: 4, ...axis };
}

/** Left edges with densities; the last edge repeats the last bin, so that its step is drawn. */
function steps(
  edges: readonly number[],
  probabilities: readonly number[],
): { x: number; density: number }[] {
  const densities = probabilities.map((p, bin) => compact(p / binWidth(edges, bin)));
  return edges.map((x, bin) => ({
    x: compact(x),
    density: densities[Math.min(bin, densities.length - 1)] ?? 0,
  }));
}

/** Width of a bin. */
export function binWidth(edges: readonly number[], bin: number): number {
  return (edges[bin + 1] ?? Number.NaN) - (edges[bin] ?? Number.NaN);
}
