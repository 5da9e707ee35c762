// The points of a grid by their number: names sorted, the last one varies fastest.

import { ArgumentError } from "../../errors.js";
import { activity, type Conditions } from "./conditions.js";
import type { Parameter, ParameterValue } from "../types.js";
import { gridPoints } from "./spread.js";

/** A grid: how many configurations it has, and the points of each. */
export type Grid = {
  readonly size: number;
  /** Coordinate d of configuration j: a number, or for a choice the index of a value. */
  point(j: number, d: number): number;
};

/** Most combinations that are listed to find those that differ in inactive parameters only. */
export const MOST_COMBINATIONS = 1e7;

function valueOf(parameter: Parameter, point: number): ParameterValue {
  return parameter.kind === "choice" ? (parameter.values[point] ?? null) : point;
}

// Of the combinations that differ in inactive parameters only, the first one stands for all.
function distinct(
  parameters: readonly Parameter[],
  conditions: Conditions,
  total: number,
  digit: (c: number, d: number) => number,
  points: readonly (readonly number[])[],
): Uint32Array {
  const kept = new Uint32Array(total);
  let n = 0;
  for (let c = 0; c < total; c++) {
    const active = activity(conditions, (d) => valueOf(parameters[d]!, points[d]![digit(c, d)]!));
    if (active.every((isActive, d) => isActive || digit(c, d) === 0)) kept[n++] = c;
  }
  return kept.slice(0, n);
}

/**
 * The grid of a study's parameters.
 *
 * @param parameters - in the order of their sorted names; each has points
 * @returns combinations that differ only in inactive parameters count once
 * @throws ArgumentError where there are too many
 */
export function gridOf(parameters: readonly Parameter[], conditions: Conditions): Grid {
  const points = parameters.map((parameter) => gridPoints(parameter) ?? []);
  const strides = points.map((_, d) =>
    points.slice(d + 1).reduce((n, { length }) => n * length, 1),
  );
  const total = points.reduce((n, { length }) => n * length, 1);
  const most = conditions.of.some((list) => list.length > 0) ? MOST_COMBINATIONS : 2 ** 32;
  if (total > most) {
    throw new ArgumentError(
      `sweep: argument \`parameters\` must make a grid of at most ${String(most)} combinations, but make ${String(total)}. Use method random.`,
    );
  }
  const digit = (c: number, d: number): number => Math.floor(c / strides[d]!) % points[d]!.length;
  if (conditions.of.every((list) => list.length === 0)) {
    return { size: total, point: (j, d) => points[d]![digit(j, d)]! };
  }
  const kept = distinct(parameters, conditions, total, digit, points);
  return { size: kept.length, point: (j, d) => points[d]![digit(kept[j]!, d)]! };
}
