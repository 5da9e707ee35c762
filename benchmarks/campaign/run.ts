// Measures the points of questions one after another, skips those that are finished, says how far it is. Writes
// nothing but the store.

import { setImmediate as nextTurn } from "node:timers/promises";
import { duration } from "../../src/cli/table.js";
import { NotRun } from "./question.js";
import type { Row, SuiteOptions } from "../harness.js";
import type { Point, Question } from "./question.js";
import type { PointRecord, Store } from "./store.js";

type Task = { readonly question: Question; readonly point: Point<Row> };

/** How far a run came. */
export type Progress = {
  readonly points: number;
  readonly done: number;
  readonly failed: number;
  readonly complete: boolean;
};

/** A failed point is tried again: memory or another process may have been the reason. */
function isFinished(record: PointRecord | undefined): boolean {
  return record !== undefined && record.status !== "failed";
}

const describe = ({ question, point }: Task): string =>
  `${question.name} ${Object.entries(point.spec)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(" ")}`;

async function measured({ question, point }: Task, options: SuiteOptions): Promise<PointRecord> {
  const start = performance.now();
  const what = { question: question.name, spec: point.spec };
  const since = (): number => (performance.now() - start) / 1000;
  const { profile, stopping = () => false } = options;
  try {
    const result = await question.measure(point.spec, { profile, stopping });
    return { ...what, status: "done", ...result, seconds: since() };
  } catch (error) {
    const status = error instanceof NotRun ? "not run" : "failed";
    const reason = error instanceof Error ? error.message : String(error);
    return { ...what, status, reason, rows: [], seconds: since() };
  }
}

/** Remaining seconds: what is expected of the points to come, times what the measured ones took over expectation. */
function estimator(tasks: readonly Task[]): {
  took(task: Task, seconds: number): void;
  remaining(from: number): number;
} {
  let [expected, actual] = [0, 0];
  return {
    took(task, seconds) {
      expected += task.point.seconds;
      actual += seconds;
    },
    remaining(from) {
      const ratio = expected > 0 ? actual / expected : 1;
      return ratio * tasks.slice(from).reduce((sum, task) => sum + task.point.seconds, 0);
    },
  };
}

/** Measures what is not finished yet, until done or asked to stop. */
export async function runPoints(
  questions: readonly Question[],
  store: Store,
  options: SuiteOptions,
): Promise<Progress> {
  const all = questions.flatMap((one) =>
    one.points(options.profile).map((point): Task => ({ question: one, point })),
  );
  const recordOf = ({ question, point }: Task): PointRecord | undefined =>
    store.find(question.name, point.spec);
  const open = all.filter((task) => !isFinished(recordOf(task)));
  const stopping = (): boolean => options.stopping?.() === true;
  const estimate = estimator(open);
  if (open.length < all.length)
    options.log(
      `${String(all.length - open.length)} of ${String(all.length)} points are finished; continuing in ${store.folder}`,
    );
  for (const [i, task] of open.entries()) {
    // Signals are delivered between turns of the event loop.
    await nextTurn();
    if (stopping()) break;
    const at = all.length - open.length + i;
    const left = `about ${duration(Math.ceil(estimate.remaining(i)))} left`;
    options.status?.(`${String(at + 1)}/${String(all.length)} ${left}  ${describe(task)}`);
    const record = await measured(task, options);
    await nextTurn();
    // What failed because it was told to stop has not failed.
    if (record.status === "failed" && stopping()) break;
    store.add(record);
    estimate.took(task, record.seconds);
    if (record.status === "failed") options.log(`failed: ${describe(task)}: ${record.reason!}`);
  }
  options.status?.(undefined);
  const ends = all.map((task) => recordOf(task)?.status);
  return {
    points: all.length,
    done: ends.filter((status) => status !== undefined).length,
    failed: ends.filter((status) => status === "failed").length,
    complete: ends.every((status) => status !== undefined),
  };
}
