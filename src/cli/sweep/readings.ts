// What is said of a sweep in one line, as separate words: a terminal cuts them, a plain line joins them.

import type { Standing } from "./tally.js";
import { duration, figure } from "../table.js";

/** An integer with its digits in threes: `98 304`. */
export function grouped(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, " ");
}

/** Rows per second for people: `3.1 k/s`, `12/s`, `0.25/s`. */
export function rowRate(rate: number): string {
  if (rate >= 1000) return `${(rate / 1000).toFixed(1)} k/s`;
  return `${rate >= 10 ? rate.toFixed(0) : rate.toPrecision(2)}/s`;
}

/** The words, the most important first. */
export function sweepWords(name: string, standing: Standing): readonly string[] {
  const { part, rows, total, rate, counts, best, rung, rungs, remaining } = standing;
  const { ok, diverged, pruned, error } = counts;
  return [
    name,
    `${Math.floor(100 * part).toString()} %`,
    `${grouped(rows)}/${grouped(total)} rows`,
    ...(rate === undefined || rate === 0 ? [] : [rowRate(rate)]),
    `ok ${grouped(ok)}`,
    ...(diverged === 0 ? [] : [`div ${grouped(diverged)}`]),
    ...(pruned === 0 ? [] : [`pruned ${grouped(pruned)}`]),
    ...(error === 0 ? [] : [`err ${grouped(error)}`]),
    ...(best === null ? [] : [`best ${figure(best[1])} (#${best[0].toString()})`]),
    ...(rungs === 1 ? [] : [`rung ${(rung + 1).toString()}/${rungs.toString()}`]),
    ...(remaining === undefined || part >= 1 ? [] : [`ETA ${duration(Math.ceil(remaining))}`]),
  ];
}
