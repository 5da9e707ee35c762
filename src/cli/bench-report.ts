// What `zenoflow bench` prints: the tables of a report and what surrounds them, and the table of a comparison.

import { toJson } from "../runs/json.js";
import type { BenchReport, BenchRow } from "./bench.js";
import type { Change, Comparison } from "./bench-compare.js";
import type { BenchResults } from "./bench-results.js";
import { figure, table } from "./table.js";

type Header = (line: string) => string;

function cell(value: BenchRow[string] | undefined): string {
  if (typeof value === "number") return figure(value);
  return value === null || value === undefined ? "" : String(value);
}

/** A report's rows as a table; numbers to the right. */
export function reportTable(rows: readonly BenchRow[], header: Header): string {
  const titles = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const align = titles.map((title) =>
    rows.some((row) => typeof row[title] === "number") ? "right" : "left",
  );
  const cells = rows.map((row) => titles.map((title) => cell(row[title])));
  return table(titles, cells, { align, header });
}

function words(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(words).join("\n  ");
  if (typeof value !== "object" || value === null) return toJson(value);
  return Object.entries(value)
    .map(([key, member]) => `${key} ${words(member)}`)
    .join(", ");
}

/** Of a suite with many tables only the rows and the broken checks are printed; the rest is in its folder. */
const LEFT_OUT = ["rows", "tables", "checks"];

function brokenChecks({ checks = [] }: BenchReport): string {
  if (checks.length === 0) return "";
  const broken = checks.filter(({ ok }) => !ok);
  const lines = broken.map(
    ({ what, measured, bound }) => `  ${what}: ${measured}, must be ${bound}\n`,
  );
  return `checks: ${String(checks.length - broken.length)} of ${String(checks.length)} hold\n${lines.join("")}`;
}

/** What stands around a report's rows. */
export function surroundings(report: BenchReport): string {
  const parts = Object.entries(report).filter(([key]) => !LEFT_OUT.includes(key));
  return parts.map(([key, value]) => `${key}: ${words(value)}\n`).join("") + brokenChecks(report);
}

const percent = (share: number | null): string =>
  share === null ? "" : `${share > 0 ? "+" : ""}${figure(100 * share)} %`;

function changeRow({ verdict, table: from, row, measure, a, b, change, noise }: Change): BenchRow {
  return {
    verdict,
    table: from,
    row,
    measure,
    A: a,
    B: b,
    "B against A": percent(change),
    "noise up to": noise === null ? "" : `${figure(100 * noise)} %`,
  };
}

function machines(a: BenchResults, b: BenchResults): string {
  const one = ({ path, commit, cpu, profile }: BenchResults): string =>
    `${path}: commit ${commit}, profile ${profile}, ${cpu}`;
  const speed =
    a.calibration === undefined || b.calibration === undefined
      ? "no calibration: speeds are compared as they are"
      : `speeds are compared per calibration word; B's machine ran at ${figure((100 * b.calibration) / a.calibration)} % of A's speed`;
  return `A ${one(a)}\nB ${one(b)}\n${speed}\n`;
}

/** The text of a comparison. */
export function comparisonText(
  a: BenchResults,
  b: BenchResults,
  { compared, changes }: Comparison,
  header: Header,
): string {
  const verdicts = [...new Set(changes.map(({ verdict }) => verdict))];
  const summary = verdicts
    .map((one) => `${String(changes.filter(({ verdict }) => verdict === one).length)} ${one}`)
    .join(", ");
  return [
    machines(a, b),
    changes.length > 0 ? `\n${reportTable(changes.map(changeRow), header)}` : "",
    `\n${String(compared)} numbers compared: ${summary === "" ? "no change beyond the noise" : summary}\n`,
  ].join("");
}
