// The contents of a batch file: header, one row a line, footer. Text and bytes only, no files.

import { ArgumentError } from "../../errors.js";
import { sha256 } from "../../runs/files.js";
import type { BatchHeader, Metric, Row, RowStatus } from "../types.js";
import { rangesText } from "./ranges.js";
import { numberText, parseRow, rowText } from "./row-text.js";

/** The last line of a batch file. */
export type BatchFooter = {
  readonly end: true;
  readonly rows: number;
  /** Rows by status. */
  readonly counts: Readonly<Partial<Record<RowStatus, number>>>;
  /** Which trials, by status, as ranges: what is committed is known without the rows. */
  readonly trials: Readonly<Partial<Record<RowStatus, string>>>;
  /** Trial and value of the best row; null where no row has a finite value. */
  readonly best: readonly [trial: number, value: number] | null;
  /** Of all bytes before this line. */
  readonly sha256: string;
};

/** A whole batch file. */
export type Batch = {
  readonly header: BatchHeader;
  readonly rows: readonly Row[];
  readonly footer: BatchFooter;
};

/** How rows of a study are read and compared. */
export type RowRules = {
  readonly goal: Metric["goal"];
  /** Parameters whose values are numbers. */
  readonly numeric: ReadonlySet<string>;
};

/** What is wrong with a batch file, and on which line. */
export class DamagedBatch extends Error {
  override readonly name = "DamagedBatch";
  /** From 1. */
  readonly line: number;

  constructor(line: number, reason: string) {
    super(reason);
    this.line = line;
  }
}

const ORDER: readonly RowStatus[] = ["ok", "diverged", "pruned", "error"];

/** Whether value `a` of trial `i` ranks before value `b` of trial `j`; equal values by trial. */
export function ranksBefore(
  goal: Metric["goal"],
  [i, a]: readonly [number, number],
  [j, b]: readonly [number, number],
): boolean {
  if (a === b) return i < j;
  return goal === "minimize" ? a < b : a > b;
}

/** The best row with a finite value. */
export function bestOf(
  rows: readonly Row[],
  goal: Metric["goal"],
): readonly [number, number] | null {
  let best: readonly [number, number] | null = null;
  for (const { t, s, v } of rows) {
    if (s !== "ok" || v === null || !Number.isFinite(v)) continue;
    if (best === null || ranksBefore(goal, [t, v], best)) best = [t, v];
  }
  return best;
}

function footerText(rows: readonly Row[], goal: Metric["goal"], hash: string): string {
  const byStatus = ORDER.map(
    (status) => [status, rows.filter(({ s }) => s === status).map(({ t }) => t)] as const,
  ).filter(([, trials]) => trials.length > 0);
  const counts = Object.fromEntries(byStatus.map(([status, trials]) => [status, trials.length]));
  const trials = Object.fromEntries(byStatus.map(([status, list]) => [status, rangesText(list)]));
  const best = bestOf(rows, goal);
  const bestText = best === null ? "null" : `[${best[0]},${numberText(best[1])}]`;
  return `{"end":true,"rows":${rows.length},"counts":${JSON.stringify(counts)},"trials":${JSON.stringify(trials)},"best":${bestText},"sha256":"${hash}"}\n`;
}

function checkRows(header: BatchHeader, rows: readonly Row[]): void {
  const ascending = rows.every(({ t }, i) => i === 0 || rows[i - 1]!.t < t);
  if (!ascending) {
    throw new ArgumentError(
      "commit: argument `rows` must ascend by trial, each once, but do not. Sort them by `t`.",
    );
  }
  if (header.rows !== rows.length) {
    throw new ArgumentError(
      `commit: argument \`rows\` must have the length of the header, ${header.rows}, but has ${rows.length}.`,
    );
  }
}

/**
 * The bytes of a batch file.
 *
 * @param rows - ascending by trial
 * @throws ArgumentError where rows and header do not fit
 */
export function encodeBatch(header: BatchHeader, rows: readonly Row[], rules: RowRules): Buffer {
  checkRows(header, rows);
  const lines = rows.map((row) => `${rowText(row)}\n`).join("");
  const body = Buffer.from(`${JSON.stringify(header)}\n${lines}`);
  return Buffer.concat([body, Buffer.from(footerText(rows, rules.goal, sha256(body)))]);
}

function lineNumber(bytes: Uint8Array, end: number): number {
  let lines = 0;
  for (let at = 0; at < end; at++) if (bytes[at] === 10) lines++;
  return lines;
}

/** The header of a first line; undefined where it is none. */
export function parseHeader(line: string): BatchHeader | undefined {
  try {
    const value = JSON.parse(line) as Partial<BatchHeader> | null;
    const whole =
      value?.format === 1 &&
      typeof value.study === "string" &&
      typeof value.batch === "string" &&
      [value.rung, value.generation, value.rows].every((n) => Number.isSafeInteger(n) && n! >= 0);
    return whole ? (value as BatchHeader) : undefined;
  } catch {
    return undefined;
  }
}

/** The footer of a last line; undefined where it is none. */
export function parseFooter(line: string): BatchFooter | undefined {
  try {
    const value = JSON.parse(line) as Partial<BatchFooter> | null;
    const whole =
      value?.end === true &&
      Number.isSafeInteger(value.rows) &&
      typeof value.counts === "object" &&
      typeof value.trials === "object" &&
      typeof value.sha256 === "string";
    return whole ? (value as BatchFooter) : undefined;
  } catch {
    return undefined;
  }
}

function splitFooter(bytes: Buffer): readonly [body: number, footer: BatchFooter] {
  if (bytes.length === 0) throw new DamagedBatch(1, "the file is empty");
  if (bytes.at(-1) !== 10) {
    throw new DamagedBatch(lineNumber(bytes, bytes.length) + 1, "the last line has no end");
  }
  const body = bytes.lastIndexOf(10, bytes.length - 2) + 1;
  const footer = parseFooter(bytes.toString("utf8", body));
  if (footer === undefined) throw new DamagedBatch(lineNumber(bytes, body) + 1, "it has no footer");
  return [body, footer];
}

function headerOf(line: string): BatchHeader {
  const header = parseHeader(line);
  if (header === undefined) throw new DamagedBatch(1, "the first line is not a header");
  return header;
}

/**
 * Reads the bytes of a batch file and checks all of them: the hash covers header and rows, and the footer must be
 * exactly the one these rows have.
 *
 * @throws DamagedBatch where anything was altered, with the first line that shows it
 */
export function decodeBatch(bytes: Buffer, rules: RowRules): Batch {
  const [body, footer] = splitFooter(bytes);
  const lines = bytes.toString("utf8", 0, body).split("\n");
  const header = headerOf(lines[0]!);
  const rows = lines.slice(1, -1).map((line, i) => {
    const row = parseRow(line, rules.numeric);
    if (row === undefined) throw new DamagedBatch(i + 2, "the line is not a row");
    return row;
  });
  const last = lines.length;
  if (sha256(bytes.subarray(0, body)) !== footer.sha256) {
    throw new DamagedBatch(last, "the bytes do not have the hash of the footer");
  }
  if (header.rows !== rows.length) {
    throw new DamagedBatch(1, `the header counts ${header.rows} rows, the file ${rows.length}`);
  }
  if (bytes.toString("utf8", body) !== footerText(rows, rules.goal, footer.sha256)) {
    throw new DamagedBatch(last, "the footer does not fit the rows");
  }
  return { header, rows, footer };
}
