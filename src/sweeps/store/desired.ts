// desired.json: what the user wants of a running sweep. Verbs write it, executors read it at each rung.

import { readFileSync } from "node:fs";
import { DataError } from "../../errors.js";
import { replaceFile } from "./exclusive.js";
import { sweepFiles } from "./layout.js";
import { trialsOf } from "./ranges.js";

/** The wishes; all absent: go on. */
export type Desired = {
  /** Start no further block. */
  readonly pause?: boolean;
  /** End: commit what is finished, start nothing. */
  readonly stop?: boolean;
  /** Trials that need not go on, as ranges ("0-2,7"). */
  readonly pruned?: string;
  /** Replace those of the study. */
  readonly limits?: { readonly seconds?: number; readonly failures?: number };
};

const SCHEMA = "zenoflow.desired/1";

function fail(path: string, reason: string, cause?: unknown): never {
  throw new DataError(
    `desired: file ${path} must hold a desired state, but ${reason}. Correct or remove it.`,
    { cause },
  );
}

function optional(value: unknown, type: string): boolean {
  return value === undefined || typeof value === type;
}

function checked(path: string, value: unknown): Desired {
  if (typeof value !== "object" || value === null) fail(path, "is no object");
  const { schema, pause, stop, pruned, limits } = value as Record<string, unknown>;
  if (schema !== SCHEMA) fail(path, `its schema is not ${SCHEMA}`);
  const fits =
    optional(pause, "boolean") &&
    optional(stop, "boolean") &&
    optional(pruned, "string") &&
    optional(limits, "object");
  if (!fits) fail(path, "a value has the wrong type");
  if (typeof pruned === "string") trialsOf(pruned);
  const { schema: _schema, ...desired } = value as Record<string, unknown>;
  return desired;
}

/**
 * What the user wants of the sweep in a folder.
 *
 * @throws DataError where the file is there and cannot be understood
 */
export function readDesired(folder: string): Desired {
  const path = sweepFiles(folder).desired;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return fail(path, "is not JSON", error);
  }
  return checked(path, value);
}

/**
 * Changes what the user wants; keys that are not given stay.
 *
 * @throws OutputError where it cannot be written
 */
export function writeDesired(folder: string, change: Desired): Desired {
  const path = sweepFiles(folder).desired;
  const desired = { ...readDesired(folder), ...change };
  const text = `${JSON.stringify({ schema: SCHEMA, ...desired }, null, 2)}\n`;
  replaceFile(path, text);
  return desired;
}
