// What stands above and inside a panel: its title, as text at a fixed place, and its legend.

import type { Spec } from "./spec.js";
import { FONT_SIZE } from "./theme.js";

/** Heading of a panel. */
export type Heading = {
  readonly title?: string | undefined;
  /** A second, smaller line: a distance, a sample size. */
  readonly subtitle?: string | undefined;
};

/** Where a legend stands: above the panel, in a corner of it, or nowhere. */
export type LegendPlace =
  "top" | "top-left" | "top-right" | "bottom-left" | "bottom-right" | "none";

const GAP = 7;

/**
 * A panel with its heading. Vega's own titles move with tick labels and legends; neighbours would not align.
 * @param size - of the plot
 * @param layers - what the panel shows
 */
export function panel(
  size: { readonly width: number; readonly height: number },
  heading: Heading,
  layers: readonly Spec[],
): Spec {
  return { width: size.width, height: size.height, layer: [...layers, ...headingLayers(heading)] };
}

/** The legend of a nominal colour; `null` draws none. */
export function legendAt(place: LegendPlace, symbol: "stroke" | "square" | "circle"): Spec | null {
  if (place === "none") return null;
  return {
    orient: place,
    symbolType: symbol,
    symbolOpacity: 1,
    ...(place !== "top" && { direction: "vertical", offset: 2 }),
  };
}

function headingLayers({ title, subtitle }: Heading): Spec[] {
  const rise = subtitle === undefined ? 0 : FONT_SIZE.label + 3;
  return [
    ...(title === undefined ? [] : [textLayer(title, GAP + rise, FONT_SIZE.title, "#222222")]),
    ...(subtitle === undefined ? [] : [textLayer(subtitle, GAP, FONT_SIZE.label, "#555555")]),
  ];
}

function textLayer(text: string, above: number, fontSize: number, color: string): Spec {
  return {
    data: { values: [{}] },
    mark: { type: "text", text, align: "left", baseline: "bottom", fontSize, color },
    encoding: { x: { value: 0 }, y: { value: -above } },
  };
}
