// From a uniform number to the value of a parameter, and the points of a grid. Draws nothing itself.

import { normalQuantile } from "./normal-quantile.js";
import type { Distribution } from "../types.js";

type Range = Extract<Distribution, { kind: "integer" | "real" }>;
type Choice = Extract<Distribution, { kind: "choice" }>;

/** Steps that fit between two bounds, both ends included. */
export function stepCount(min: number, max: number, step: number): number {
  return Math.floor((max - min) / step + 1e-9) + 1;
}

// 0.1 + 2 · 0.1 is 0.30000000000000004: twelve digits are what a person wrote.
function stepped(min: number, step: number, n: number): number {
  return Number((min + n * step).toPrecision(12));
}

function rangeSpread({ kind, scale, min, max, step }: Range): (u: number) => number {
  if (step !== undefined) {
    const n = stepCount(min, max, step);
    return (u) => stepped(min, step, Math.floor(u * n));
  }
  if (scale === "linear") {
    if (kind === "integer") return (u) => min + Math.floor(u * (max - min + 1));
    return (u) => min + u * (max - min);
  }
  const low = Math.log(min);
  if (kind === "real") return (u) => Math.exp(low + u * (Math.log(max) - low));
  const width = Math.log(max + 1) - low;
  // exp may fall short of an integer bound by a rounding.
  return (u) => Math.max(min, Math.min(max, Math.floor(Math.exp(low + u * width))));
}

function choiceSpread({ values, probabilities }: Choice): (u: number) => number {
  const n = values.length;
  if (probabilities === undefined) return (u) => Math.floor(u * n);
  let sum = 0;
  const cumulative = probabilities.map((p) => (sum += p));
  const last = probabilities.findLastIndex((p) => p > 0);
  return (u) => {
    const found = cumulative.findIndex((c) => u * sum < c);
    return found === -1 ? last : found;
  };
}

/**
 * The map from u in [0, 1) to a value; for a choice, to the index of the value.
 *
 * @param distribution - of the parameter
 */
export function spreadOf(distribution: Distribution): (u: number) => number {
  if (distribution.kind === "choice") return choiceSpread(distribution);
  if ("scale" in distribution) return rangeSpread(distribution);
  const { kind, mu, sigma } = distribution;
  const normal = (u: number): number => mu + sigma * normalQuantile(Math.max(u, 2 ** -54));
  return kind === "normal" ? normal : (u) => Math.exp(normal(u));
}

function rangePoints({ kind, scale, min, max, step, count }: Range): readonly number[] {
  if (step !== undefined) {
    return Array.from({ length: stepCount(min, max, step) }, (_, n) => stepped(min, step, n));
  }
  const n = count ?? 1;
  const points = Array.from({ length: n }, (_, i) => pointBetween(min, max, scale, i, n));
  return kind === "real" ? points : [...new Set(points.map(Math.round))];
}

function pointBetween(
  min: number,
  max: number,
  scale: "linear" | "log",
  i: number,
  n: number,
): number {
  if (i === 0) return min;
  if (i === n - 1) return max;
  const f = i / (n - 1);
  return scale === "linear" ? min + f * (max - min) : min * Math.exp(f * Math.log(max / min));
}

/**
 * The points of a parameter in a grid, in order; for a choice, indices of its values.
 *
 * @returns null where the parameter has no points: a range without `count` or `step`, a normal law
 */
export function gridPoints(distribution: Distribution): readonly number[] | null {
  if (distribution.kind === "choice") return distribution.values.map((_, i) => i);
  if (!("scale" in distribution)) return null;
  const { step, count } = distribution;
  return step === undefined && count === undefined ? null : rangePoints(distribution);
}
