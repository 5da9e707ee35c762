// Events and logs of a sweep: JSON lines, one file a worker, appended only. A torn last line is left out.

import { closeSync, fstatSync, openSync, readdirSync, readSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeFolder } from "../../runs/files.js";
import { fromJson, toJson } from "../../runs/json.js";
import { storing } from "./exclusive.js";

/** An open file of one worker. */
export type Journal = {
  /**
   * Appends one entry as one line, in one write.
   *
   * @throws DiskError where the disk is full
   */
  append(entry: object): void;
  close(): void;
};

/** Reads what was appended since the last time. */
export type JournalReader = {
  /** New entries of all workers, in the order of each file. */
  read(): readonly JournalEntry[];
};

/** An entry and whose it is. */
export type JournalEntry = { readonly worker: string; readonly entry: unknown };

const SUFFIX = ".jsonl";
const NEW_LINE = 10;

/** The file of a worker; what a file name should not hold becomes a hyphen. */
export function journalPath(folder: string, worker: string): string {
  return join(folder, `${worker.replace(/[^\p{L}\p{N}._-]+/gu, "-")}${SUFFIX}`);
}

function endsTorn(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== NEW_LINE;
  } finally {
    closeSync(file);
  }
}

/**
 * Opens the file of a worker for appending.
 *
 * @throws OutputError where it cannot be written
 */
export function openJournal(folder: string, worker: string): Journal {
  const path = journalPath(folder, worker);
  makeFolder(dirname(path));
  const file = storing(path, () => openSync(path, "a"));
  // A line that was cut off must not swallow the next one.
  if (endsTorn(path)) storing(path, () => writeSync(file, "\n"));
  return {
    append(entry) {
      storing(path, () => writeSync(file, `${toJson(entry)}\n`));
    },
    close() {
      closeSync(file);
    },
  };
}

function readFrom(path: string, from: number): Buffer {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - from));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from));
  } finally {
    closeSync(file);
  }
}

function parse(line: string): unknown {
  try {
    return fromJson(line);
  } catch {
    return undefined;
  }
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(SUFFIX))
      .sort();
  } catch {
    return [];
  }
}

/** A reader of all files of a folder; it remembers how far it came in each. */
export function journalReader(folder: string): JournalReader {
  const done = new Map<string, number>();
  return {
    read: () =>
      names(folder).flatMap((name) => {
        const from = done.get(name) ?? 0;
        const bytes = readFrom(join(folder, name), from);
        const whole = bytes.lastIndexOf(NEW_LINE) + 1;
        done.set(name, from + whole);
        const worker = name.slice(0, -SUFFIX.length);
        return bytes
          .toString("utf8", 0, whole)
          .split("\n")
          .filter((line) => line !== "")
          .map(parse)
          .filter((entry) => entry !== undefined)
          .map((entry) => ({ worker, entry }));
      }),
  };
}
