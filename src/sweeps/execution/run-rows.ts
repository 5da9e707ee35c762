// Runs the rows of a block: in micro-batches that fit into memory, and one by one where some of them fail.

import { BackendError, DataError } from "../../errors.js";
import type { Block, Row, Study, Trial } from "../types.js";
import { bestMembers } from "./best-members.js";
import { isOutOfMemory } from "./out-of-memory.js";
import { cut, joinSteps, newPopulation, type Population } from "./population.js";
import { errorRow } from "./rows.js";
import type { Task } from "./task.js";
import { trainPopulation, type Goal, type Standing, type Trained } from "./train-population.js";

/** What is told of a block while it runs. */
export type RowsProgress = Standing & {
  /** Rows that have ended. */
  readonly ended: number;
  /** Rows trained together at present. */
  readonly microBatch: number;
  /** Rows of the micro-batch that trains. */
  readonly training: number;
};

/** Where an interrupted block stands: ended rows, and the others as populations. */
export type Partial = {
  readonly rows: readonly Row[];
  readonly populations: readonly Population[];
  /** Ended rows that a later rung may continue, or the best of them so far. */
  readonly kept: readonly Population[];
};

/** The rows of one block, and how they are to be run. */
export type RowsRequest = {
  readonly task: Task;
  readonly study: Study;
  readonly block: Pick<Block, "budget">;
  readonly trials: readonly Trial[];
  /** Budgets of earlier rungs, ascending: training pauses there, as it did for rows that come from them. */
  readonly pauses: readonly number[];
  /** Populations that go on from an earlier rung or an interruption; trials without one begin at step 0. */
  readonly resume?: Partial;
  /** Rows trained together at most. */
  readonly microBatch: number;
  /** Of how many rows, the best ones, the state at the end is wanted; Infinity: of all that a later rung may continue. */
  readonly keep: number;
  onProgress(progress: RowsProgress): void;
  /** Asked after every event; true: stop. */
  stopping(): boolean;
};

/** How a block ended. `partial` is there where it was stopped. */
export type RowsResult = {
  /** In the order of the trials. */
  readonly rows: readonly Row[];
  /** What a later rung continues, or the best rows as they ended; diverged rows are not in it. */
  readonly population: Population | null;
  /** The micro-batch that proved to fit. */
  readonly microBatch: number;
  readonly partial: Partial | null;
};

/** The populations to train, those furthest first. */
function populationsOf({ trials, resume }: RowsRequest): Population[] {
  const ended = new Set(resume?.rows.map(({ t }) => t));
  const going = resume?.populations ?? [];
  for (const { trials: members } of going) for (const { index } of members) ended.add(index);
  const fresh = trials.filter(({ index }) => !ended.has(index));
  return [...going, ...(fresh.length === 0 ? [] : [newPopulation(fresh)])];
}

/** An error that every row of the block would meet: of the study or the machine, not of a row. */
export function isEveryRows(error: unknown): boolean {
  return (
    error instanceof BackendError || (error instanceof DataError && /^sweep: /.test(error.message))
  );
}

/** An error in the words of a row with status `error`. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

type Attempt =
  | { readonly kind: "trained"; readonly trained: Trained }
  | { readonly kind: "shortage" | "failed"; readonly error: unknown };

async function attempt(...args: Parameters<typeof trainPopulation>): Promise<Attempt> {
  try {
    return { kind: "trained", trained: await trainPopulation(...args) };
  } catch (error) {
    if (isOutOfMemory(error)) return { kind: "shortage", error };
    if (isEveryRows(error)) throw error;
    return { kind: "failed", error };
  }
}

/**
 * Runs the rows of a block. A shortage of memory halves the micro-batch and goes on; a population that fails is cut
 * in two until the rows that fail are alone, and these become rows with status `error`.
 *
 * @throws BackendError where the device is gone; DataError where the study asks for what the task does not measure
 */
export async function runRows(request: RowsRequest): Promise<RowsResult> {
  const { task, study, block, trials } = request;
  const stages = [...request.pauses, block.budget];
  const goal: Goal = { task, study, stages, keep: request.keep > 0 };
  const rows: Row[] = [...(request.resume?.rows ?? [])];
  let kept: readonly Population[] = request.resume?.kept ?? [];
  const waiting = populationsOf(request);
  let microBatch = Math.max(1, Math.min(request.microBatch, task.mostRows));
  while (waiting.length > 0) {
    const next = waiting.shift()!;
    const size = next.trials.length;
    if (size > microBatch) {
      waiting.unshift(...cut(next, microBatch));
      continue;
    }
    const done = await attempt(goal, next, {
      onEvent: (standing) => {
        request.onProgress({ ...standing, ended: rows.length, microBatch, training: size });
      },
      stopping: request.stopping,
    });
    if (done.kind === "trained") {
      const { trained } = done;
      rows.push(...trained.rows);
      if (trained.stopped) {
        const rest = [...(trained.population === null ? [] : [trained.population]), ...waiting];
        const partial = { rows, populations: joinSteps(rest), kept: joinSteps(kept) };
        return { rows, population: null, microBatch, partial };
      }
      if (trained.population !== null)
        kept = bestMembers([...kept, trained.population], rows, study, request.keep);
    } else if (size === 1) {
      rows.push(errorRow(study, next.trials[0]!, next.snapshot?.step ?? 0, messageOf(done.error)));
    } else {
      const half = Math.ceil(size / 2);
      if (done.kind === "shortage") microBatch = half;
      waiting.unshift(...cut(next, half));
    }
  }
  const order = new Map(trials.map(({ index }, place) => [index, place]));
  rows.sort((a, b) => order.get(a.t)! - order.get(b.t)!);
  return { rows, population: joinSteps(kept)[0] ?? null, microBatch, partial: null };
}
