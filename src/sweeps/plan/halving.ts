// Successive halving: rungs and survivors, in integers. Knows no store; rows come in as they are.

import { ArgumentError } from "../../errors.js";
import type { Metric, Row, Study } from "../types.js";

/** What halving needs to know of a row. */
export type JudgedRow = Pick<Row, "t" | "s" | "v">;

/**
 * Steps at the end of each rung: `r₀ = min`, `r_{j+1} = min(max, η r_j)` until max; one rung without halving.
 */
export function rungBudgets({
  budget,
  halving,
}: Pick<Study, "budget" | "halving">): readonly number[] {
  if (halving === null) return [budget.max];
  const budgets = [Math.min(budget.min, budget.max)];
  while (budgets.at(-1)! < budget.max)
    budgets.push(Math.min(budget.max, halving.eta * budgets.at(-1)!));
  return budgets;
}

/**
 * Configurations at each rung of those that compete: `k_{j+1} = max(1, ⌊k_j/η⌋)`.
 *
 * @param n - configurations at rung 0
 */
export function rungSizes(study: Pick<Study, "budget" | "halving">, n: number): readonly number[] {
  const eta = study.halving?.eta ?? 1;
  let k = n;
  return rungBudgets(study).map((_, j) => {
    if (j > 0 && k > 0) k = Math.max(1, Math.floor(k / eta));
    return k;
  });
}

/** Steps of one replicate of n configurations under halving, and what all of them would take without. */
export function halvingSteps(
  study: Pick<Study, "budget" | "halving">,
  n: number,
): { readonly steps: number; readonly full: number } {
  const budgets = rungBudgets(study);
  const sizes = rungSizes(study, n);
  const steps = budgets.reduce((sum, r, j) => sum + sizes[j]! * (r - (budgets[j - 1] ?? 0)), 0);
  return { steps, full: n * study.budget.max };
}

// A row that diverged, failed or was stopped ends its configuration: there is nothing to continue from.
function rankOf({ s, v }: JudgedRow, sign: number): number {
  return s === "ok" && v !== null && Number.isFinite(v) ? sign * v : Number.POSITIVE_INFINITY;
}

type Configuration = { readonly first: number; readonly trials: number[]; sum: number };

function configurationsOf(
  rows: readonly JudgedRow[],
  sign: number,
  replicates: number,
): readonly Configuration[] {
  const found = new Map<number, Configuration>();
  // Sums in the order of trials: rows may arrive in any, and addition rounds.
  for (const row of [...rows].sort((a, b) => a.t - b.t)) {
    const j = Math.floor(row.t / replicates);
    const configuration = found.get(j) ?? { first: row.t, trials: [], sum: 0 };
    configuration.trials.push(row.t);
    configuration.sum += rankOf(row, sign);
    found.set(j, configuration);
  }
  return [...found.values()];
}

/**
 * The trials that go on: those of the best k configurations, ranked by the mean over their replicates, then by
 * trial. A configuration with a row that is not finite, failed or was stopped never goes on, even where fewer
 * than k remain.
 *
 * @param rows - all rows of those that compete, in any order
 * @param k - configurations that may go on
 * @param replicates - rows a configuration
 * @returns indices of trials, ascending
 * @throws ArgumentError where a configuration lacks replicates
 */
export function survivors(
  rows: readonly JudgedRow[],
  k: number,
  goal: Metric["goal"],
  replicates = 1,
): readonly number[] {
  const ranked = configurationsOf(rows, goal === "minimize" ? 1 : -1, replicates);
  const torn = ranked.find(({ trials }) => trials.length !== replicates);
  if (torn !== undefined) {
    throw new ArgumentError(
      `survivors: argument \`rows\` must hold ${String(replicates)} rows of each configuration, but holds ${String(torn.trials.length)} of the one of trial ${String(torn.first)}.`,
    );
  }
  return ranked
    .filter(({ sum }) => Number.isFinite(sum))
    .sort((a, b) => a.sum - b.sum || a.first - b.first)
    .slice(0, k)
    .flatMap(({ trials }) => trials)
    .sort((a, b) => a - b);
}
