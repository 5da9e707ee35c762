// Which rows `verify` computes again, and how two rows differ.

import type { Row } from "../types.js";
import { numberText } from "./row-text.js";

/**
 * `n` trials drawn from those given, each at most once, ascending: number k of the stream picks trial ⌊uₖ · count⌋,
 * and one that was picked before is passed over.
 *
 * @param uniform - number k of the stream, in [0, 1); for `verify` stream 3 of the study
 * @param n - how many; all where there are not more
 */
export function drawRows(
  uniform: (k: number) => number,
  n: number,
  trials: ArrayLike<number>,
): readonly number[] {
  const count = trials.length;
  if (n >= count) return Array.from(trials);
  const picked = new Set<number>();
  for (let k = 0; picked.size < n; k++) picked.add(Math.floor(uniform(k) * count));
  return [...picked].sort((a, b) => a - b).map((position) => trials[position]!);
}

/** How exact rows must agree. */
export type Agreement = {
  /** Compare status, value, metrics and steps bit for bit. Default true. */
  readonly bits?: boolean;
  /** Largest relative difference of `probe` where `bits` is false. Default 1e-3. */
  readonly probe?: number;
};

function differs(a: number | null | undefined, b: number | null | undefined): boolean {
  return !Object.is(a ?? null, b ?? null);
}

function show(value: unknown): string {
  return typeof value === "number" ? numberText(value) : JSON.stringify(value ?? null);
}

function compared(name: string, a: unknown, b: unknown): readonly string[] {
  const isEqual =
    typeof a === "number" && typeof b === "number" ? !differs(a, b) : show(a) === show(b);
  return isEqual ? [] : [`${name}: ${show(a)} → ${show(b)}`];
}

function records(name: string, a: Row["m"] | Row["p"], b: Row["m"] | Row["p"]): readonly string[] {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) => compared(`${name}.${key}`, a[key], b[key]));
}

/** NaN agrees with NaN, ∞ with ∞: where a loss was not finite once it must not be the second time. */
function isClose(a: number, b: number, rtol: number): boolean {
  return Object.is(a, b) || Math.abs(a - b) <= rtol * Math.max(Math.abs(a), Math.abs(b));
}

function comparedProbe(a: Row, b: Row, rtol: number): readonly string[] {
  if (a.probe === undefined || b.probe === undefined) return compared("probe", a.probe, b.probe);
  return isClose(a.probe, b.probe, rtol)
    ? []
    : [`probe: ${show(a.probe)} → ${show(b.probe)}, more than ${String(rtol)} apart`];
}

/**
 * How two rows of the same trial differ, one line a difference; empty where they agree.
 *
 * @param before - as committed
 * @param after - as computed again
 */
export function compareRows(before: Row, after: Row, agreement: Agreement = {}): readonly string[] {
  const { bits = true, probe = 1e-3 } = agreement;
  const given = [...compared("t", before.t, after.t), ...records("p", before.p, after.p)];
  if (!bits) return [...given, ...comparedProbe(before, after, probe)];
  return [
    ...given,
    ...compared("s", before.s, after.s),
    ...compared("v", before.v, after.v),
    ...compared("n", before.n, after.n),
    ...compared("probe", before.probe, after.probe),
    ...records("m", before.m, after.m),
  ];
}
