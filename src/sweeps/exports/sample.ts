// Which trials an export for a viewer holds when it cannot hold all: the best ones, and others evenly spread.

import { ranksBefore } from "../store/batch-text.js";
import type { Outcomes } from "../store/outcomes.js";
import type { Table } from "../store/table.js";
import type { Metric } from "../types.js";

/** Positions of all trials, best first; those without a finite value behind the others, in their order. */
export function ranked(table: Table, trials: Outcomes, goal: Metric["goal"]): Int32Array {
  const { value, trial, rung } = table;
  const last = (k: number): number => trials.first[k + 1]! - 1;
  const isRanked = (k: number): boolean =>
    table.status[last(k)] === 0 && Number.isFinite(value.values[last(k)]);
  const order = Int32Array.from({ length: trials.count }, (_, k) => k);
  return order.sort((a, b) => {
    const [i, j] = [last(a), last(b)];
    if (isRanked(a) !== isRanked(b)) return isRanked(a) ? -1 : 1;
    if (!isRanked(a)) return a - b;
    // Values at a deeper rung had more steps; only equals are compared.
    if (rung[i] !== rung[j]) return rung[j]! - rung[i]!;
    const before = ranksBefore(goal, [trial[i]!, value.values[i]!], [trial[j]!, value.values[j]!]);
    return before ? -1 : 1;
  });
}

/** At most `cap` positions, ascending: half of them the best, half evenly spread over the others. */
export function bestAndUniform(order: Int32Array, cap: number): Int32Array {
  if (order.length <= cap) return order.slice().sort();
  const best = Math.ceil(cap / 2);
  const others = order.slice(best).sort();
  const spread = cap - best;
  const picked = Array.from(
    { length: spread },
    (_, i) => others[Math.floor((i * others.length) / spread)]!,
  );
  return Int32Array.from([...order.subarray(0, best), ...picked]).sort();
}
