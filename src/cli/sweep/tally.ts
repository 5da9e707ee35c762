// Counts of a sweep while it runs: rows by status, the best one, how much of the work is done, and how fast.

import type { Done, Progress } from "../../sweeps/execution/messages.js";
import { halvingSteps, rungBudgets, rungSizes } from "../../sweeps/plan/halving.js";
import { ranksBefore, type Scan } from "../../sweeps/store/index.js";
import type { Block, RowStatus, Study } from "../../sweeps/types.js";
import { createPace, type Pace } from "../progress/rate.js";

/** Where a sweep stands. */
export type Standing = {
  /** Rows done and in total; with halving those of all rungs, as if all of a cohort competed. */
  readonly rows: number;
  readonly total: number;
  /** Part of the steps that is done, from 0 to 1. */
  readonly part: number;
  readonly counts: Readonly<Record<RowStatus, number>>;
  readonly best: readonly [trial: number, value: number] | null;
  readonly rung: number;
  readonly rungs: number;
  /** Rows a second; undefined at first. */
  readonly rate: number | undefined;
  /** Seconds to go; undefined before the third batch. */
  readonly remaining: number | undefined;
};

/** Takes in what happens. */
export type Tally = {
  progress(slot: number, progress: Progress): void;
  done(block: Pick<Block, "id" | "rung" | "trials">, done: Done): void;
  now(): Standing;
};

const BATCHES_BEFORE_ESTIMATE = 3;

/** Rows and steps of a whole study. */
export function workOf(study: Study): { readonly rows: number; readonly steps: number } {
  const { halving, trials, replicates, budget } = study;
  if (halving === null) return { rows: trials, steps: trials * budget.max };
  const configurations = halving.cohort / replicates;
  const times = (trials / halving.cohort) * replicates;
  const rows = rungSizes(study, configurations).reduce((a, b) => a + b, 0);
  return { rows: rows * times, steps: halvingSteps(study, configurations).steps * times };
}

type Counts = Record<RowStatus, number>;

function before(scan: Scan): { counts: Counts; best: Standing["best"] } {
  const counts: Counts = { ok: 0, diverged: 0, pruned: 0, error: 0 };
  for (const rung of scan.rungs) {
    for (const status of Object.keys(counts) as RowStatus[]) counts[status] += rung.counts[status];
  }
  // Values of different rungs do not compare: those of the last one count.
  return { counts, best: scan.rungs.at(-1)?.best ?? null };
}

/**
 * A tally of a sweep.
 *
 * @param scan - what is committed when it starts
 * @param now - seconds since any start
 */
export function createTally(
  study: Study,
  scan: Scan,
  now: () => number = () => performance.now() / 1000,
): Tally {
  const work = workOf(study);
  const budgets = rungBudgets(study);
  const goal = study.metrics[0]?.goal ?? "minimize";
  const stepsOf = (rung: number): number => budgets[rung]! - (budgets[rung - 1] ?? 0);
  const running = new Map<number, { readonly id: string; readonly steps: number }>();
  let { counts, best } = before(scan);
  let rung = Math.max(0, ...scan.rungs.map((one) => one.rung));
  let steps = scan.rungs.reduce((sum, one) => sum + one.rows * stepsOf(one.rung), 0);
  let batches = 0;
  const pace = createPace();
  let reading: Pace = { rate: undefined, remaining: undefined };

  const going = (): number => [...running.values()].reduce((sum, one) => sum + one.steps, 0);
  const read = (): void => {
    reading = pace(Math.min(work.steps, steps + going()), work.steps, now());
  };
  return {
    progress(slot, { batch, part, rows, rung: at }) {
      running.set(slot, { id: batch, steps: part * rows * stepsOf(at) });
      rung = Math.max(rung, at);
      read();
    },
    done(block, { counts: own, best: found, batch }) {
      for (const [slot, { id }] of running) if (id === batch) running.delete(slot);
      counts = { ...counts };
      for (const status of Object.keys(own) as RowStatus[]) counts[status] += own[status];
      steps += block.trials.length * stepsOf(block.rung);
      if (block.rung > rung) [rung, best] = [block.rung, null];
      const isBetter = found !== null && (best === null || ranksBefore(goal, found, best));
      if (isBetter && block.rung === rung) best = found;
      batches++;
      read();
    },
    now() {
      const rows = Object.values(counts).reduce((a, b) => a + b, 0);
      const perRow = work.steps / work.rows;
      return {
        rows,
        total: work.rows,
        part: work.steps === 0 ? 1 : Math.min(1, (steps + going()) / work.steps),
        counts,
        best,
        rung,
        rungs: budgets.length,
        rate: reading.rate === undefined ? undefined : reading.rate / perRow,
        remaining: batches < BATCHES_BEFORE_ESTIMATE ? undefined : reading.remaining,
      };
    },
  };
}
