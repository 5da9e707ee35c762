// Splits CSV text into records and fields by RFC 4180, with the line numbers of the text. What the fields
// mean is not decided here.

import { DataError } from "../errors.js";

/** What separates fields. */
export type Delimiter = "," | ";" | "\t";

/** In the order of preference: commas and semicolons can be part of text, tabs hardly. */
const DELIMITERS = ["\t", ";", ","] as const;

/**
 * Receives the fields of a record, which can have white space around them (a carriage return at the end of
 * a line is one), and the line it starts on, counted from 1.
 */
export type RecordVisitor = (fields: readonly string[], line: number) => void;

/** CSV text as the other functions of this file want it: no byte-order mark, and newlines. */
export function cleanText(text: string): string {
  const unmarked = text.startsWith("\uFEFF") ? text.slice(1) : text;
  return unmarked.includes("\n") ? unmarked : unmarked.replaceAll("\r", "\n");
}

/**
 * Visits the records of cleaned text in order. Blank lines and lines that start with "#" are skipped.
 *
 * @param text - from `cleanText`
 * @param delimiter - what separates fields
 * @param name - of the file, for errors
 * @param visit - called for every record
 * @returns the number of comment lines
 * @throws DataError if a quoted field does not end, or is followed by more text
 */
export function forEachRecord(
  text: string,
  delimiter: Delimiter,
  name: string,
  visit: RecordVisitor,
): number {
  const quotes = text.includes('"');
  let comments = 0;
  for (let at = 0, line = 1; at < text.length; line++) {
    const end = lineEnd(text, at);
    const raw = text.slice(at, end);
    at = end + 1;
    if (raw.startsWith("#")) comments++;
    else if (quotes && raw.includes('"')) {
      const start = end - raw.length;
      const record = quotedRecord(text, start, delimiter, `${name}: line ${line}`);
      visit(record.fields, line);
      line += countOf(text.slice(start, record.end), "\n");
      at = record.end + 1;
    } else if (raw.trim() !== "") visit(raw.split(delimiter), line);
  }
  return comments;
}

/**
 * The delimiter of cleaned text: the first of tab, semicolon and comma that occurs equally often, and at
 * least once, in each of the first ten records; else the most frequent one of the first record.
 */
export function detectDelimiter(text: string): Delimiter {
  const lines = firstLines(text, 10).map((line) => line.replaceAll(/"[^"]*"/g, ""));
  const first = lines[0] ?? "";
  const steady = DELIMITERS.find((mark) => {
    const expected = countOf(first, mark);
    return expected > 0 && lines.every((line) => countOf(line, mark) === expected);
  });
  const counts = DELIMITERS.map((mark) => countOf(first, mark));
  return steady ?? DELIMITERS[counts.lastIndexOf(Math.max(...counts))]!;
}

function firstLines(text: string, n: number): string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length && lines.length < n;) {
    const end = lineEnd(text, at);
    const line = text.slice(at, end);
    if (line.trim() !== "" && !line.startsWith("#")) lines.push(line);
    at = end + 1;
  }
  return lines;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

function countOf(text: string, mark: string): number {
  return text.split(mark).length - 1;
}

/** Reads one record that has quotes, which may span lines. `end` is the place of its newline. */
function quotedRecord(
  text: string,
  start: number,
  delimiter: Delimiter,
  where: string,
): { fields: string[]; end: number } {
  const fields: string[] = [];
  for (let at = start; ; at++) {
    const place = `${where}, column ${fields.length + 1}`;
    const field = opensQuote(text, at)
      ? quotedField(text, at, delimiter, place)
      : plainField(text, at, delimiter);
    fields.push(field.value);
    at = field.end;
    if (text[at] !== delimiter) return { fields, end: at };
  }
}

type Field = { readonly value: string; readonly end: number };

function plainField(text: string, start: number, delimiter: Delimiter): Field {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n") end++;
  return { value: text.slice(start, end), end };
}

function quotedField(text: string, start: number, delimiter: Delimiter, place: string): Field {
  const open = skipSpaces(text, start);
  let close = text.indexOf('"', open + 1);
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close < 0) throw new DataError(`${place} must close its quote, but the text ends before.`);
  const end = skipSpaces(text, close + 1);
  const next = text[end];
  if (next !== undefined && next !== delimiter && next !== "\n") {
    throw new DataError(
      `${place} must end at its closing quote, but is followed by "${next}". ` +
        "Write a quote inside a quoted field twice.",
    );
  }
  return { value: text.slice(open + 1, close).replaceAll('""', '"'), end };
}

function opensQuote(text: string, at: number): boolean {
  return text[skipSpaces(text, at)] === '"';
}

function skipSpaces(text: string, at: number): number {
  let place = at;
  while (text[place] === " " || text[place] === "\r") place++;
  return place;
}
