// What is seen of a sweep: figures and report, from the rows that count.

export { hypervolume, paretoFront, type Point } from "./pareto.js";
export { pearsonDivergence, importances, type Importance } from "./importance.js";
export {
  FIGURE_KINDS,
  sweepFigureOf,
  sweepFigures,
  type FigureKind,
  type FigureOptions,
} from "./figures.js";
export type { SweepFigure } from "./panels.js";
export { drawFigures, sweepPage, type SweepPageParts } from "./page.js";
export { viewOf, type View } from "./view.js";
