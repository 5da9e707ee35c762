// The panels that show the prior of a QAAAN: couplings as a matrix, moments of prior and features, and the law of
// reparameterised spins (the paper's figure 5).

import { legendAt, panel } from "../../figures/panel.js";
import { channel, compact, type Spec } from "../../figures/spec.js";
import { COLOR, GENERATED_COLOR, PALETTE, REAL_FILL } from "../../figures/theme.js";
import { array } from "../run-figures.js";
import type { Run } from "./figure-data.js";
import type { Size } from "./figure-panels.js";

const SIGNED = ["#b2182b", "#ffffff", "#2166ac"] as const;

/** Couplings of every pair, biases on the diagonal. */
export function matrixPanel(run: Run, size: number, title: string): Spec {
  const [J, b, edges] = [array(run, "couplings"), array(run, "biases"), array(run, "edges")];
  const most = [...J, ...b].reduce((a, value) => Math.max(a, Math.abs(value)), 0) || 1;
  const cell = (x: number, y: number, value: number): Record<string, number> => ({
    ...{ x, x2: x + 1, y, y2: y + 1 },
    value: compact(value),
  });
  const values = [
    ...J.flatMap((value, e) => {
      const [u, v] = [edges[2 * e]!, edges[2 * e + 1]!];
      return [cell(u, v, value), cell(v, u, value)];
    }),
    ...b.map((value, i) => cell(i, i, value)),
  ];
  const axis = (name: string): Spec => ({
    title: name,
    ...{ domain: [0, b.length], tickCount: 5 },
  });
  const down = channel("y", axis("node") as never) as Record<string, Spec>;
  return panel({ width: size, height: size }, { title }, [
    {
      data: { values },
      mark: { type: "rect", strokeWidth: 0 },
      encoding: {
        x: channel("x", axis("node") as never),
        x2: { field: "x2" },
        y: { ...down, scale: { ...down["scale"], domain: [b.length, 0] } },
        y2: { field: "y2" },
        color: {
          ...{ field: "value", type: "quantitative" },
          scale: { domain: [-most, 0, most], range: SIGNED, interpolate: "rgb" },
          legend: {
            ...{ title: "coupling; bias on the diagonal", orient: "bottom", gradientLength: 120 },
            ...{ gradientThickness: 7, tickCount: 5, labelOverlap: "greedy", offset: 6 },
          },
        },
      },
    },
  ]);
}

/** Moments along the edges: of the prior against those of the features that it learns. */
export function momentsPanel(run: Run, size: number, title: string): Spec {
  const [features, prior] = [array(run, "correlationsFeatures"), array(run, "correlationsPrior")];
  const axis = (name: string): never => ({ title: name, domain: [-1, 1], tickCount: 5 }) as never;
  const points = features.map((value, e) => ({
    features: compact(value),
    prior: compact(prior[e] ?? Number.NaN),
  }));
  return panel({ width: size, height: size }, { title }, [
    {
      data: { values: [{ a: -1, b: 1 }] },
      mark: { type: "rule", color: "#999999", strokeWidth: 0.75 },
      encoding: {
        x: channel("a", axis("correlation of the features")),
        y: channel("a", axis("correlation of the prior")),
        x2: { field: "b" },
        y2: { field: "b" },
      },
    },
    {
      data: { values: points },
      mark: { type: "circle", size: 9, opacity: 0.6, color: GENERATED_COLOR, clip: true },
      encoding: {
        x: channel("features", axis("correlation of the features")),
        y: channel("prior", axis("correlation of the prior")),
      },
    },
  ]);
}

/**
 * Density of ζ for a spin that is up, equations 14-16: `p(ζ) = α e^{α (ζ − 1)}/(1 − e^{−2 α})` on (−1, 1].
 *
 * @param zeta - in [−1, 1]
 * @param alpha - steepness
 */
export function reparameterisedDensity(zeta: number, alpha: number): number {
  return (alpha * Math.exp(alpha * (zeta - 1))) / (1 - Math.exp(-2 * alpha));
}

/** The steepnesses of the paper's figure 5, and one more. */
const ALPHAS = [1, 2, 4, 8] as const;
const POINTS = 101;
const BINS = 40;

/** The law of an up spin for several α, with the values that this run's generator is given as a histogram. */
export function densityPanel(run: Run, { width, height }: Size): Spec {
  const own = run.config.model.alpha;
  const alphas = [...new Set([...ALPHAS, own])].sort((a, b) => a - b);
  const curves = alphas.flatMap((alpha) =>
    Array.from({ length: POINTS }, (_, i) => -1 + (2 * i) / (POINTS - 1)).map((zeta) => ({
      ...{ zeta: compact(zeta), alpha: `α = ${alpha}` },
      density: compact(reparameterisedDensity(zeta, alpha)),
    })),
  );
  const x = { title: "ζ of a spin that is up", domain: [-1, 1] as const, tickCount: 5 };
  const y = { title: "density", zero: true, tickCount: 5 };
  return panel({ width, height }, {}, [
    {
      data: { values: histogramOf(array(run, "latents")) },
      mark: { type: "rect", color: REAL_FILL },
      encoding: {
        x: channel("x", x),
        x2: { field: "x2" },
        y: channel("density", y),
        y2: { datum: 0 },
      },
    },
    {
      data: { values: curves },
      mark: { type: "line", strokeWidth: 1.4 },
      encoding: {
        x: channel("zeta", x),
        y: channel("density", y),
        color: {
          ...{ field: "alpha", type: "nominal" },
          scale: {
            domain: alphas.map((alpha) => `α = ${alpha}`),
            range: alphas.map((_, i) => PALETTE[i % PALETTE.length] ?? COLOR.black),
          },
          legend: legendAt("top-left", "stroke"),
        },
      },
    },
  ]);
}

/** Densities of values in [−1, 1] over equal bins. */
function histogramOf(values: readonly number[]): Record<string, number>[] {
  const counts = new Array<number>(BINS).fill(0);
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor(((value + 1) / 2) * BINS)));
    counts[bin]! += 1;
  }
  return counts.map((count, bin) => ({
    ...{ x: compact((2 * bin) / BINS - 1), x2: compact((2 * (bin + 1)) / BINS - 1) },
    density: compact((count * BINS) / (2 * Math.max(1, values.length))),
  }));
}
