// Bars and stripes: images of whole rows or whole columns, the small data set on which a model can be scored exactly.

import { ArgumentError } from "../errors.js";
import { uniformArray, type Stream } from "../random.js";
import { checkCount } from "./checks.js";

/** How well samples are bars and stripes. */
export type BarsScore = {
  /** Fraction of the samples that are a pattern. */
  readonly valid: number;
  /** Fraction of the patterns that are among the samples. */
  readonly covered: number;
};

/** Beyond this many rows or columns there are more patterns than anybody enumerates. */
const LARGEST = 16;

/**
 * All distinct patterns: 2^rows of rows and 2^columns of columns, less the two that are both.
 *
 * @param rows - from 1 to 16
 * @param columns - from 1 to 16
 * @returns `[2^rows + 2^columns − 2, rows · columns]`, spins ±1, in ascending order as binary numbers
 * @throws ArgumentError if a size is out of range
 */
export function barsAndStripes(rows: number, columns: number): Int8Array {
  checkSize("rows", rows);
  checkSize("columns", columns);
  const patterns = new Set<string>();
  for (let bits = 0; bits < 2 ** rows; bits++) {
    patterns.add(signs(rows, columns, (i) => (bits >> i) & 1));
  }
  for (let bits = 0; bits < 2 ** columns; bits++) {
    patterns.add(signs(rows, columns, (_, j) => (bits >> j) & 1));
  }
  const sorted = [...patterns].sort();
  return Int8Array.from(sorted.join(""), (bit) => (bit === "1" ? 1 : -1));
}

/**
 * Patterns drawn with equal probability.
 *
 * @param from - a stream of purpose `"data"`
 * @param count - samples wanted
 * @returns `[count, rows · columns]`, spins ±1
 */
export function drawBarsAndStripes(
  rows: number,
  columns: number,
  from: Stream,
  count: number,
): Int8Array {
  checkCount("drawBarsAndStripes", "count", count, 0);
  const patterns = barsAndStripes(rows, columns);
  const width = rows * columns;
  const out = new Int8Array(count * width);
  for (const [row, u] of uniformArray(from, count).entries()) {
    const pattern = Math.floor((u * patterns.length) / width);
    out.set(patterns.subarray(pattern * width, (pattern + 1) * width), row * width);
  }
  return out;
}

/**
 * Scores samples: how many are valid, how many patterns they cover.
 *
 * @param samples - `[count, rows · columns]`, spins ±1
 * @returns NaN for `valid` without samples
 * @throws ArgumentError if the samples are not rows of that size
 */
export function scoreBarsAndStripes(samples: Int8Array, rows: number, columns: number): BarsScore {
  const width = rows * columns;
  if (samples.length % width !== 0) {
    throw new ArgumentError(
      `scoreBarsAndStripes: argument \`samples\` must hold rows of ${rows} × ${columns} spins, but has length ${samples.length}.`,
    );
  }
  const key = (from: Int8Array, row: number): string =>
    from.subarray(row * width, (row + 1) * width).join(" ");
  const patterns = barsAndStripes(rows, columns);
  const known = new Set(
    Array.from({ length: patterns.length / width }, (_, row) => key(patterns, row)),
  );
  const count = samples.length / width;
  const drawn = Array.from({ length: count }, (_, row) => key(samples, row));
  const valid = drawn.filter((pattern) => known.has(pattern));
  return { valid: valid.length / count, covered: new Set(valid).size / known.size };
}

function signs(rows: number, columns: number, bit: (i: number, j: number) => number): string {
  let text = "";
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) text += String(bit(i, j));
  return text;
}

function checkSize(name: string, size: number): void {
  if (Number.isInteger(size) && size >= 1 && size <= LARGEST) return;
  throw new ArgumentError(
    `barsAndStripes: argument \`${name}\` must be an integer from 1 to ${LARGEST}, but is ${size}.`,
  );
}
