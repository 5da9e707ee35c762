// Writes what the suite found into its folder: CSV of every table, figures as SVG and PNG, one HTML page. The JSON of the
// report is written by the command line.

import { join } from "node:path";
import { renderSvg, reportHtml } from "../../src/figures/index.js";
import { renderPng } from "../../src/figures/png.js";
import { makeFolder, writeAtomically } from "../../src/runs/index.js";
import { figuresOf } from "./figures.js";
import type { Cell, ReportTable as HtmlTable } from "../../src/figures/index.js";
import type { PointRecord } from "../campaign/store.js";
import type { Report, ReportTable, Row } from "../harness.js";

const columnsOf = (rows: readonly Row[]): string[] => [
  ...new Set(rows.flatMap((row) => Object.keys(row))),
];

/** A cell of RFC 4180. */
function csvCell(value: Row[string] | undefined): string {
  const text = value === null || value === undefined ? "" : String(value);
  return /[",\n\r]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows as comma-separated values with a header. */
export function csv(rows: readonly Row[]): string {
  const columns = columnsOf(rows);
  const lines = rows.map((row) => columns.map((column) => csvCell(row[column])).join(","));
  return [columns.map(csvCell).join(","), ...lines].map((line) => `${line}\r\n`).join("");
}

/** A table of a report as the page shows it. */
export function htmlTable({
  title,
  rows,
  notes,
}: Pick<ReportTable, "title" | "rows" | "notes">): HtmlTable {
  const columns = columnsOf(rows);
  const cell = (value: Row[string] | undefined): Cell =>
    typeof value === "number" ? value : value === null || value === undefined ? "" : String(value);
  return {
    title,
    columns,
    rows: rows.map((row) => columns.map((column) => cell(row[column]))),
    ...(notes.length > 0 && { note: notes.join(" ") }),
  };
}

function checksTable({ checks = [] }: Report): HtmlTable {
  return {
    title: `Statements that the results must bear out: ${String(checks.filter(({ ok }) => ok).length)} of ${String(checks.length)} hold`,
    columns: ["statement", "measured", "required", "holds"],
    rows: checks.map(({ what, measured, bound, ok }) => [what, measured, bound, ok ? "yes" : "NO"]),
  };
}

/** Where the numbers come from. */
export function manifestOf({ machine, calibration }: Report): [string, string][] {
  const { versions, cpu, processors, memoryGiB, platform, backend, threads, commit, date } =
    machine;
  return [
    ["date", date],
    ["commit", commit],
    ["processor", `${cpu}, ${String(processors)} processors, ${String(memoryGiB)} GiB`],
    ["platform", platform],
    ["backend", `${backend}, up to ${String(threads)} threads`],
    ["calibration", `${String(calibration)} Philox words per ns on one thread`],
    ...Object.entries(versions),
  ];
}

/** Writes tables, figures and the page. Tables come first: a figure that cannot be drawn must not cost them. */
export async function writeReport(
  folder: string,
  report: Report,
  records: readonly PointRecord[],
): Promise<void> {
  const tables = { summary: { title: "Summary", rows: report.rows, notes: [] }, ...report.tables };
  for (const part of ["tables", "figures"]) makeFolder(join(folder, part));
  for (const [name, { rows }] of Object.entries(tables))
    writeAtomically(join(folder, "tables", `${name}.csv`), csv(rows));
  const drawn = [];
  for (const { name, caption, spec } of figuresOf(records)) {
    const svg = await renderSvg(spec);
    writeAtomically(join(folder, "figures", `${name}.svg`), svg);
    writeAtomically(join(folder, "figures", `${name}.png`), await renderPng(svg));
    drawn.push({ name, caption, svg });
  }
  // The longest table stands last.
  const { cost, ...shown } = report.tables ?? {};
  const html = reportHtml({
    title: "The effective equation against the full Lindblad equation",
    subtitle: `${report.machine.date}, commit ${report.machine.commit}, ${report.machine.cpu}`,
    tables: [
      htmlTable({ title: "Summary: Γ = 100, z = 1", rows: report.rows, notes: report.notes }),
      checksTable(report),
      ...Object.values(shown).map(htmlTable),
      ...(cost === undefined ? [] : [htmlTable(cost)]),
    ],
    figures: drawn,
    notes: report.notes,
    manifest: manifestOf(report),
  });
  writeAtomically(join(folder, "index.html"), html);
}
