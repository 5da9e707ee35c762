// Writes what the acceptance found into its folder: a CSV of every table, figures as SVG and PNG, one HTML page.

import { join } from "node:path";
import { renderSvg, reportHtml, type ReportFigure } from "../../src/figures/index.js";
import { renderPng } from "../../src/figures/png.js";
import { makeFolder, writeAtomically } from "../../src/runs/index.js";
import { csv, htmlTable, manifestOf } from "../effective-vs-full/report.js";
import { figuresOf } from "./figures.js";
import type { PointRecord } from "../campaign/store.js";
import type { Report } from "../harness.js";

/** Writes tables, then figures, then the page: a figure that cannot be drawn must not cost the numbers. */
export async function writeReport(
  folder: string,
  report: Report,
  records: readonly PointRecord[],
): Promise<void> {
  const { tables = {}, checks = [], notes, machine } = report;
  for (const part of ["tables", "figures"]) makeFolder(join(folder, part));
  for (const [name, { rows }] of Object.entries(tables))
    writeAtomically(join(folder, "tables", `${name}.csv`), csv(rows));
  const drawn: ReportFigure[] = [];
  for (const { name, caption, spec } of figuresOf(records)) {
    const svg = await renderSvg(spec);
    writeAtomically(join(folder, "figures", `${name}.svg`), svg);
    writeAtomically(join(folder, "figures", `${name}.png`), await renderPng(svg));
    drawn.push({ name, caption, svg });
  }
  const stated = checks.map(({ what, measured, bound, ok }) => ({
    ...{ statement: what, measured, required: bound, holds: ok ? "yes" : "NO" },
  }));
  const html = reportHtml({
    title: "Scores of associative adversarial networks",
    subtitle: `${machine.date}, commit ${machine.commit}, ${machine.cpu}`,
    tables: [
      ...(stated.length > 0 ? [{ title: "What must hold", rows: stated, notes: [] }] : []),
      ...Object.values(tables),
    ].map(htmlTable),
    figures: drawn,
    ...{ notes, manifest: manifestOf(report) },
  });
  writeAtomically(join(folder, "index.html"), html);
}
