// Vega-Lite specification → SVG, in Node and in a browser. Pixels are in png.ts.

import { ArgumentError } from "../errors.js";
import { escapeXml } from "./escape.js";
import { optionalPackage } from "./optional.js";
import type { Spec } from "./spec.js";
import { textWidth } from "./text-width.js";

import type * as Vega from "vega";
import type * as VegaLite from "vega-lite";

type VegaModule = typeof Vega;
type TextItem = { readonly fontSize?: number; readonly fontWeight?: number | string };
type Line = string | number | null | undefined;
type TextMetrics = { width: (item: TextItem, text: Line) => number };

// Vega keeps its text metrics and its counter of clip paths in module state: renders take turns.
let lastTurn: Promise<unknown> = Promise.resolve();

/**
 * Draws a Vega-Lite specification with inline data. The same specification gives the same bytes, in Node and
 * in a browser; nothing is fetched.
 * @param spec - Vega-Lite specification; data given by address are refused
 * @param options - `onWarning` receives what Vega and Vega-Lite warn about
 * @returns one `<svg>` element as text, sizes in CSS pixels (1/96 inch)
 * @throws BackendError when the packages vega and vega-lite are missing
 * @throws ArgumentError on any warning when `onWarning` is not given: a warning often means a lost field
 */
export function renderSvg(
  spec: Spec,
  options: { readonly onWarning?: (message: string) => void } = {},
): Promise<string> {
  const turn = lastTurn.then(() => draw(spec, options.onWarning));
  lastTurn = turn.catch(() => undefined);
  return turn;
}

async function draw(spec: Spec, onWarning?: (message: string) => void): Promise<string> {
  const vega = await optionalPackage("renderSvg", "vega", () => import("vega"));
  const vegaLite = await optionalPackage("renderSvg", "vega-lite", () => import("vega-lite"));
  const warnings: string[] = [];
  const logger = collector(warnings);
  // Vega-Lite's types demand a literal specification; ours are built from parts and checked by its warnings.
  const compiled = vegaLite.compile(spec as unknown as VegaLite.TopLevelSpec, { logger });
  const svg = await withOurTextWidth(vega, () => toSvg(vega, compiled.spec, logger));
  warnings.forEach(onWarning ?? refuse);
  return described(shortNumbers(svg), spec["description"]);
}

async function toSvg(
  vega: VegaModule,
  spec: Vega.Spec,
  logger: Vega.LoggerInterface,
): Promise<string> {
  vega.resetSVGDefIds();
  const view = new vega.View(vega.parse(spec), { renderer: "none", loader: offline, logger });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** Names the whole drawing for readers who cannot see it. */
function described(svg: string, description: unknown): string {
  if (typeof description !== "string") return svg;
  return svg.replace("<svg ", `<svg role="img" aria-label="${escapeXml(description)}" `);
}

/** Thousandths of a pixel in coordinates; text is left alone. */
function shortNumbers(svg: string): string {
  return svg.replace(/ (?:d|transform|x2?|y2?|width|height)="[^"]*"/gu, (attribute) =>
    attribute.replace(/-?\d+(?:\.\d{4,}(?:e-?\d+)?|e-\d+)/gu, (digits) =>
      String(Math.round(Number(digits) * 1000) / 1000 + 0),
    ),
  );
}

/** Measures with the table of the shipped font: without a canvas Vega only guesses, far too wide. */
async function withOurTextWidth<T>(vega: VegaModule, work: () => Promise<T>): Promise<T> {
  const { textMetrics } = vega as unknown as { readonly textMetrics: TextMetrics };
  const before = textMetrics.width;
  textMetrics.width = measure;
  try {
    return await work();
  } finally {
    textMetrics.width = before;
  }
}

function measure(item: TextItem, text: Line): number {
  const line = String(text ?? "").trim();
  const bold = item.fontWeight === "bold" || Number(item.fontWeight) >= 600;
  return textWidth(line, item.fontSize ?? 11, bold ? "bold" : "regular");
}

function refuse(message: string): never {
  throw new ArgumentError(
    `renderSvg: argument \`spec\` must compile without warnings, but: ${message.replace(/\.$/u, "")}. ` +
      "Pass `onWarning` to accept it.",
  );
}

/** A logger in Vega's shape. It collects, because an exception inside Vega's dataflow would never surface. */
function collector(messages: string[]): Vega.LoggerInterface {
  const report = (...parts: readonly unknown[]): Vega.LoggerInterface => {
    messages.push(parts.map(String).join(" "));
    return logger;
  };
  const ignore = (): Vega.LoggerInterface => logger;
  const level = (value?: number): unknown => (value === undefined ? 2 : logger);
  const logger = {
    level,
    warn: report,
    error: report,
    info: ignore,
    debug: ignore,
  } as Vega.LoggerInterface;
  return logger;
}

function notFetched(address: string): Promise<never> {
  return Promise.reject(
    new ArgumentError(
      `renderSvg: argument \`spec\` must carry its data inline, but names ${address}. Put the rows into data.values.`,
    ),
  );
}

/** Pictures inside the specification are the only addresses that need no fetching. */
function inline(address: string): Promise<{ href: string }> {
  return /^data:image\/png;base64,/u.test(address)
    ? Promise.resolve({ href: address })
    : notFetched(address);
}

const offline = {
  load: notFetched,
  sanitize: inline,
  http: notFetched,
  file: notFetched,
} as unknown as Vega.Loader;
