// What is seen of a sweep: figures and report, from the rows that count.

export { hypervolume, paretoFront, type Point } from "./pareto.js";
export { pearsonDivergence, importances, type Importance } from "./importance.js";
export { sweepFigureOf, sweepFigures, type FigureOptions } from "./figures.js";
export { FIGURE_KINDS, type FigureKind } from "./kinds.js";
export type { SweepFigure } from "./panels.js";
export { drawFigures, sweepPage, type SweepPageParts } from "./page.js";
export { viewOf, type View } from "./view.js";
