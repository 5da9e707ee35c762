// `zenoflow bench`: lists and runs the suites of benchmarks/, and compares their results.

import { join, resolve } from "node:path";
import { makeFolder, writeAtomically } from "../runs/files.js";
import { toJson } from "../runs/json.js";
import { compareResults } from "./bench-compare.js";
import { comparisonText, reportTable, surroundings } from "./bench-report.js";
import { readResults, RESULTS_FILE, type BenchCheck } from "./bench-results.js";
import type { Context } from "./context.js";
import { EXIT } from "./exit-codes.js";
import { CliError } from "./problem.js";
import { didYouMean } from "../settings/suggest.js";

/** The flags of `bench`. */
export type BenchOptions = {
  readonly profile: "quick" | "full";
  readonly out?: string;
  readonly fresh?: boolean;
  readonly compare?: boolean;
};

/** One line of a report. */
export type BenchRow = Readonly<Record<string, string | number | boolean | null>>;

/** What a suite reports: rows for a table, and what surrounds them. */
export type BenchReport = {
  readonly rows: readonly BenchRow[];
  readonly checks?: readonly (BenchCheck & { readonly bound: string })[];
  /** False where a suite that keeps a folder was interrupted. */
  readonly complete?: boolean;
} & Readonly<Record<string, unknown>>;

/** What a suite is given. */
export type BenchRun = {
  readonly profile: "quick" | "full";
  log(line: string): void;
  readonly status?: (line: string | undefined) => void;
  readonly folder?: string;
  readonly fresh?: boolean;
  readonly stopping?: () => boolean;
};

/** A suite of benchmarks/; `run` rejects with an error `bench: …` where results are wrong. */
export type BenchSuite = {
  readonly title: string;
  /** It keeps points, tables and figures in a folder, and continues there. */
  readonly keepsFolder?: boolean;
  run(options: BenchRun): Promise<BenchReport>;
};

/** Suites by name. */
export type BenchSuites = Readonly<Record<string, BenchSuite>>;

// benchmarks/ stands beside src/ and imports from it; nothing in src depends on it but this call.
async function installedSuites(): Promise<BenchSuites> {
  const address = new URL("../../benchmarks/index.js", import.meta.url);
  const { suites } = (await import(address.href)) as { readonly suites: BenchSuites };
  return suites;
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

function known(name: string, suites: BenchSuites): BenchSuite {
  const suite = Object.hasOwn(suites, name) ? suites[name] : undefined;
  if (suite !== undefined) return suite;
  const names = Object.keys(suites);
  const message = `unknown suite '${name}'${didYouMean(name, names)}`;
  throw new CliError(EXIT.usage, { message, hint: `suites: ${names.join(", ")}` });
}

const PLAIN_MS = 10_000;

/** The progress of a long suite: one live line on a terminal, a plain line now and then elsewhere. */
function progress({ io, terminal }: Context): (line: string | undefined) => void {
  if (terminal.options.quiet) return () => undefined;
  const live = io.stderr.isTTY === true && !terminal.options.plain;
  if (live) {
    return (line) => {
      terminal.status(line?.slice(0, (io.stderr.columns ?? 80) - 1));
    };
  }
  let shown = performance.now();
  return (line) => {
    if (line === undefined || performance.now() - shown < PLAIN_MS) return;
    shown = performance.now();
    terminal.note(`${new Date().toISOString()}  ${line}`);
  };
}

/** Where a suite keeps its folder; the one of the other profile is left alone. */
function folderOf(name: string, options: BenchOptions, context: Context): string {
  return resolve(context.io.cwd, options.out ?? `runs/bench/${name}-${options.profile}`);
}

/** What a suite that keeps a folder is given besides. */
function keeping(folder: string, options: BenchOptions, context: Context): Partial<BenchRun> {
  const { interruptions, terminal } = context;
  makeFolder(folder);
  interruptions.protect((signal) => {
    terminal.note(`${signal}: stopping after this point; press again to stop at once`);
  });
  return {
    folder,
    fresh: options.fresh === true,
    status: progress(context),
    stopping: () => interruptions.requested() !== undefined,
  };
}

async function runSuite(name: string, options: BenchOptions, context: Context): Promise<number> {
  const { terminal, io } = context;
  const suite = known(name, await (io.benchSuites ?? installedSuites)());
  const folder = suite.keepsFolder === true ? folderOf(name, options, context) : undefined;
  if (options.fresh === true && folder === undefined) {
    const message = `--fresh is for suites that keep a folder, and ${name} does not`;
    throw new CliError(EXIT.usage, { message });
  }
  const log = (line: string): void => {
    terminal.note(line);
  };
  const more = folder === undefined ? {} : keeping(folder, options, context);
  const report = await measure(suite, { profile: options.profile, log, ...more });
  const document = { schema: "zenoflow.bench/1", suite: name, profile: options.profile, ...report };
  const file = folder === undefined ? options.out : join(folder, RESULTS_FILE);
  if (file !== undefined) writeAtomically(resolve(io.cwd, file), `${toJson(document, 2)}\n`);
  if (terminal.options.json) await terminal.json(document);
  else {
    await terminal.print(reportTable(report.rows, (line) => terminal.style("bold", line)));
    await terminal.print(`\n${surroundings(report)}`);
  }
  if (report.complete === false) return EXIT.requeue;
  return report.checks?.some(({ ok }) => !ok) === true ? EXIT.different : EXIT.done;
}

async function compare(names: readonly string[], context: Context): Promise<number> {
  const { terminal, io } = context;
  const [first, second] = names;
  if (first === undefined || second === undefined) {
    const message = `bench --compare needs two results, got ${String(names.length)}`;
    const hint = "zenoflow bench --compare BEFORE AFTER, each a file or folder that bench wrote";
    throw new CliError(EXIT.usage, { message, hint });
  }
  const [a, b] = [readResults(io.cwd, first), readResults(io.cwd, second)];
  if (a.suite !== b.suite) {
    const message = `both results must be of one suite, but are of ${a.suite} and ${b.suite}`;
    throw new CliError(EXIT.data, { message });
  }
  if (a.profile !== b.profile)
    terminal.warn({ message: `profiles differ: ${a.profile} and ${b.profile}` });
  const found = compareResults(a, b);
  if (found.compared === 0) {
    const message = `${a.path} and ${b.path} have no number in common`;
    throw new CliError(EXIT.data, { message });
  }
  const bold = (line: string): string => terminal.style("bold", line);
  if (terminal.options.json) await terminal.json({ schema: "zenoflow.compare/1", ...found });
  else await terminal.print(comparisonText(a, b, found, bold));
  return found.different ? EXIT.different : EXIT.done;
}

/** Runs `zenoflow bench`; resolves with the exit code. */
export async function bench(
  names: readonly string[],
  options: BenchOptions,
  context: Context,
): Promise<number> {
  if (options.compare === true) return compare(names, context);
  const [name, ...others] = names;
  if (others.length > 0) {
    const message = `bench runs one suite at a time, got ${names.join(" ")}`;
    throw new CliError(EXIT.usage, { message, hint: "to compare results use --compare" });
  }
  if (name !== undefined) return runSuite(name, options, context);
  return list(await (context.io.benchSuites ?? installedSuites)(), context);
}
