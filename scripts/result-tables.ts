// Writes the tables of benchmarks/results/NAME.json into the pages that show them, between
// `<!-- results:NAME -->` and `<!-- end -->`; `results:NAME/TABLE` is one of the tables beside the main rows. With --check it changes nothing and fails if a page is out of date.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as prettier from "prettier";
import type { Report } from "../benchmarks/harness.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const BLOCK = /(<!-- results:([a-z-]+)(?:\/([a-z-]+))? -->\n)[\s\S]*?(<!-- end -->)/g;

type Results = Pick<Report, "machine" | "calibration" | "rows" | "notes" | "tables"> & {
  readonly profile?: string;
};

function cells(values: readonly (string | number | boolean | null | undefined)[]): string {
  // A bar inside a cell, as in |mean|, would end it.
  return `| ${values.map((value) => String(value ?? "").replaceAll("|", "\\|")).join(" | ")} |`;
}

/** A report as a Markdown table with the machine below it. */
export function markdown({ machine, calibration, rows, notes, profile }: Results): string {
  const titles = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const numeric = titles.map((title) => rows.some((row) => typeof row[title] === "number"));
  const { cpu, processors, threads, backend, versions, commit, date } = machine;
  const how = profile === undefined ? "" : `, profile ${profile}`;
  const where = `${date}, commit ${commit}${how}; ${cpu}, ${String(processors)} processors, Node ${versions["node"]!}, backend ${backend} with ${String(threads)} threads; calibration ${String(calibration)} Philox words per ns.`;
  return [
    cells(titles),
    cells(numeric.map((right) => (right ? "---:" : "---"))),
    ...rows.map((row) => cells(titles.map((title) => row[title]))),
    "",
    ...notes.map((note) => `- ${note}`),
    `- ${where}`,
    "",
  ].join("\n");
}

/** A page with its result blocks renewed. */
export function renewed(page: string, read: (name: string) => Results): string {
  const block = (_: string, open: string, name: string, table?: string, close?: string): string =>
    `${open}\n${markdown(part(read(name), table))}\n${close!}`;
  return page.replaceAll(BLOCK, block);
}

/** The main rows of results, or one of their tables with the same machine. */
function part(results: Results, name: string | undefined): Results {
  if (name === undefined) return results;
  const table = results.tables?.[name];
  if (table === undefined) throw new Error(`result-tables: there is no table ${name}`);
  return { ...results, rows: table.rows, notes: table.notes };
}

function readResults(name: string): Results {
  return JSON.parse(readFileSync(`${root}/benchmarks/results/${name}.json`, "utf8")) as Results;
}

function pages(): string[] {
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.md"], {
    cwd: root,
    encoding: "utf8",
  });
  return listed.split("\n").filter((file) => file !== "");
}

/** Renews every page, or with `check` only names those that are out of date. */
export async function renewAll(check: boolean): Promise<string[]> {
  const changed: string[] = [];
  for (const file of pages()) {
    const path = `${root}/${file}`;
    const before = readFileSync(path, "utf8");
    if (!before.includes("<!-- results:")) continue;
    const options = await prettier.resolveConfig(path);
    const after = await prettier.format(renewed(before, readResults), {
      ...options,
      filepath: path,
    });
    if (after === before) continue;
    changed.push(file);
    if (!check) writeFileSync(path, after);
  }
  return changed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes("--check");
  const changed = await renewAll(check);
  for (const file of changed)
    process.stdout.write(`${check ? "out of date" : "renewed"}: ${file}\n`);
  if (check && changed.length > 0) process.exitCode = 1;
}
