// What a plan amounts to, in numbers and in words: what `--dry-run` shows. Runs nothing, writes nothing.

import { rungSizes } from "./halving.js";
import { cohortOf, type Cohort, type Plan } from "./plan.js";
import { spaceOf } from "./space.js";

/** One rung of all cohorts together. */
export type RungFacts = {
  /** Steps at its end. */
  readonly budget: number;
  /** Rows that train to it, at most: trials that diverge do not go on. */
  readonly rows: number;
  readonly blocks: number;
  /** Steps that its rows train since the rung before. */
  readonly steps: number;
};

/** What a plan amounts to. */
export type PlanFacts = {
  readonly trials: number;
  readonly configurations: number;
  readonly replicates: number;
  readonly cohorts: number;
  readonly cohortRows: number;
  /** Different groups; null with ask-tell, where they are not known before. */
  readonly groups: number | null;
  /** Names of parameters that make groups, and of those that become population tensors. */
  readonly statics: readonly string[];
  readonly dynamics: readonly string[];
  readonly rungs: readonly RungFacts[];
  /** Blocks of rungs above 0 are estimates where groups compete with each other. */
  readonly isEstimate: boolean;
  /** Steps of all rows, and what they would be without halving. */
  readonly steps: number;
  readonly fullSteps: number;
};

type Tally = { readonly rows: number[]; readonly blocks: number[]; readonly groups: Set<string> };

function addUnit(tally: Tally, plan: Plan, sizes: readonly number[]): void {
  const { study, blockRows } = plan;
  const rows = sizes.reduce((sum, n) => sum + n, 0);
  const { replicates } = study;
  rungSizes(study, rows / replicates).forEach((k, rung) => {
    tally.rows[rung] = (tally.rows[rung] ?? 0) + k * replicates;
    const share = (k * replicates) / rows;
    const blocks = sizes.reduce((sum, n) => sum + Math.ceil((n * share) / blockRows), 0);
    tally.blocks[rung] = (tally.blocks[rung] ?? 0) + Math.min(blocks, k * replicates);
  });
}

function addCohort(tally: Tally, plan: Plan, { groups }: Pick<Cohort, "groups">): void {
  for (const { key } of groups) tally.groups.add(key);
  const sizes = groups.map(({ trials }) => trials.length);
  if (plan.study.halving?.scope === "cohort") addUnit(tally, plan, sizes);
  else sizes.forEach((size) => addUnit(tally, plan, [size]));
}

function tallyOf(plan: Plan): Tally {
  const tally: Tally = { rows: [], blocks: [], groups: new Set() };
  const isAsked = plan.study.method === "ask-tell";
  for (let index = 0; index < plan.cohorts; index++) {
    if (!isAsked) addCohort(tally, plan, cohortOf(plan, index));
    else {
      const rows = Math.min(plan.cohortRows, plan.study.trials - index * plan.cohortRows);
      addUnit(tally, plan, [rows]);
    }
  }
  return tally;
}

/** The numbers of a plan. Draws all trials once: about a second for a million. */
export function explainPlan(plan: Plan): PlanFacts {
  const { study, rungs, cohorts, cohortRows } = plan;
  const { trials, replicates, budget, halving } = study;
  const tally = tallyOf(plan);
  const facts = rungs.map((end, rung) => {
    const rows = tally.rows[rung] ?? 0;
    return {
      budget: end,
      rows,
      blocks: tally.blocks[rung] ?? 0,
      steps: rows * (end - (rungs[rung - 1] ?? 0)),
    };
  });
  const { names, parameters } = spaceOf(study);
  const isAsked = study.method === "ask-tell";
  return {
    trials,
    configurations: trials / replicates,
    replicates,
    cohorts,
    cohortRows,
    groups: isAsked ? null : tally.groups.size,
    statics: names.filter((_, d) => parameters[d]!.isStatic),
    dynamics: names.filter((_, d) => !parameters[d]!.isStatic),
    rungs: facts,
    isEstimate: isAsked || (halving?.scope === "cohort" && rungs.length > 1),
    steps: facts.reduce((sum, { steps }) => sum + steps, 0),
    fullSteps: trials * budget.max,
  };
}

function count(n: number, noun: string): string {
  return `${String(n)} ${noun}${n === 1 ? "" : "s"}`;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
  return rows.map((row) => row.map((cell, c) => cell.padStart(widths[c]!)).join("  "));
}

/** The lines of `--dry-run`. */
export function planText(plan: Plan, facts: PlanFacts = explainPlan(plan)): string {
  const { study, identity, blockRows } = plan;
  const { statics, dynamics, groups } = facts;
  const head = [
    "rung",
    "steps",
    facts.isEstimate ? "rows ≤" : "rows",
    facts.isEstimate ? "blocks ~" : "blocks",
  ];
  const rungs = facts.rungs.map(({ budget, rows, blocks }, rung) =>
    [rung, budget, rows, blocks].map(String),
  );
  const saved =
    facts.steps === facts.fullSteps ? "" : ` of ${String(facts.fullSteps)} without halving`;
  return [
    `study ${study.name} (${identity.hash.slice(0, 12)}): ${study.task}, method ${study.method}`,
    `${count(facts.trials, "trial")}: ${count(facts.configurations, "configuration")} × ${count(facts.replicates, "replicate")}, in ${count(facts.cohorts, "cohort")} of ${String(facts.cohortRows)}`,
    `${groups === null ? "groups not known before they are asked for" : count(groups, "group")}; static: ${listed(statics)}; dynamic: ${listed(dynamics)}`,
    ...table([head, ...rungs]),
    `blocks have up to ${String(blockRows)} rows; ${String(facts.steps)} steps in all${saved}`,
  ].join("\n");
}
