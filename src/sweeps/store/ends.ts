// The first and the last line of a batch file, read without what stands between them.

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { BatchHeader, RowStatus } from "../types.js";
import { DamagedBatch, parseFooter, parseHeader, type BatchFooter } from "./batch-text.js";
import { STATUS_CODES } from "./committed.js";
import { trialsOf } from "./ranges.js";

/** Header and footer of a batch file. */
export type BatchEnds = {
  readonly header: BatchHeader;
  readonly footer: BatchFooter;
  readonly bytes: number;
  /** Ascending, by status. */
  readonly trials: ReadonlyMap<RowStatus, readonly number[]>;
};

const FIRST_PIECE = 16 * 1024;
const NEW_LINE = 10;

function read(file: number, from: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const count = readSync(file, bytes, done, length - done, from + done);
    if (count === 0) break;
    done += count;
  }
  return bytes.subarray(0, done);
}

function firstLine(file: number, size: number): string {
  for (let length = Math.min(size, FIRST_PIECE); ; length = Math.min(size, 4 * length)) {
    const bytes = read(file, 0, length);
    const end = bytes.indexOf(NEW_LINE);
    if (end >= 0) return bytes.toString("utf8", 0, end);
    if (length >= size) throw new DamagedBatch(1, "the first line has no end");
  }
}

function lastLine(file: number, size: number): string {
  for (let length = Math.min(size, FIRST_PIECE); ; length = Math.min(size, 4 * length)) {
    const bytes = read(file, size - length, length);
    if (bytes.at(-1) !== NEW_LINE) throw new DamagedBatch(0, "the last line has no end");
    const start = bytes.lastIndexOf(NEW_LINE, bytes.length - 2) + 1;
    if (start > 0 || length >= size) return bytes.toString("utf8", start, bytes.length - 1);
  }
}

function trialsByStatus({ trials }: BatchFooter): Map<RowStatus, readonly number[]> {
  const known = STATUS_CODES.filter((status) => trials[status] !== undefined);
  return new Map(known.map((status) => [status, trialsOf(trials[status]!)]));
}

/** Whether counts, trials and the header agree: what can be seen without the rows. */
function agree(
  header: BatchHeader,
  footer: BatchFooter,
  trials: ReadonlyMap<RowStatus, readonly number[]>,
): boolean {
  const counted = STATUS_CODES.every(
    (status) => (footer.counts[status] ?? 0) === (trials.get(status)?.length ?? 0),
  );
  const total = [...trials.values()].reduce((sum, { length }) => sum + length, 0);
  return counted && total === footer.rows && footer.rows === header.rows;
}

function endsOf(file: number): BatchEnds {
  const bytes = fstatSync(file).size;
  if (bytes === 0) throw new DamagedBatch(1, "the file is empty");
  const header = parseHeader(firstLine(file, bytes));
  if (header === undefined) throw new DamagedBatch(1, "the first line is not a header");
  const footer = parseFooter(lastLine(file, bytes));
  if (footer === undefined) throw new DamagedBatch(0, "it has no footer");
  let trials: Map<RowStatus, readonly number[]>;
  try {
    trials = trialsByStatus(footer);
  } catch {
    throw new DamagedBatch(0, "the trials of the footer are not ranges");
  }
  if (!agree(header, footer, trials)) throw new DamagedBatch(0, "header and footer do not agree");
  return { header, footer, bytes, trials };
}

/**
 * Header and footer of a batch file. Rows are not looked at, so that damage among them stays unseen.
 *
 * @throws DamagedBatch where they are not whole; line 0 is the last one
 */
export function readEnds(path: string): BatchEnds {
  const file = openSync(path, "r");
  try {
    if (!fstatSync(file).isFile()) throw new DamagedBatch(1, "it is no file");
    return endsOf(file);
  } finally {
    closeSync(file);
  }
}
