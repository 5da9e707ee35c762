// A task that a user wrote: a module with the settings of one trial and a function that trains many. Reading and
// checking it; nothing is trained here.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { z } from "zod";
import { DataError } from "../../errors.js";
import type { DataFiles, Snapshot } from "../../models/model.js";
import { sha256 } from "../../runs/files.js";
import type { TaskSettings } from "./tasks.js";

/** A trial as a module trains it. */
export type ModuleRow = {
  /** Of everything random in this row, an integer of at least 0 and below 2³¹. */
  readonly seed: number;
  /** The settings of the study and the values of the trial, checked by the module's schema. */
  readonly settings: unknown;
};

/** What a module is told beside its rows. */
export type ModuleOptions = {
  /** Steps of a whole training: `budget.max`. */
  readonly steps: number;
  /** The last step of this call; the last event is of this step, with metrics. */
  readonly until: number;
  /** Where to go on; absent: at the beginning. */
  readonly resume?: Snapshot;
  /** Texts of the data files that `dataKeys` name, by the path as written. */
  readonly files: DataFiles;
};

/** What a module reports every few steps: numbers, one a row, or one number where it has one row. */
export type ModuleEvent = {
  /** Steps done so far. */
  readonly step: number;
  readonly losses?: Readonly<Record<string, number | ArrayLike<number>>>;
  /** At least at the last step. */
  readonly metrics?: Readonly<Record<string, number | ArrayLike<number>>>;
  /** All that is needed to go on from here, the rows as the first axis. Absent: such rows begin again. */
  readonly snapshot?: () => Snapshot | Promise<Snapshot>;
};

/** What a module exports. */
export type TaskModule = {
  /** Settings of one trial, a zod 4 schema. Keys marked `.meta({ sweep: "dynamic" })` may differ among rows of a call. */
  readonly schema: z.ZodType;
  /** Trains rows that differ in dynamic keys and seeds only. A row must not depend on the rows beside it. */
  train(
    rows: readonly ModuleRow[],
    options: ModuleOptions,
  ): AsyncIterable<ModuleEvent> | Iterable<ModuleEvent>;
  /** Rows of a call at most. Default: as many as there are. */
  readonly mostRows?: number;
  /** Named settings that a study may take with `preset`. */
  readonly presets?: TaskSettings["presets"];
  /** Dotted keys of settings that name data files, whose contents become part of the study. */
  readonly dataKeys?: readonly string[];
};

/** A module that was read. */
export type LoadedTask = TaskModule & {
  /** Where it lies, absolute. */
  readonly file: string;
  /** Of its text; a part of the study's identity. */
  readonly sha256: string;
};

/** Whether the name of a task is that of a file. */
export function isTaskModule(task: string): boolean {
  return /^\.{0,2}[/\\]|\.[cm]?[jt]s$/.test(task);
}

const EXAMPLE = "see examples/sweeps/task";

function wrong(file: string, what: string): DataError {
  return new DataError(`module ${file} must ${what}; ${EXAMPLE}.`);
}

function isSchema(value: unknown): value is z.ZodType {
  return typeof value === "object" && value !== null && "_zod" in value && "safeParse" in value;
}

function checked(file: string, exports: Readonly<Record<string, unknown>>): TaskModule {
  const { schema, train, mostRows, presets, dataKeys } = exports;
  if (!isSchema(schema))
    throw wrong(file, "export `schema`, a zod 4 schema of one trial's settings");
  if (typeof train !== "function")
    throw wrong(file, "export `train`, a generator function of rows and options");
  if (mostRows !== undefined && !(Number.isSafeInteger(mostRows) && (mostRows as number) >= 1))
    throw wrong(file, "export `mostRows`, where it does, as an integer ≥ 1");
  if (presets !== undefined && (typeof presets !== "object" || presets === null))
    throw wrong(file, "export `presets`, where it does, as an object of settings by name");
  if (dataKeys !== undefined && !Array.isArray(dataKeys))
    throw wrong(file, "export `dataKeys`, where it does, as a list of keys");
  return exports as unknown as TaskModule;
}

/** SHA-256 of the text of a module; undefined where there is no such file. */
function hashOf(file: string): string | undefined {
  try {
    return sha256(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Reads a task module.
 *
 * @param file - absolute path
 * @param expected - SHA-256 that its text must have: the one a study was begun with
 * @throws DataError where it is missing, has another text, throws, or lacks what a task needs
 */
export async function readTaskModule(file: string, expected?: string): Promise<LoadedTask> {
  const found = hashOf(file);
  if (found === undefined)
    throw new DataError(`module ${file} must be a file that exists, but cannot be read.`);
  if (expected !== undefined && found !== expected) {
    throw new DataError(
      `module ${file} must be the one that the study was begun with, but has another text. Restore it, or start with --new.`,
    );
  }
  let exports: Readonly<Record<string, unknown>>;
  try {
    // By its text: a module that was changed is another one, in the same process too.
    exports = (await import(`${pathToFileURL(file).href}?${found}`)) as typeof exports;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`module ${file} must load, but throws: ${reason}`, { cause });
  }
  const { schema, train, mostRows, presets, dataKeys } = checked(file, exports);
  return {
    file,
    sha256: found,
    schema,
    train,
    ...(mostRows !== undefined && { mostRows }),
    ...(presets !== undefined && { presets }),
    ...(dataKeys !== undefined && { dataKeys }),
  };
}

/** What a study must know of a module: the identity of its numbers is its text. */
export function settingsOfModule({ schema, presets = {} }: TaskModule): TaskSettings {
  return { schema, presets, numericsVersion: 1 };
}
