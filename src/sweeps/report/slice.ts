// The value against one parameter at a time, with quantiles.

import { grid, panelWidth } from "../../figures/small-multiples.js";
import { WIDTH } from "../../figures/theme.js";
import type { Importance } from "./importance.js";
import { bandLayers, planePanel, rowsLayer, sweepFigure, type SweepFigure } from "./panels.js";
import { axisOf, valueScale } from "./scales.js";
import { countWords, judged, rungWords, type View } from "./view.js";

const COLUMNS = 3;
const HEIGHT = 150;
/** Parameters that get a panel. */
export const MOST_PANELS = 12;

/** Slices: one panel a parameter, the most important ones first. */
export function slices(view: View, parameters: readonly Importance[]): SweepFigure {
  const rows = judged(view, view.first);
  const y = valueScale(view, rows);
  const shown = parameters.slice(0, MOST_PANELS);
  const columns = Math.min(COLUMNS, Math.max(1, shown.length));
  const width = panelWidth(WIDTH.double, columns);
  const panels = shown.map(({ scale: x }, i) => {
    const title = i % columns === 0 ? y.name : " ";
    const axes = { x: axisOf(x), y: { ...axisOf(y), title } };
    const plane = { x, y, width, height: HEIGHT, axes };
    return planePanel(plane, [rowsLayer(plane, rows), ...bandLayers(plane, rows)]);
  });
  const left = parameters.length - shown.length;
  return sweepFigure(
    "slice",
    {
      title: `${view.metric.name} against each parameter`,
      subtitle: `${countWords(view, view.first)}; ${rungWords(view)}`,
      caption: `In blue the trials, in red their median, quartiles and 5 and 95 % quantiles; the most important parameter first.${left > 0 ? ` ${String(left)} parameters of least importance are left out.` : ""}`,
    },
    grid(panels, columns),
  );
}
