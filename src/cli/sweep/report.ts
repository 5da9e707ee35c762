// `zenoflow report` of a sweep folder: report.html from the rows that are committed.

import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { writeAtomically } from "../../runs/files.js";
import { DataError } from "../../errors.js";
import {
  bestPath,
  readSweepManifest,
  type Store,
  type SweepInvocation,
} from "../../sweeps/store/index.js";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import { near } from "../places.js";
import { duration } from "../table.js";
import type { PlaceOptions } from "../use/load-run.js";
import { bestModels } from "./best-figures.js";
import { keepBestRuns, type BestRun } from "./best-runs.js";
import { rowsOf } from "./rows.js";

type Rows = readonly (readonly [name: string, value: string])[];

const GIB = 2 ** 30;

/** Calls of the program on a sweep; rows are the truth, so a report does without a manifest that is lost. */
function callsOf(folder: string): readonly SweepInvocation[] {
  try {
    return readSweepManifest(folder).invocations;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return [];
  }
}

function callRows({ folder }: Store): Rows {
  const invocations = callsOf(folder);
  const last = invocations.at(-1);
  if (last === undefined) return [];
  const { machine, git } = last;
  const memory = `${(machine.memory / GIB).toFixed(0)} GiB`;
  return [
    ["command", ["zenoflow", ...last.argv].join(" ")],
    ["calls", String(invocations.length)],
    ["started", invocations[0]!.start],
    ["ended", last.stop ?? "not yet"],
    ["version", `zenoflow ${last.version}, Node ${last.node}`],
    ...(git === null
      ? []
      : [["commit", `${git.commit}${git.diff === null ? "" : ", with changes"}`] as const]),
    ["machine", `${machine.cpu}, ${String(machine.cores)} cores, ${memory}, ${machine.system}`],
    ["executor", `${last.executor}, ${String(last.workers)} at a time`],
    ...Object.entries(last.datasets).map(
      ([path, sum]) => [`data ${path}`, `SHA-256 ${sum}`] as const,
    ),
  ];
}

/** What is stored of versions and machines, by name. */
function manifestRows(store: Store): Rows {
  const scan = store.scan();
  const headers = [...scan.batches.values()].map(({ header }) => header);
  const distinct = (values: readonly string[]): string => [...new Set(values)].sort().join(", ");
  return [
    ["task", `${store.lock.study.task}, numerics version ${String(store.lock.numericsVersion)}`],
    ["study hash", store.lock.identity.hash],
    ...callRows(store),
    ["backends", scan.backends.join(", ")],
    ["devices", distinct(headers.map(({ device }) => device))],
    ["hosts", distinct(headers.map(({ host }) => host))],
    ["training", `${duration(scan.seconds)} over all executors, ${String(headers.length)} batches`],
  ];
}

function notesOf(store: Store): readonly string[] {
  const { damaged, committed } = store.scan();
  const { trials } = store.lock.study;
  const missing = trials - committed.count(0);
  return [
    ...(missing > 0
      ? [`Not complete: ${String(missing)} of ${String(trials)} trials have no row yet.`]
      : []),
    ...(damaged.length > 0
      ? [`${String(damaged.length)} batch files are damaged and left out; zenoflow sweep repairs.`]
      : []),
  ];
}

function textOf({ files }: Store): string {
  return existsSync(files.study) ? readFileSync(files.study, "utf8") : "";
}

/** The flags of `report` that a sweep understands. */
export type ReportSweepOptions = PlaceOptions & {
  /** Best trials whose models are measured and drawn. */
  readonly best: number;
};

function lostNotes(best: readonly BestRun[]): readonly string[] {
  const lost = best.filter(({ folder }) => folder === null).map(({ trial }) => String(trial));
  if (lost.length === 0) return [];
  return [`No model was kept of trial ${lost.join(", ")}; zenoflow sweep trains it again.`];
}

/** Writes the report of a sweep; resolves with the exit code. */
export async function reportSweep(
  store: Store,
  options: ReportSweepOptions,
  context: Context,
): Promise<number> {
  const { io, terminal } = context;
  const table = await rowsOf(store, io.cwd);
  const best = await keepBestRuns(store, context);
  // A module of the user's only trains.
  const shown = store.lock.study.module === undefined ? options.best : 0;
  const models = await bestModels(best, shown, options, context);
  const { sweepPage, viewOf } = await import("../../sweeps/report/index.js");
  const { study, identity } = store.lock;
  const missing: string[] = [];
  const html = await sweepPage(viewOf(study, table, store.scan().batches), {
    text: textOf(store),
    hash: identity.hash,
    manifest: manifestRows(store),
    notes: [...notesOf(store), ...lostNotes(best)],
    models,
    checkpoint: (trial) => {
      const path = bestPath(store, trial);
      return existsSync(path) ? relative(store.folder, path) : undefined;
    },
    onMissing: ({ message }) => {
      missing.push(message);
      terminal.warn({ message });
    },
  });
  const { report } = store.files;
  writeAtomically(report, html);
  const bytes = Buffer.byteLength(html);
  if (terminal.options.json) {
    await terminal.json({
      schema: "zenoflow.report/1",
      run: store.folder,
      figures: [],
      report,
      bytes,
    });
  } else await terminal.print(`${near(io.cwd, report)}\n`);
  return missing.length === 0 ? EXIT.done : EXIT.unavailable;
}
