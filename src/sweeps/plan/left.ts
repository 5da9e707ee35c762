// What is left to do: the plan less what is committed, at the present rung of each cohort.

import { ArgumentError } from "../../errors.js";
import type { Block, RowStatus } from "../types.js";
import { adaptiveUniform, askFor, type ToldRow } from "./ask.js";
import { blockOf, pieces } from "./blocks.js";
import type { Group } from "./groups.js";
import { rungSizes, survivors, type JudgedRow } from "./halving.js";
import { cohortOf, cohortRange, type Cohort, type Plan } from "./plan.js";
import { spaceOf, type AskedPoints } from "./space.js";

/** What the store knows of rows without reading them. */
export type CommittedRows = {
  /** Whether a trial has a row at a rung, of any generation. */
  has(rung: number, trial: number): boolean;
  /** How the row that counts ended; undefined where there is none. */
  status(rung: number, trial: number): RowStatus | undefined;
  /** Generation of the row that counts; -1 where there is none. */
  generation(rung: number, trial: number): number;
};

/** The rows that count of some trials at a rung. Asked only for trials that are committed. */
export type RowsAt = (rung: number, trials: readonly number[]) => readonly JudgedRow[];

/** Rows to do once more. */
export type Retry = {
  readonly statuses: readonly RowStatus[];
  /** Generation of the new rows. Rows that have it already are left, so that a failure is retried once. */
  readonly generation: number;
};

type State = {
  readonly plan: Plan;
  readonly committed: CommittedRows;
  readonly rows: RowsAt | undefined;
  readonly retry: Retry | undefined;
  readonly asked: AskedPoints | undefined;
};

function isRetried({ committed, retry }: State, rung: number, trial: number): boolean {
  if (retry === undefined) return false;
  const status = committed.status(rung, trial);
  return (
    status !== undefined &&
    retry.statuses.includes(status) &&
    committed.generation(rung, trial) < retry.generation
  );
}

function pointOf({ plan, asked }: State, trial: number): readonly number[] {
  const n = spaceOf(plan.study).names.length;
  const at = (Math.floor(trial / plan.study.replicates) - asked!.first) * n;
  return [...asked!.u.subarray(at, at + n)];
}

// Pieces are cut first, then thinned: two planners that know of different rows still plan the same blocks.
function* blocksOf(
  state: State,
  cohort: number,
  group: Group,
  rung: number,
): Generator<Block, void, void> {
  const { plan, committed, retry, asked } = state;
  const budget = plan.rungs[rung]!;
  for (const piece of pieces(group.trials, plan.blockRows)) {
    const missing = piece.filter((trial) => !committed.has(rung, trial));
    const again = piece.filter((trial) => isRetried(state, rung, trial));
    for (const [trials, generation] of [
      [missing, 0],
      [again, retry?.generation ?? 0],
    ] as const) {
      if (trials.length === 0) continue;
      const u = asked && { u: trials.map((trial) => pointOf(state, trial)) };
      const content = { cohort, group: group.key, rung, budget, generation, trials, ...u };
      yield blockOf(plan.identity, content);
    }
  }
}

function rowsOf({ rows }: State, rung: number, trials: readonly number[]): readonly JudgedRow[] {
  if (rows !== undefined) return rows(rung, trials);
  throw new ArgumentError(
    "blocksLeft: argument `rows` must be given where rows decide what comes next: with successive halving and ask-tell.",
  );
}

/** Groups that compete, less the trials that did not survive a rung. */
function thinned(
  state: State,
  groups: readonly Group[],
  rung: number,
  k: number,
): readonly Group[] {
  const { metrics, replicates } = state.plan.study;
  const trials = groups.flatMap((group) => group.trials);
  const rows = rowsOf(state, rung, trials);
  const kept = new Set(survivors(rows, k, metrics[0]!.goal, replicates));
  return groups
    .map(({ key, trials }) => ({ key, trials: trials.filter((trial) => kept.has(trial)) }))
    .filter(({ trials }) => trials.length > 0);
}

