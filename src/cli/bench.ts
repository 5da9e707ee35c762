// `zenoflow bench`: lists and runs the suites of benchmarks/, and prints their reports as tables.

import { resolve } from "node:path";
import { writeAtomically } from "../runs/files.js";
import { toJson } from "../runs/json.js";
import type { Context } from "./context.js";
import { EXIT } from "./exit-codes.js";
import { CliError } from "./problem.js";
import { didYouMean } from "./suggest.js";
import { figure, table } from "./table.js";

/** The flags of `bench`. */
export type BenchOptions = {
  readonly profile: "quick" | "full";
  readonly out?: string;
};

/** One line of a report. */
export type BenchRow = Readonly<Record<string, string | number | boolean | null>>;

/** What a suite reports: rows for a table, and what surrounds them. */
export type BenchReport = { readonly rows: readonly BenchRow[] } & Readonly<
  Record<string, unknown>
>;

/** A suite of benchmarks/; `run` rejects with an error `bench: …` where results are wrong. */
export type BenchSuite = {
  readonly title: string;
  run(options: {
    readonly profile: "quick" | "full";
    log(line: string): void;
  }): Promise<BenchReport>;
};

/** Suites by name. */
export type BenchSuites = Readonly<Record<string, BenchSuite>>;

// benchmarks/ stands beside src/ and imports from it; nothing in src depends on it but this call.
async function installedSuites(): Promise<BenchSuites> {
  const address = new URL("../../benchmarks/index.js", import.meta.url);
  const { suites } = (await import(address.href)) as { readonly suites: BenchSuites };
  return suites;
}

function cell(value: BenchRow[string] | undefined): string {
  if (typeof value === "number") return figure(value);
  return value === null || value === undefined ? "" : String(value);
}

/** A report's rows as a table; numbers to the right. */
export function reportTable(rows: readonly BenchRow[], header: (line: string) => string): string {
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

function surroundings(report: BenchReport): string {
  return Object.entries(report)
    .filter(([key]) => key !== "rows")
    .map(([key, value]) => `${key}: ${words(value)}\n`)
    .join("");
}

// A suite whose results are wrong says so with an error "bench: …": a finding, not a bug of the program.
async function measure(
  suite: BenchSuite,
  options: Parameters<BenchSuite["run"]>[0],
): Promise<BenchReport> {
  try {
    return await suite.run(options);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("bench: ")) throw error;
    throw new CliError(EXIT.different, { message: error.message }, { cause: error });
  }
}

async function list(suites: BenchSuites, context: Context): Promise<number> {
  const { terminal } = context;
  const rows = Object.entries(suites).map(([name, { title }]) => ({ suite: name, title }));
  if (terminal.options.json) await terminal.json({ schema: "zenoflow.suites/1", suites: rows });
  else await terminal.print(reportTable(rows, (line) => terminal.style("bold", line)));
  return EXIT.done;
}

/** Runs `zenoflow bench`; resolves with the exit code. */
export async function bench(
  name: string | undefined,
  options: BenchOptions,
  context: Context,
): Promise<number> {
  const { terminal, io } = context;
  const suites = await (io.benchSuites ?? installedSuites)();
  if (name === undefined) return list(suites, context);
  const suite = Object.hasOwn(suites, name) ? suites[name] : undefined;
  if (suite === undefined) {
    const names = Object.keys(suites);
    const message = `unknown suite '${name}'${didYouMean(name, names)}`;
    throw new CliError(EXIT.usage, { message, hint: `suites: ${names.join(", ")}` });
  }
  const log = (line: string): void => {
    terminal.note(line);
  };
  const report = await measure(suite, { profile: options.profile, log });
  const document = { schema: "zenoflow.bench/1", suite: name, profile: options.profile, ...report };
  if (options.out !== undefined) {
    writeAtomically(resolve(io.cwd, options.out), `${toJson(document, 2)}\n`);
  }
  if (terminal.options.json) await terminal.json(document);
  else {
    await terminal.print(reportTable(report.rows, (line) => terminal.style("bold", line)));
    await terminal.print(`\n${surroundings(report)}`);
  }
  return EXIT.done;
}
