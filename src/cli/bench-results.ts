// Reading the results of a benchmark from a file or a folder, and what is known of their columns. Compares nothing.

import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fromJson } from "../runs/json.js";
import type { BenchRow } from "./bench.js";
import { EXIT } from "./exit-codes.js";
import { CliError } from "./problem.js";

/** What a column measures; the suites of benchmarks/ state the same. */
export type BenchMeasure = {
  readonly better: "higher" | "lower" | "equal";
  /** Relative change that is noise, beside what the column `spread` says. */
  readonly noise: number;
  /** Differences below this are nothing. */
  readonly floor?: number;
  /** Column with the spread of single repetitions, %. */
  readonly spread?: string;
  /** Whether the speed of the machine divides out. */
  readonly calibrated?: boolean;
};

/** One table with the roles of its columns; all others name the row. */
export type BenchTable = {
  readonly name: string;
  readonly rows: readonly BenchRow[];
  readonly measures: Readonly<Record<string, BenchMeasure>>;
  readonly ignored: readonly string[];
};

/** A statement that results had to bear out. */
export type BenchCheck = { readonly what: string; readonly measured: string; readonly ok: boolean };

/** Results as they are compared. */
export type BenchResults = {
  readonly path: string;
  readonly suite: string;
  readonly profile: string;
  readonly cpu: string;
  readonly commit: string;
  /** Speed of the machine; undefined where it was not measured. */
  readonly calibration: number | undefined;
  readonly tables: readonly BenchTable[];
  readonly checks: readonly BenchCheck[];
};

/** Name of the file with the results in a suite's folder. */
export const RESULTS_FILE = "results.json";
const SCHEMA = "zenoflow.bench/1";

const THROUGHPUT: BenchMeasure = {
  better: "higher",
  noise: 0.05,
  spread: "spread %",
  calibrated: true,
};
const DURATION: BenchMeasure = {
  better: "lower",
  noise: 0.1,
  spread: "spread %",
  calibrated: true,
};

/** Columns of suites that do not state their measures. */
const KNOWN: readonly (readonly [name: RegExp, measure: BenchMeasure])[] = [
  [/^M\/s$|\/s$/, THROUGHPUT],
  [/^seconds$|^ms |^µs /, DURATION],
  [/^error$/, { better: "lower", noise: 2, floor: 5e-7 }],
  [/^error \/ allowed$/, { better: "lower", noise: 2, floor: 0.3 }],
  [/^[DL]_/, { better: "lower", noise: 0.2 }],
];
const IGNORED = ["per calibration word", "spread %"];

function known(column: string): BenchMeasure | undefined {
  return KNOWN.find(([name]) => name.test(column))?.[1];
}

function inferred(rows: readonly BenchRow[]): BenchTable {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const entries = columns.flatMap((column): [string, BenchMeasure][] => {
    const measure = known(column);
    return measure === undefined ? [] : [[column, measure]];
  });
  return { name: "rows", rows, measures: Object.fromEntries(entries), ignored: IGNORED };
}

function refuse(path: string, message: string, cause?: unknown): never {
  throw new CliError(
    EXIT.data,
    { message, where: { file: path }, hint: "give files or folders that zenoflow bench wrote" },
    { cause },
  );
}

function parsed(path: string): Readonly<Record<string, unknown>> {
  try {
    const document = fromJson(readFileSync(path, "utf8"));
    if (typeof document === "object" && document !== null)
      return document as Readonly<Record<string, unknown>>;
  } catch (cause) {
    if (cause instanceof SyntaxError) refuse(path, "must hold JSON, but does not", cause);
    throw cause;
  }
  return refuse(path, "must hold a JSON object, but does not");
}

function fileOf(path: string): string {
  if (!existsSync(path))
    throw new CliError(EXIT.missing, { message: `${path} must exist, but does not` });
  const file = statSync(path).isDirectory() ? join(path, RESULTS_FILE) : path;
  if (existsSync(file)) return file;
  const hint = "an interrupted benchmark writes it when it stops; run the same command again";
  throw new CliError(EXIT.missing, { message: `${file} must exist, but does not`, hint });
}

function tablesOf(path: string, document: Readonly<Record<string, unknown>>): BenchTable[] {
  const { tables, rows } = document;
  if (typeof tables === "object" && tables !== null) {
    return Object.entries(tables as Record<string, Partial<Omit<BenchTable, "name">>>).map(
      ([name, { rows = [], measures = {}, ignored = [] }]) => ({ name, rows, measures, ignored }),
    );
  }
  if (Array.isArray(rows)) return [inferred(rows as BenchRow[])];
  return refuse(path, "must hold rows or tables, but has neither");
}

/**
 * Reads results.
 *
 * @param path - a file that `zenoflow bench --out` wrote, or the folder of a suite that keeps one
 * @throws CliError where there are none
 */
export function readResults(cwd: string, path: string): BenchResults {
  const file = fileOf(resolve(cwd, path));
  const document = parsed(file);
  const { schema, suite, profile, calibration, checks } = document;
  if (schema !== SCHEMA) refuse(file, `must have schema ${SCHEMA}, got ${String(schema)}`);
  const machine = (document["machine"] ?? {}) as Readonly<Record<string, string>>;
  const speed = typeof calibration === "number" && calibration > 0 ? calibration : undefined;
  return {
    path,
    suite: String(suite),
    profile: String(profile),
    cpu: machine["cpu"] ?? "unknown",
    commit: machine["commit"] ?? "unknown",
    calibration: speed,
    tables: tablesOf(file, document),
    checks: Array.isArray(checks) ? (checks as BenchCheck[]) : [],
  };
}