// One set of competing groups: climbs rung by rung to the first one that is not complete.
function* unitLeft(
  state: State,
  cohort: number,
  competing: readonly Group[],
): Generator<Block, void, void> {
  const { study, rungs } = state.plan;
  const rows = competing.reduce((n, { trials }) => n + trials.length, 0);
  const sizes = rungSizes(study, rows / study.replicates);
  let groups = competing;
  for (let rung = 0; rung < rungs.length && groups.length > 0; rung++) {
    let isComplete = true;
    for (const group of groups) {
      for (const block of blocksOf(state, cohort, group, rung)) {
        isComplete = false;
        yield block;
      }
    }
    if (!isComplete || rung === rungs.length - 1) return;
    groups = thinned(state, groups, rung, sizes[rung + 1]!);
  }
}

function* cohortLeft(state: State, { index, groups }: Cohort): Generator<Block, void, void> {
  const units =
    state.plan.study.halving?.scope === "cohort" ? [groups] : groups.map((group) => [group]);
  for (const unit of units) yield* unitLeft(state, index, unit);
}

// Without halving a cohort whose rows are all there needs no groups.
function isDone(state: State, index: number): boolean {
  const { plan, committed } = state;
  if (plan.rungs.length > 1) return false;
  const [from, to] = cohortRange(plan, index);
  for (let trial = from; trial < to; trial++) {
    if (!committed.has(0, trial) || isRetried(state, 0, trial)) return false;
  }
  return true;
}

function toldRows(state: State, generation: number): readonly ToldRow[] {
  const { replicates } = state.plan.study;
  const [from, to] = cohortRange(state.plan, generation);
  const trials = Array.from({ length: to - from }, (_, row) => from + row);
  const rows = [...rowsOf(state, 0, trials)].sort((a, b) => a.t - b.t);
  return pieces(trials, replicates).map((configuration, c) => {
    const own = rows.slice(c * replicates, (c + 1) * replicates);
    const bad = own.find(({ s }) => s !== "ok");
    const sum = own.reduce((total, { s, v }) => total + (s === "ok" ? (v ?? NaN) : NaN), 0);
    const u = pointOf(state, configuration[0]!);
    return { generation, u, value: sum / own.length, status: bad?.s ?? "ok" };
  });
}

// Generation after generation: the next one is asked for when all rows of this one are there.
function* askedLeft(state: Omit<State, "asked">): Generator<Block, void, void> {
  const { plan } = state;
  const { study, identity, ask } = plan;
  if (ask === undefined || state.retry !== undefined) {
    throw new ArgumentError(
      "blocksLeft: with method ask-tell the plan must be given `ask`, and rows cannot be retried: later generations have seen them.",
    );
  }
  const { names } = spaceOf(study);
  const told: ToldRow[] = [];
  for (let index = 0; index < plan.cohorts; index++) {
    const [from, to] = cohortRange(plan, index);
    const uniform = adaptiveUniform(identity, index);
    const count = (to - from) / study.replicates;
    const context = { names, count, goal: study.metrics[0]!.goal, uniform };
    const u = askFor(ask, index, told, context);
    const here = { ...state, asked: { first: from / study.replicates, u } };
    if (!isDone(here, index)) return yield* cohortLeft(here, cohortOf(plan, index, here.asked));
    if (index + 1 < plan.cohorts) told.push(...toldRows(here, index));
  }
}

/**
 * The blocks still to do at the present rung of each cohort, given what is committed. Ask again when they are done:
 * under halving the next rung follows, with ask-tell the next generation. Empty when the study is complete.
 *
 * @param rows - rows that decide what comes next; with successive halving and ask-tell
 * @param retry - rows to do once more
 * @throws ArgumentError where `rows` is missing and needed
 */
export function* blocksLeft(
  plan: Plan,
  committed: CommittedRows,
  rows?: RowsAt,
  retry?: Retry,
): Generator<Block, void, void> {
  const state = { plan, committed, rows, retry };
  if (plan.study.method === "ask-tell") return yield* askedLeft(state);
  for (let index = 0; index < plan.cohorts; index++) {
    const here = { ...state, asked: undefined };
    if (!isDone(here, index)) yield* cohortLeft(here, cohortOf(plan, index));
  }
}
