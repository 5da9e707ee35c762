// One self-contained HTML page about a run: tables, figures, protocol, configuration, manifest. No script, no
// address that a browser would fetch.

import { ArgumentError } from "../errors.js";
import { escapeXml } from "./escape.js";
import { REPORT_STYLE } from "./report-style.js";
import { formatNumber } from "./tables.js";
import type { Cell, ReportTable } from "./tables.js";

/** What a report shows; empty parts are left out. */
export type Report = {
  readonly title: string;
  readonly subtitle?: string;
  readonly tables?: readonly ReportTable[];
  readonly figures?: readonly ReportFigure[];
  /** Sentences that state how the measures were taken. */
  readonly protocol?: readonly string[];
  /** Sentences about the data, limits and warnings. */
  readonly notes?: readonly string[];
  /** The resolved configuration as text. */
  readonly config?: string;
  /** Names and values of the manifest. */
  readonly manifest?: readonly (readonly [name: string, value: string])[];
};

/** A drawn figure. `svg` comes from `renderSvg` and is trusted; all other text is escaped. */
export type ReportFigure = {
  readonly name: string;
  readonly caption: string;
  readonly svg: string;
};

const SCREEN_SCALE = 1.25;

/**
 * The HTML of a report.
 * @param report - its parts
 * @returns one document that opens offline, in the light and in the dark, and prints
 * @throws ArgumentError when a figure is not one `<svg>` element
 */
export function reportHtml(report: Report): string {
  const { title, subtitle, tables = [], figures = [], protocol = [], notes = [] } = report;
  return [
    "<!doctype html>",
    '<html lang="en">',
    head(title),
    "<body>",
    "<main>",
    `<header><h1>${escapeXml(title)}</h1>`,
    subtitle === undefined ? "" : `<p class="subtitle">${escapeXml(subtitle)}</p>`,
    "</header>",
    section("Results", tables.map(table)),
    section("Figures", figures.map(figureHtml)),
    section("Protocol", list(protocol)),
    section("Notes", list(notes)),
    section("Reproduction", [configuration(report.config), manifest(report.manifest ?? [])]),
    "<footer>Made by zenoflow.</footer>",
    "</main>",
    "</body>",
    "</html>",
    "",
  ]
    .filter((line, index, all) => line !== "" || index === all.length - 1)
    .join("\n");
}

function head(title: string): string {
  // The policy makes "self-contained" a fact: a browser refuses to fetch anything for this page.
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  return [
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeXml(title)}</title>`,
    `<style>${REPORT_STYLE}</style>`,
    "</head>",
  ].join("\n");
}

function section(heading: string, parts: readonly string[]): string {
  const body = parts.filter((part) => part !== "");
  if (body.length === 0) return "";
  return [`<section>`, `<h2>${escapeXml(heading)}</h2>`, ...body, `</section>`].join("\n");
}

function table(parts: ReportTable): string {
  const numeric = parts.columns.map((_, column) => isNumeric(parts.rows, column));
  const headings = parts.columns.map(
    (name, column) => `<th scope="col"${classOf(numeric[column])}>${escapeXml(name)}</th>`,
  );
  const rows = parts.rows.map((row, index) => {
    const cells = row.map((cell, column) => cellHtml(cell, column, numeric[column]));
    return `<tr${index === parts.highlight ? ' class="best"' : ""}>${cells.join("")}</tr>`;
  });
  return [
    '<div class="scroll"><table>',
    `<caption>${escapeXml(parts.title)}</caption>`,
    `<thead><tr>${headings.join("")}</tr></thead>`,
    `<tbody>${rows.join("\n")}</tbody>`,
    "</table></div>",
    ...(parts.note === undefined ? [] : [`<p class="note">${escapeXml(parts.note)}</p>`]),
  ].join("\n");
}

function isNumeric(rows: readonly (readonly Cell[])[], column: number): boolean {
  return rows.some((row) => typeof row[column] === "number");
}

function classOf(numeric: boolean | undefined): string {
  return numeric === true ? ' class="number"' : "";
}

function cellHtml(cell: Cell, column: number, numeric: boolean | undefined): string {
  const text = typeof cell === "number" ? formatNumber(cell) : escapeXml(cell ?? "");
  if (column === 0) return `<th scope="row">${text}</th>`;
  return `<td${classOf(numeric)}>${text}</td>`;
}

function figureHtml({ name, caption, svg }: ReportFigure, index: number): string {
  return [
    `<figure id="figure-${String(index + 1)}">`,
    `<div class="plate">${inlineSvg(svg, name, `f${String(index + 1)}`)}</div>`,
    `<figcaption><b>Figure ${String(index + 1)}</b> (${escapeXml(name)}). ${escapeXml(caption)}</figcaption>`,
    "</figure>",
  ].join("\n");
}

/** Gives the ids of a drawing a prefix: two drawings of one page both have a `clip0`. */
function inlineSvg(svg: string, name: string, prefix: string): string {
  if (!svg.startsWith("<svg")) {
    throw new ArgumentError(
      `reportHtml: argument \`figures\` must hold SVG elements, but "${name}" does not start with <svg. ` +
        "Use the result of renderSvg.",
    );
  }
  const labelled = /^<svg[^>]*aria-label=/u.test(svg);
  return enlarged(svg)
    .replace("<svg", labelled ? "<svg" : `<svg role="img" aria-label="${escapeXml(name)}"`)
    .replace(/ id="([^"]*)"/gu, ` id="${prefix}-$1"`)
    .replace(/url\(#([^)]*)\)/gu, `url(#${prefix}-$1)`)
    .replace(/href="#([^"]*)"/gu, `href="#${prefix}-$1"`);
}

/** Print type is small on a screen: asks the style sheet for a larger width there. */
function enlarged(svg: string): string {
  return svg.replace(/ width="([\d.]+)"/u, (attribute, width: string) => {
    const onScreen = Math.round(Number(width) * SCREEN_SCALE);
    return `${attribute} style="--screen-width:${String(onScreen)}px"`;
  });
}

function list(sentences: readonly string[]): string[] {
  if (sentences.length === 0) return [];
  const items = sentences.map((sentence) => `<li>${escapeXml(sentence)}</li>`);
  return [`<ul>${items.join("\n")}</ul>`];
}

function configuration(text: string | undefined): string {
  if (text === undefined || text === "") return "";
  return `<details><summary>Resolved configuration</summary><pre>${escapeXml(text)}</pre></details>`;
}

function manifest(rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return "";
  const lines = rows.map(
    ([name, value]) =>
      `<tr><th scope="row">${escapeXml(name)}</th><td>${escapeXml(value)}</td></tr>`,
  );
  return [
    "<details><summary>Manifest</summary>",
    `<div class="scroll"><table class="manifest"><tbody>${lines.join("\n")}</tbody></table></div>`,
    "</details>",
  ].join("\n");
}
