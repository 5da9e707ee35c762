// How temperatures and transverse fields change during a run: the vocabulary of schedules, and the range of temperatures that a
// model asks for.

import { ArgumentError } from "../../errors.js";
import { fieldBounds } from "./field-bounds.js";
import type { HostModel } from "../model.js";

/**
 * Values of a quantity, one after the other: a list, or `steps` values from `from` to `to` with equal differences
 * (`"linear"`) or equal ratios (`"geometric"`). Ends that are left out are the sampler's defaults.
 */
export type Schedule =
  | ArrayLike<number>
  | {
      readonly kind: "linear" | "geometric";
      readonly steps: number;
      readonly from?: number;
      readonly to?: number;
    };

/** The inverse temperatures between which annealing pays. */
export type BetaRange = { readonly hot: number; readonly cold: number };

/**
 * The values of a schedule.
 *
 * @param where - the function and argument to name in errors
 * @param schedule - a list, or its law
 * @param ends - used where the schedule does not say
 * @throws ArgumentError for an empty list, a negative or NaN value, a bad number of steps, or a geometric schedule from or to 0
 */
export function scheduleValues(
  where: { readonly function: string; readonly argument: string },
  schedule: Schedule,
  ends: { readonly from: number; readonly to: number },
): Float64Array {
  const fail = (must: string, found: string): never => {
    throw new ArgumentError(
      `${where.function}: argument \`${where.argument}\` must ${must}, but ${found}.`,
    );
  };
  if (!("kind" in schedule)) {
    const values = Float64Array.from(schedule);
    const wrong = values.find((value) => !(value >= 0));
    if (values.length === 0) fail("hold at least one value", "is empty");
    if (wrong !== undefined) fail("hold values of at least 0", `has ${wrong}`);
    return values;
  }
  const { kind, steps, from = ends.from, to = ends.to } = schedule;
  if (!Number.isInteger(steps) || steps < 1) fail("have at least one step", `has ${steps} steps`);
  const finite = [from, to].every((end) => end >= 0 && Number.isFinite(end));
  if (!finite) fail("run between finite values of at least 0", `runs from ${from} to ${to}`);
  if (kind === "geometric" && (from === 0 || to === 0))
    fail(
      'not have 0 as an end where it is geometric, use kind "linear"',
      `runs from ${from} to ${to}`,
    );
  return Float64Array.from({ length: steps }, (_, k) => {
    const part = steps === 1 ? 1 : k / (steps - 1);
    if (part === 1) return to;
    return kind === "linear" ? from + (to - from) * part : from * (to / from) ** part;
  });
}

/**
 * The range of β for annealing a model: hot enough that its largest barrier is crossed every other time,
 * `ln 2 / ΔE_max`, cold enough that its smallest excitation is rare in n spins, `ln(100 n) / ΔE_min`. A heuristic:
 * `ΔE_max = 2 max_i(|b_i| + Σ_j |J_ij|)`, `ΔE_min` twice the smallest bias or coupling that is not 0.
 *
 * @returns one range per replica; hot = cold = 1 for a replica that is all 0
 */
export function betaRange(of: HostModel): readonly BetaRange[] {
  return fieldBounds(of).map(({ largest, smallest }) =>
    largest === 0
      ? { hot: 1, cold: 1 }
      : { hot: Math.LN2 / (2 * largest), cold: Math.log(100 * of.graph.n) / (2 * smallest) },
  );
}
