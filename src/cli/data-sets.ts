// `zenoflow data`: lists, gets and verifies data sets, and says where they are.

import { resolve } from "node:path";
import {
  bytesOnDisk,
  DATA_SETS,
  dataSetFolder,
  fileState,
  isOffline,
  mirrorsOf,
  type DataSet,
  type FileState,
} from "../data/files/data-sets.js";
import { fetchDataSet, isRemote, type Fetched } from "../data/files/fetch-data-set.js";
import { asOutputError, OutputError } from "../runs/output-error.js";
import { misspeltVariables } from "./config/ambient.js";
import type { Context } from "./context.js";
import { EXIT } from "./exit-codes.js";
import { CliError, type Problem } from "./problem.js";
import { table } from "./table.js";

/** The second word. */
export type DataAction = "list" | "get" | "verify" | "path";

/** Flags of the verb. */
export type DataOptions = { readonly from?: string; readonly offline?: boolean };

const SCHEMA = "zenoflow.data/1";

/** What can be trained on without any file. */
const EMBEDDED: readonly (readonly [name: string, title: string])[] = [
  ["digits", "synthetic digits, 10 classes, grey, 28 × 28 or 8 × 8"],
  ["rooms", "synthetic bedrooms, 32 classes, colour, 32 × 32 or 64 × 64"],
];

/** Runs `zenoflow data`; resolves with the exit code. */
export async function data(
  action: DataAction,
  name: string | undefined,
  options: DataOptions,
  context: Context,
): Promise<number> {
  // A misspelt ZENOFLOW_OFFLINE must not open a socket unsaid.
  misspeltVariables(context.io.env).forEach((problem) => context.terminal.warn(problem));
  if (action === "list") return list(context);
  if (action === "verify") return verify(name, context);
  const set = DATA_SETS[name ?? ""];
  if (set === undefined) {
    throw new CliError(EXIT.usage, {
      message: `data ${action} needs the name of a data set`,
      hint: `zenoflow data ${action} ${Object.keys(DATA_SETS).join("|")}`,
    });
  }
  return action === "path" ? path(set, context) : get(set, options, context);
}

function folderOf(set: DataSet, { io }: Context): string {
  return resolve(io.cwd, dataSetFolder(set, io.env));
}

function statesOf(set: DataSet, context: Context): FileState[] {
  const folder = folderOf(set, context);
  return set.files.map((file) => fileState(folder, file));
}

/** One word for all files of a set. */
function stateOf(states: readonly FileState[]): "ok" | "missing" | "wrong" | "incomplete" {
  if (states.every(({ state }) => state === "ok")) return "ok";
  if (states.some(({ state }) => state === "wrong")) return "wrong";
  return states.every(({ state }) => state === "missing") ? "missing" : "incomplete";
}

async function path(set: DataSet, context: Context): Promise<number> {
  const folder = folderOf(set, context);
  const { terminal } = context;
  if (terminal.options.json) await terminal.json({ schema: SCHEMA, name: set.name, path: folder });
  else await terminal.out(`${folder}\n`);
  return EXIT.done;
}

async function list(context: Context): Promise<number> {
  const { terminal } = context;
  const sets = Object.values(DATA_SETS).map((set) => {
    const folder = folderOf(set, context);
    const state = stateOf(statesOf(set, context));
    const { name, version, title } = set;
    return { name, version, title, state, bytes: bytesOnDisk(folder, set), path: folder };
  });
  const embedded = EMBEDDED.map(([name, title]) => ({ name, title, state: "embedded" }));
  if (terminal.options.json) {
    await terminal.json({ schema: SCHEMA, dataSets: [...sets, ...embedded] });
    return EXIT.done;
  }
  const rows = [
    ...embedded.map(({ name, title, state }) => [name, state, title, ""]),
    ...sets.map(({ name, title, state, path: folder }) => [name, state, title, folder]),
  ];
  const bold = (line: string): string => terminal.style("bold", line);
  await terminal.print(table(["data set", "state", "", "folder"], rows, { header: bold }));
  return EXIT.done;
}

