// How much a study trains: trials, cohorts, steps, and what must hold between them.

import { SOBOL_DIMENSIONS } from "../plan/sobol.js";
import type { Study } from "../types.js";
import { fault, isGiven, type Findings } from "./findings.js";
import type { StudyForm } from "./form.js";

/** Successive halving, and whether cohorts fit the trials. */
export function readHalving(findings: Findings, form: StudyForm, trials: number): Study["halving"] {
  const { early_terminate: halving, replicates, budget, method } = form;
  if (halving === null) return null;
  const { eta, cohort, scope } = halving;
  if (budget?.min === undefined && (budget !== undefined || !isGiven(findings, "budget")))
    fault(
      findings,
      ["budget", "min"],
      "must be set with early_terminate: the steps of the first rung",
    );
  if (cohort % replicates !== 0)
    fault(
      findings,
      ["early_terminate", "cohort"],
      `must be a multiple of replicates ${String(replicates)}, got ${String(cohort)}`,
      "configurations survive, not rows",
    );
  if (trials % cohort !== 0 && (form.trials ?? form.run_cap) !== undefined)
    fault(
      findings,
      ["trials"],
      `must be a multiple of early_terminate.cohort ${String(cohort)}, got ${String(trials)}`,
      trials < cohort
        ? `or set early_terminate.cohort: ${String(trials)}`
        : "a larger study must not change past decisions",
    );
  if (method === "ask-tell")
    fault(findings, ["early_terminate"], "must not be set with method ask-tell");
  return { eta, cohort, scope };
}

/**
 * Steps of the rungs.
 *
 * @param steps - of a full training, where file or task say
 */
export function readBudget(
  findings: Findings,
  form: StudyForm,
  steps: number | undefined,
): Study["budget"] {
  const min = form.budget?.min;
  const max = steps ?? min;
  if (max === undefined) {
    fault(findings, ["budget", "max"], "must be set: the task does not say how long a training is");
    return { unit: "step", min: 1, max: 1 };
  }
  if (min !== undefined && min > max)
    fault(findings, ["budget", "min"], `must be ≤ max ${String(max)}, got ${String(min)}`);
  return { unit: "step", min: form.early_terminate === null ? max : (min ?? max), max };
}

/**
 * Rows in total.
 *
 * @param grid - configurations of the grid; undefined without one, or where it could not be read
 */
export function readTrials(findings: Findings, form: StudyForm, grid: number | undefined): number {
  const { trials = form.run_cap, replicates } = form;
  const key = form.trials === undefined && form.run_cap !== undefined ? "run_cap" : "trials";
  if (form.trials !== undefined && form.run_cap !== undefined)
    fault(findings, ["run_cap"], "must not be set together with trials: they mean the same");
  const total = grid === undefined ? undefined : grid * replicates;
  if (trials === undefined) {
    const isTold = isGiven(findings, "trials") || isGiven(findings, "run_cap");
    if (form.method !== "grid" && !isTold)
      fault(findings, ["trials"], `must be set with method ${form.method}`);
    return total ?? replicates;
  }
  if (total !== undefined && trials > total)
    fault(
      findings,
      [key],
      `must be ≤ ${String(total)}, the rows of the whole grid, got ${String(trials)}`,
    );
  if (trials % replicates !== 0)
    fault(
      findings,
      [key],
      `must be a multiple of replicates ${String(replicates)}, got ${String(trials)}`,
    );
  return trials;
}

/** Dimensions of a Sobol sequence, and advice on its length. */
export function checkSobol(
  findings: Findings,
  { method }: StudyForm,
  trials: number,
  parameters: number,
  replicates: number,
): void {
  if (method !== "sobol") return;
  if (parameters > SOBOL_DIMENSIONS)
    fault(
      findings,
      ["parameters"],
      `must be at most ${String(SOBOL_DIMENSIONS)} with method sobol, got ${String(parameters)}`,
      "use random",
    );
  const points = trials / replicates;
  if (!Number.isInteger(Math.log2(points)) && parameters > 0) {
    const near = 2 ** Math.round(Math.log2(points)) * replicates;
    findings.warn({
      message: `a Sobol sequence is even at powers of two, got ${String(points)} configurations`,
      where: { ...findings.source.placeOf(["trials"]), path: "trials" },
      hint: `for example trials: ${String(near)}`,
    });
  }
}
