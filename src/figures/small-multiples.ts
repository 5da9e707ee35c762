// Panels side by side and in rows, and the widths that make them fill a page. Draws no panel itself.

import type { Spec } from "./spec.js";
import { AXIS_WIDTH, PADDING } from "./theme.js";

/** Gap between neighbouring panels in pixels, beside the room of their axes. */
export const GAP = 14;

/**
 * Panels in reading order, wrapped into rows.
 * @param panels - at least one
 * @param columns - panels per row
 * @param options - `sharedLegend`: the panels colour the same series, so that one legend above serves all
 */
export function grid(
  panels: readonly Spec[],
  columns: number,
  options: { readonly sharedLegend?: boolean } = {},
): Spec {
  const color = options.sharedLegend === true ? "shared" : "independent";
  return {
    concat: panels,
    columns,
    spacing: GAP,
    resolve: { scale: { color }, legend: { color } },
  };
}

/**
 * Width of the plot of each panel, so that a row of them fills a figure.
 * @param total - width of the figure in pixels
 * @param columns - panels per row
 * @param extra - room beside the panels: margins for labels, a colour bar
 * @param bare - how many of the panels have a vertical axis without labels
 */
export function panelWidth(total: number, columns: number, extra = 0, bare = 0): number {
  const axes = (columns - bare) * AXIS_WIDTH.full + bare * AXIS_WIDTH.bare;
  const gaps = (columns - 1) * GAP;
  return Math.floor((total - axes - gaps - extra - LAST_LABEL - 2 * PADDING) / columns);
}

/** Half a tick label reaches beyond the last panel. */
const LAST_LABEL = 9;

/** "(a) ", "(b) ", …: the letter of a panel. */
export function letter(index: number): string {
  return `(${String.fromCharCode("a".charCodeAt(0) + index)}) `;
}