async function verify(name: string | undefined, context: Context): Promise<number> {
  const chosen = Object.values(DATA_SETS).filter((set) => name === undefined || set.name === name);
  const rows = chosen.flatMap((set) =>
    statesOf(set, context).map((state) => ({ set: set.name, ...state })),
  );
  const bad = rows.filter(({ state }) => state !== "ok");
  const { terminal } = context;
  if (bad.length > 0) throw new CliError(exitOf(bad), bad.map(problemOf));
  if (terminal.options.json) await terminal.json({ schema: SCHEMA, files: rows.map(fileRow) });
  else
    await terminal.print(
      table(
        ["file", "state", "path"],
        rows.map((row) => [row.file.name, row.state, row.path]),
      ),
    );
  return EXIT.done;
}

function fileRow({ file, path: at, state }: FileState): Record<string, unknown> {
  return { name: file.name, state, path: at, bytes: file.bytes, sha256: file.sha256 };
}

/** Damaged data outweigh missing ones. */
function exitOf(bad: readonly FileState[]): number {
  return bad.some(({ state }) => state === "wrong") ? EXIT.data : EXIT.missing;
}

function problemOf({
  set,
  file,
  path: at,
  state,
  reason,
}: FileState & { readonly set: string }): Problem {
  const message =
    state === "missing"
      ? `${set}: file ${file.name} is missing`
      : `${set}: file ${at} ${reason ?? ""}`;
  const sum =
    state === "missing"
      ? `, or put it there as ${at} (SHA-256 of the unzipped file: ${file.sha256})`
      : "";
  return { message, hint: `zenoflow data get ${set}${sum}` };
}

async function get(set: DataSet, options: DataOptions, context: Context): Promise<number> {
  const { io, terminal } = context;
  const offline = options.offline === true || isOffline(io.env);
  const folder = folderOf(set, context);
  const sources =
    options.from === undefined ? mirrorsOf(set, io.env) : [sourceOf(options.from, io.cwd)];
  const onProgress = terminal.note;
  const fetched = await fetchDataSet(set, { folder, sources, offline, onProgress }).catch(
    (error: unknown) => {
      throw unwritten(folder, error);
    },
  );
  const failed = fetched.filter(({ state }) => state !== "ok");
  if (failed.length > 0) throw failure(set, failed, { offline, isLocal: !sources.some(isRemote) });
  if (terminal.options.json) {
    const files = fetched.map((one) => ({
      ...fileRow(one),
      source: one.source ?? null,
      failures: one.failures,
    }));
    await terminal.json({ schema: SCHEMA, name: set.name, path: folder, files });
  } else {
    const got = fetched.filter(({ source }) => source !== undefined).length;
    const words =
      got === 0
        ? "already here"
        : `${got.toString()} of ${fetched.length.toString()} files fetched`;
    await terminal.print(`${set.name}: ${words}, all verified, in ${folder}\n`);
  }
  return EXIT.done;
}

/** Errors of the disk with the way out that these files have. */
function unwritten(folder: string, error: unknown): unknown {
  const written = asOutputError(folder, error);
  if (!(written instanceof OutputError)) return error;
  const hint = "free some space, or set ZENOFLOW_DATA_DIR to a folder you may write to";
  return new CliError(EXIT.output, { message: written.message, hint }, { cause: error });
}

/** Addresses stay as they are; paths start at the working directory. */
function sourceOf(from: string, cwd: string): string {
  return /^(?:https?|file):/.test(from) ? from : resolve(cwd, from);
}

type Circumstances = { readonly offline: boolean; readonly isLocal: boolean };

function failure(set: DataSet, failed: readonly Fetched[], how: Circumstances): CliError {
  const problems = failed.map(({ file, path: at, failures }): Problem => {
    const tried = failures.length > 0 ? `: ${failures.join("; ")}` : "";
    const why = how.offline && !how.isLocal ? " and network use is off (--offline)" : "";
    return {
      message: `${set.name}: file ${file.name} could not be had${why}${tried}`,
      hint: `put it there as ${at} (SHA-256 of the unzipped file: ${file.sha256}), or name a folder that has it with --from`,
    };
  });
  return new CliError(exitOfFailure(failed, how), problems);
}

/** Missing where nothing was found or allowed, bad data where a folder's copy is damaged, else the network's fault. */
function exitOfFailure(failed: readonly Fetched[], { offline, isLocal }: Circumstances): number {
  if (!isLocal) return offline ? EXIT.missing : EXIT.unavailable;
  const isDamaged = failed.some(({ failures }) =>
    failures.some((why) => !why.endsWith("does not exist")),
  );
  return isDamaged ? EXIT.data : EXIT.missing;
}
