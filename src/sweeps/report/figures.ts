// All figures of a sweep by kind.

import { ArgumentError } from "../../errors.js";
import { contours } from "./contour.js";
import { curves } from "./curves.js";
import { edf } from "./edf.js";
import { history } from "./history.js";
import { importanceFigure } from "./importance-figure.js";
import { importances, type Importance } from "./importance.js";
import { FIGURE_KINDS, type FigureKind } from "./kinds.js";
import type { SweepFigure } from "./panels.js";
import { parallel } from "./parallel.js";
import { slices } from "./slice.js";
import { timeline } from "./timeline.js";
import { paretoFigure } from "./trade-off.js";
import type { View } from "./view.js";

/** Options of {@link sweepFigures}. */
export type FigureOptions = {
  /** Parameters that slices and parallel coordinates show, and trials that curves show; default: what fits. */
  readonly top?: number;
};

type Draw = (
  view: View,
  parameters: readonly Importance[],
  top?: number,
) => SweepFigure | undefined;

const DRAW: Readonly<Record<FigureKind, Draw>> = {
  history,
  importance: importanceFigure,
  slice: (view, parameters) => (parameters.length === 0 ? undefined : slices(view, parameters)),
  contour: contours,
  parallel,
  edf,
  curves: (view, _parameters, top) => curves(view, top),
  pareto: paretoFigure,
  timeline,
};

const WHY_NOT: Readonly<Record<FigureKind, string>> = {
  history: "no trial has a value",
  importance: "no parameter varies",
  slice: "no parameter varies",
  contour: "fewer than two parameters vary",
  parallel: "no parameter varies",
  edf: "no trial has a value",
  curves: "all trials had the same steps: curves need successive halving",
  pareto: "the study has one metric: a trade-off needs `metrics: [...]`",
  timeline: "no batch says when it began",
};

/** The figures of a sweep that it has the data for. */
export function sweepFigures(
  view: View,
  kinds: readonly FigureKind[] = FIGURE_KINDS,
  { top }: FigureOptions = {},
): readonly SweepFigure[] {
  const all = importances(view);
  const parameters = top === undefined ? all : all.slice(0, top);
  const isEmpty = view.cost.every((cost) => Number.isNaN(cost));
  return kinds.flatMap((kind) => {
    if (isEmpty && kind !== "timeline") return [];
    if (kind === "importance" && parameters.length === 0) return [];
    const drawn = DRAW[kind](view, parameters, top);
    return drawn === undefined ? [] : [drawn];
  });
}

/**
 * One figure of a sweep.
 *
 * @throws ArgumentError where the sweep has no data for it, with the reason
 */
export function sweepFigureOf(
  view: View,
  kind: FigureKind,
  options: FigureOptions = {},
): SweepFigure {
  const [drawn] = sweepFigures(view, [kind], options);
  if (drawn !== undefined) return drawn;
  const isEmpty = view.cost.every((cost) => Number.isNaN(cost));
  const why = isEmpty ? "no trial has a value yet" : WHY_NOT[kind];
  throw new ArgumentError(`plot: ${kind} cannot be drawn of this sweep: ${why}.`);
}
