// metrics.jsonl: losses and metrics over the steps, one JSON object a line.

import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import type { HistoryRow } from "../models/model.js";
import { writeAtomically } from "./files.js";
import { fromJson, toJson } from "./json.js";
import { writing } from "./output-error.js";

/** A stored row: also the seconds spent on training so far, over all invocations. */
export type StoredRow = HistoryRow & { readonly seconds: number };

/** The open history of a run. */
export type History = {
  /** Seconds of training before this invocation. */
  readonly seconds: number;
  append(row: StoredRow): void;
  /** Brings all rows to the disk; called before each checkpoint, so that no checkpoint is ahead of them. */
  sync(): void;
  close(): void;
};

function isRow(value: unknown): value is StoredRow {
  if (typeof value !== "object" || value === null) return false;
  const { step, seconds, losses } = value as Readonly<Record<string, unknown>>;
  return typeof step === "number" && typeof seconds === "number" && isObject(losses);
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function parseRow(line: string): StoredRow | undefined {
  try {
    const value = fromJson(line);
    return isRow(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The rows of a history file; lines that are none, as a last one cut off by a crash, are left out. */
export function readHistory(path: string): readonly StoredRow[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return [];
  }
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map(parseRow).filter((row) => row !== undefined);
}

/**
 * Opens a history for appending, without the rows after `step`: those will be computed again.
 *
 * @throws OutputError where it cannot be written
 */
export function openHistory(path: string, step: number): History {
  const kept = readHistory(path).filter((row) => row.step <= step);
  writeAtomically(path, kept.map((row) => `${toJson(row)}\n`).join(""));
  const file = writing(path, () => openSync(path, "a"));
  return {
    seconds: kept.at(-1)?.seconds ?? 0,
    append(row) {
      writing(path, () => writeSync(file, `${toJson(row)}\n`));
    },
    sync() {
      writing(path, () => {
        fsyncSync(file);
      });
    },
    close() {
      closeSync(file);
    },
  };
}
