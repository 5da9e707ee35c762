// A row as a line of JSON and back, every number with all its bits: NaN and ±Infinity as strings, −0 as -0.

import type { ParameterValue, Row, RowStatus } from "../types.js";

const STATUSES: readonly string[] = ["ok", "diverged", "pruned", "error"] satisfies RowStatus[];
const NON_FINITE: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
};

/** A number as JSON; `JSON.stringify` would write null for NaN and lose the sign of −0. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return `"${String(value)}"`;
  return Object.is(value, -0) ? "-0" : String(value);
}

function valueText(value: ParameterValue): string {
  return typeof value === "number" ? numberText(value) : JSON.stringify(value);
}

// Names come back in every row: their JSON is made once.
const names = new Map<string, string>();
const MOST_NAMES = 10_000;

function nameText(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  const text = `${JSON.stringify(name)}:`;
  if (names.size < MOST_NAMES) names.set(name, text);
  return text;
}

function recordText<T>(record: Readonly<Record<string, T>>, text: (value: T) => string): string {
  let out = "{";
  for (const name of Object.keys(record)) {
    if (out !== "{") out += ",";
    out += nameText(name) + text(record[name]!);
  }
  return `${out}}`;
}

/** The line of a row, without its end. */
export function rowText(row: Row): string {
  const probe = row.probe === undefined ? "" : `,"probe":${numberText(row.probe)}`;
  const why = row.why === undefined ? "" : `,"why":${JSON.stringify(row.why)}`;
  const value = row.v === null ? "null" : numberText(row.v);
  return `{"t":${row.t},"s":"${row.s}","v":${value},"m":${recordText(row.m, numberText)},"n":${row.n}${probe},"p":${recordText(row.p, valueText)}${why}}`;
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" ? NON_FINITE[value] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Replaces the texts of numbers by numbers, in place; false where something else stands there. */
function readNumbers(record: Record<string, unknown>): boolean {
  for (const key in record) {
    if (typeof record[key] === "number") continue;
    const value = numberOf(record[key]);
    if (value === undefined) return false;
    record[key] = value;
  }
  return true;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isHead(row: Record<string, unknown>): boolean {
  return isCount(row["t"]) && STATUSES.includes(row["s"] as string) && isCount(row["n"]);
}

/** A probe or a value: a number with all its bits, or what else may stand there. */
function readNumber(row: Record<string, unknown>, key: string, absent: unknown): boolean {
  if (row[key] === absent) return true;
  const value = numberOf(row[key]);
  if (value !== undefined) row[key] = value;
  return value !== undefined;
}

/** Parameters that are numbers in the study may have overflowed; texts of choices stay texts. */
function readParameters(p: Record<string, unknown>, numeric: ReadonlySet<string>): void {
  for (const name of numeric) {
    const value = p[name];
    if (typeof value === "string" && Object.hasOwn(NON_FINITE, value)) p[name] = NON_FINITE[value];
  }
}

/**
 * The row of a line; undefined where the line is none.
 *
 * @param numeric - names of the parameters whose values are numbers, so that the text "NaN" of a choice stays one
 */
export function parseRow(line: string, numeric: ReadonlySet<string>): Row | undefined {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isRecord(row) || !isHead(row) || !isRecord(row["m"]) || !isRecord(row["p"]))
    return undefined;
  const whole =
    readNumber(row, "v", null) && readNumber(row, "probe", undefined) && readNumbers(row["m"]);
  if (!whole) return undefined;
  readParameters(row["p"], numeric);
  return row as Row;
}
