// Sets of trials as short texts: ascending ranges, "0-511,600".

import { DataError } from "../../errors.js";

const RANGE = /^(\d+)(?:-(\d+))?$/;

/**
 * Ascending integers as ranges: `[0, 1, 2, 7]` → `"0-2,7"`.
 *
 * @param trials - distinct integers of at least 0, ascending
 */
export function rangesText(trials: ArrayLike<number>): string {
  const parts: string[] = [];
  for (let i = 0; i < trials.length; i++) {
    const first = trials[i]!;
    while (i + 1 < trials.length && trials[i + 1] === trials[i]! + 1) i++;
    parts.push(trials[i] === first ? String(first) : `${first}-${trials[i]!}`);
  }
  return parts.join(",");
}

function bounds(part: string, text: string): readonly [number, number] {
  const match = RANGE.exec(part);
  const first = Number(match?.[1]);
  const last = match?.[2] === undefined ? first : Number(match[2]);
  if (Number.isSafeInteger(last) && first <= last) return [first, last];
  throw new DataError(
    `trialsOf: argument \`text\` must be ascending ranges such as "0-2,7", but is ${JSON.stringify(text.slice(0, 40))}.`,
  );
}

/**
 * The inverse of {@link rangesText}.
 *
 * @throws DataError where the text is not of this form or not ascending
 */
export function trialsOf(text: string): readonly number[] {
  const trials: number[] = [];
  for (const part of text === "" ? [] : text.split(",")) {
    const [first, last] = bounds(part, text);
    if (first <= (trials.at(-1) ?? -1)) bounds("", text);
    for (let trial = first; trial <= last; trial++) trials.push(trial);
  }
  return trials;
}
