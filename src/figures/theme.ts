// The look of every figure: sizes for print, colours, type. Holds no data and builds no panel.

import type { Spec } from "./spec.js";

const CSS_PIXELS_PER_MM = 96 / 25.4;
const CSS_PIXELS_PER_POINT = 96 / 72;

/** Widths of a figure in CSS pixels: one journal column (86 mm) and two (178 mm). */
export const WIDTH: { readonly single: number; readonly double: number } = {
  single: Math.floor(86 * CSS_PIXELS_PER_MM),
  double: Math.floor(178 * CSS_PIXELS_PER_MM),
};

/** Family name of the shipped font. */
export const FONT_NAME = "Liberation Sans";
/** What an SVG asks for: the shipped font, then fonts of the same widths. */
export const FONT_FAMILY: string = `${FONT_NAME}, Arial, Helvetica, sans-serif`;

/** Font sizes in CSS pixels (8, 7 and 6.5 points). */
export const FONT_SIZE: { readonly title: number; readonly label: number; readonly note: number } =
  {
    title: compactPoints(8),
    label: compactPoints(7),
    note: compactPoints(6.5),
  };

/** Okabe and Ito's colours, told apart by colour-blind readers. */
export const COLOR = {
  black: "#000000",
  orange: "#E69F00",
  sky: "#56B4E9",
  green: "#009E73",
  yellow: "#F0E442",
  blue: "#0072B2",
  vermillion: "#D55E00",
  purple: "#CC79A7",
  grey: "#6B6B6B",
} as const;

/** Colours in the order series take them. */
export const PALETTE: readonly string[] = [
  COLOR.blue,
  COLOR.vermillion,
  COLOR.green,
  COLOR.purple,
  COLOR.orange,
  COLOR.sky,
  COLOR.black,
];

/** Data are neutral, what a model made of them is coloured: in every figure. */
export const REAL_COLOR: string = COLOR.grey;
/** A paler grey for filled areas of real data. */
export const REAL_FILL = "#C4C4C4";
/** What a model generated. */
export const GENERATED_COLOR: string = COLOR.vermillion;

/**
 * From nothing (white paper) to most: white and nine of the ten colours of viridis' mako, reversed.
 * Lightness falls evenly, so the map reads in grey and by colour-blind readers and spares ink.
 */
export const SEQUENTIAL: readonly string[] = [
  "#FFFFFF",
  "#DEF5E5",
  "#A0DFB9",
  "#54C9AD",
  "#38AAAC",
  "#348AA6",
  "#366A9F",
  "#40498E",
  "#3B2F5E",
  "#28192F",
];

const AXIS_LABELS = 29;
/** Room that a labelled vertical axis takes, and a bare one. */
export const AXIS_WIDTH: { readonly full: number; readonly bare: number } = { full: 45, bare: 1 };
/** Room at both ends of a figure. */
export const PADDING = 3;

const INK = "#222222";

/** The Vega-Lite configuration of every figure. */
export const THEME: Spec = {
  background: "white",
  padding: { left: 1, right: PADDING, top: PADDING, bottom: 1 },
  font: FONT_FAMILY,
  // Thousands of data marks need no label of their own: the figure carries one description.
  aria: false,
  view: { stroke: null },
  axis: {
    grid: false,
    domainColor: INK,
    domainWidth: 0.75,
    tickColor: INK,
    tickWidth: 0.75,
    tickSize: 3.5,
    labelColor: INK,
    labelFontSize: FONT_SIZE.label,
    labelPadding: 3,
    labelFlush: false,
    labelOverlap: "parity",
    titleColor: INK,
    titleFontSize: FONT_SIZE.title,
    titleFontWeight: "normal",
    titlePadding: 4,
  },
  // A fixed extent makes the width of a figure known before it is drawn.
  axisY: { minExtent: AXIS_LABELS, maxExtent: AXIS_LABELS },
  legend: {
    title: null,
    orient: "top",
    offset: 4,
    labelColor: INK,
    labelFontSize: FONT_SIZE.label,
    labelLimit: 0,
    titleColor: INK,
    titleFontSize: FONT_SIZE.label,
    titleFontWeight: "normal",
    symbolStrokeWidth: 2,
    symbolSize: 90,
    columnPadding: 12,
    rowPadding: 1,
  },
  title: {
    anchor: "start",
    color: INK,
    fontSize: FONT_SIZE.title,
    fontWeight: "bold",
    offset: 6,
    subtitleColor: "#555555",
    subtitleFontSize: FONT_SIZE.label,
    subtitleLineHeight: FONT_SIZE.label + 2.5,
    subtitlePadding: 2.5,
  },
  concat: { spacing: 14 },
};

function compactPoints(points: number): number {
  return Number((points * CSS_PIXELS_PER_POINT).toFixed(2));
}
