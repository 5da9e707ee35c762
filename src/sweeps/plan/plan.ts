// The plan of a study: cohorts, their groups, their blocks. A pure function of the study; nothing is stored.

import { ArgumentError } from "../../errors.js";
import type { Block, Study, StudyIdentity, Trial } from "../types.js";
import type { Ask } from "./ask.js";
import { blockOf, MOST_BLOCK_ROWS, pieces } from "./blocks.js";
import { groupsOf, type Group } from "./groups.js";
import { rungBudgets } from "./halving.js";
import type { AskedPoints } from "./space.js";
import { seedAt, trialAt, trialOf, trialTable } from "./trials.js";

/** Consecutive trials a cohort has, where the study does not say. */
export const COHORT_ROWS = 4096;

/** Consecutive trials that are grouped and, under halving, compete. */
export type Cohort = {
  readonly index: number;
  /** First trial, and one more than the last. */
  readonly from: number;
  readonly to: number;
  readonly groups: readonly Group[];
};

/** What a study does, in which units. */
export type Plan = {
  readonly study: Study;
  readonly identity: StudyIdentity;
  /** Most rows of a block. */
  readonly blockRows: number;
  readonly cohortRows: number;
  /** Number of cohorts. */
  readonly cohorts: number;
  /** Steps at the end of each rung. */
  readonly rungs: readonly number[];
  /** Method ask-tell: what proposes points. */
  readonly ask?: Ask;
};

/** Options of {@link planOf}. */
export type PlanOptions = {
  /** Most rows of a block, fixed when a sweep first runs. Default 1024. */
  readonly blockRows?: number;
  /** The method's function; method ask-tell only. */
  readonly ask?: Ask;
};

function cohortRowsOf({ halving, ask, replicates }: Study): number {
  if (ask !== undefined) return ask.generation * replicates;
  return halving?.cohort ?? COHORT_ROWS;
}

/**
 * The plan of a study.
 *
 * @throws ArgumentError where `blockRows` is not an integer from 1 to 1024
 */
export function planOf(study: Study, identity: StudyIdentity, options: PlanOptions = {}): Plan {
  const { blockRows = MOST_BLOCK_ROWS, ask } = options;
  if (!Number.isInteger(blockRows) || blockRows < 1 || blockRows > MOST_BLOCK_ROWS) {
    throw new ArgumentError(
      `planOf: argument \`blockRows\` must be an integer from 1 to ${String(MOST_BLOCK_ROWS)}, but is ${String(blockRows)}.`,
    );
  }
  const cohortRows = cohortRowsOf(study);
  const cohorts = Math.ceil(study.trials / cohortRows);
  const rungs = rungBudgets(study);
  return { study, identity, blockRows, cohortRows, cohorts, rungs, ...(ask && { ask }) };
}

/** First trial of a cohort, and one more than its last. */
export function cohortRange(plan: Plan, index: number): readonly [from: number, to: number] {
  const from = index * plan.cohortRows;
  return [from, Math.min(from + plan.cohortRows, plan.study.trials)];
}

/**
 * A cohort with its groups.
 *
 * @param asked - points of its configurations; method ask-tell only
 */
export function cohortOf(plan: Plan, index: number, asked?: AskedPoints): Cohort {
  const [from, to] = cohortRange(plan, index);
  return { index, from, to, groups: groupsOf(plan.study, plan.identity, from, to, asked) };
}

/** The blocks of the first rung, cohort after cohort, made as they are asked for. Not for method ask-tell. */
export function* firstBlocks(plan: Plan): Generator<Block, void, void> {
  for (let index = 0; index < plan.cohorts; index++) {
    for (const { key, trials } of cohortOf(plan, index).groups) {
      for (const piece of pieces(trials, plan.blockRows)) {
        yield blockOf(plan.identity, {
          cohort: index,
          group: key,
          rung: 0,
          budget: plan.rungs[0]!,
          generation: 0,
          trials: piece,
        });
      }
    }
  }
}

/** The trials of a block, on any machine: the block holds all that the study does not say. */
export function blockTrials(
  study: Study,
  identity: StudyIdentity,
  block: Pick<Block, "trials" | "u" | "values">,
): readonly Trial[] {
  const { trials, u, values } = block;
  if (values !== undefined)
    return trials.map((index, row) => ({
      index,
      values: values[row] ?? [],
      seed: seedAt(identity, index),
    }));
  if (u !== undefined) {
    return trials.map((index, row) => {
      const first = Math.floor(index / study.replicates);
      return trialAt(study, identity, index, { first, u: Float64Array.from(u[row] ?? []) });
    });
  }
  const first = trials[0] ?? 0;
  const end = (trials.at(-1) ?? -1) + 1;
  // Trials of a group are spread thinly where there are many groups.
  if (end - first > 8 * trials.length) return trials.map((i) => trialAt(study, identity, i));
  const table = trialTable(study, identity, first, Math.max(first, end));
  return trials.map((index) => trialOf(table, index));
}
