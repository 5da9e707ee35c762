// Which shifted runs a derivative needs, each once, and what each counts in it.

import { shiftRule, type ShiftTerm } from "./shift-rule.js";
import type { Occurrence } from "./occurrences.js";

/** One shift of some occurrences. */
type Shifts = readonly (readonly [occurrence: number, shift: number])[];

/** Runs, and the derivatives as sums over them. */
export type ShiftPlan = {
  /** `[S][occurrences]` */
  readonly shifts: readonly (readonly number[])[];
  /** `[S][derivatives]` */
  readonly weights: readonly (readonly number[])[];
};

/** Collects runs by their shifts. */
function collector(
  occurrences: number,
  derivatives: number,
): {
  readonly add: (shifts: Shifts, derivative: number, weight: number) => void;
  readonly plan: () => ShiftPlan;
} {
  const runs = new Map<string, { shifts: number[]; weights: number[] }>();
  const add = (shifts: Shifts, derivative: number, weight: number): void => {
    const own = shifts.filter(([, shift]) => shift !== 0);
    const key = own.map(([place, shift]) => `${place}:${shift.toFixed(9)}`).join();
    let run = runs.get(key);
    if (run === undefined) {
      run = { shifts: new Array<number>(occurrences).fill(0), weights: new Array<number>(derivatives).fill(0) }; // prettier-ignore
      for (const [place, shift] of own) run.shifts[place] = shift;
      runs.set(key, run);
    }
    run.weights[derivative]! += weight;
  };
  const plan = (): ShiftPlan => {
    const all = [...runs.values()];
    return { shifts: all.map((own) => own.shifts), weights: all.map((own) => own.weights) };
  };
  return { add, plan };
}

/** First derivatives: column a is that by occurrence a. Of M of frequency 1: 2 M runs. */
export function firstOrder(list: readonly Occurrence[]): ShiftPlan {
  const { add, plan } = collector(list.length, list.length);
  list.forEach(({ frequencies }, a) => {
    for (const [weight, shift] of shiftRule(frequencies)) add([[a, shift]], a, weight);
  });
  return plan();
}

/**
 * Second derivatives: column `a M + b`, and behind these, where angles are not linear in their symbols, the first ones.
 * Of M of frequency 1: 2 M² − M + 1 runs.
 */
export function secondOrder(list: readonly Occurrence[], withFirst: boolean): ShiftPlan {
  const M = list.length;
  const { add, plan } = collector(M, M * M + (withFirst ? M : 0));
  const rules = list.map(({ frequencies }) => shiftRule(frequencies));
  const both = (a: number, b: number): void => {
    for (const [v, s] of rules[a]!) {
      for (const [w, t] of rules[b]!) {
        add([[a, s], [b, t]], a * M + b, v * w); // prettier-ignore
        add([[a, s], [b, t]], b * M + a, v * w); // prettier-ignore
      }
    }
  };
  list.forEach(({ frequencies }, a) => {
    const rule: readonly ShiftTerm[] = shiftRule(frequencies, { order: 2 });
    for (const [weight, shift] of rule) add([[a, shift]], a * M + a, weight);
    for (let b = a + 1; b < M; b++) both(a, b);
    if (withFirst) for (const [weight, shift] of rules[a]!) add([[a, shift]], M * M + a, weight);
  });
  return plan();
}
