// Figures and reports in reading order. PNG is left out, because it needs Node: import png.js for it.

export { THEME, WIDTH, COLOR, PALETTE, SEQUENTIAL, FONT_FAMILY } from "./theme.js";
export type { Axis, Spec } from "./spec.js";
export { angleAxis, decadeAxis, decadesOf, logAxis, stepAxis } from "./axes.js";
export { bands, quantile } from "./quantiles.js";
export type { Band } from "./quantiles.js";
export { lines } from "./lines.js";
export type { Lines, Rule, Series } from "./lines.js";
export { histogramArea, histogramPair } from "./histogram.js";
export type { Histogram, HistogramPair } from "./histogram.js";
export { densityTop, heatmap } from "./heatmap.js";
export type { Heatmap } from "./heatmap.js";
export { scatter } from "./scatter.js";
export type { Cloud, Scatter } from "./scatter.js";
export { bars } from "./bars.js";
export type { Bar, Bars } from "./bars.js";
export { guideLayers, markLayers, withLayers } from "./overlays.js";
export type { Guide, Mark } from "./overlays.js";
export { grid, letter, panelWidth } from "./small-multiples.js";
export { figure } from "./figure.js";
export { renderSvg } from "./render.js";
export { measuresTable, replicasTable } from "./tables.js";
export type { Cell, ReportTable, TableMeasure } from "./tables.js";
export { reportHtml } from "./report.js";
export type { Report, ReportFigure } from "./report.js";
