// The engine of a cluster: submits an array whose tasks share the blocks out, and watches the store while they run.

import { setTimeout as wait } from "node:timers/promises";
import { join } from "node:path";
import { removeRungs } from "../../execution/checkpoint.js";
import type { ExecutorBackend, Progress } from "../../execution/messages.js";
import type { Retry } from "../../plan/left.js";
import { journalReader, replaceFile, type Store } from "../../store/index.js";
import { createEnding } from "../ending.js";
import { SweepFailure, type Engine, type EngineOptions, type Sweep } from "../engine.js";
import type { SweepEnd, SweepEvents } from "../engine.js";
import { createObserver, type Observer } from "../observer.js";
import { watchWishes } from "../wishes.js";
import {
  cancelPending,
  maxArraySize,
  readJob,
  submit,
  tasksLeft,
  writeJob,
  type SlurmJob,
} from "./commands.js";
import { planLines, slurmFolder, writePlan, type PlanLine } from "./plan-file.js";
import { batchScript, sbatchFlags, type ScriptOptions } from "./script.js";

/** How an array is submitted. */
export type SlurmOptions = Omit<ScriptOptions, "cwd" | "width" | "tasks"> & {
  /** Tasks of the array; null: as many as work at a time. */
  readonly tasks: number | null;
  readonly retry: Retry | null;
  /** Submit, and do not wait. */
  readonly detach: boolean;
  /** Told once: the array, and whether an earlier call had submitted it. */
  onArray(job: SlurmJob, isEarlier: boolean): void;
  /** Milliseconds between questions to Slurm. */
  readonly poll?: number;
};

// More often is a burden to the controller of a busy site.
const POLL_MS = 5000;

function checkMethod({ lock }: Store): void {
  if (lock.study.method !== "ask-tell") return;
  throw new SweepFailure(
    "data",
    "executor slurm: tasks of an array do not wait for each other, but with method ask-tell a generation waits for all rows of the one before",
    "use --executor bullmq, or local",
  );
}

async function submitArray(
  sweep: Sweep,
  lines: readonly PlanLine[],
  how: SlurmOptions,
  options: EngineOptions,
): Promise<SlurmJob> {
  const { store } = sweep;
  const { backend, threads, microBatch, failFast, workers, env, cwd } = options;
  const units = 1 + Math.max(...lines.map(({ unit }) => unit));
  const tasks = Math.min(units, how.tasks ?? workers);
  const most = await maxArraySize(env);
  if (tasks > most) {
    throw new SweepFailure(
      "data",
      `executor slurm: an array of this cluster has at most ${most.toString()} tasks, got ${tasks.toString()}`,
      "a task works on many blocks: take as many tasks as devices, with --tasks",
    );
  }
  writePlan(store, { tasks, retry: how.retry, backend, threads, microBatch, failFast }, lines);
  const script = { ...how, cwd, tasks, width: workers };
  const path = join(slurmFolder(store.folder), "job.sh");
  replaceFile(path, batchScript(store, script));
  const id = await submit(path, sbatchFlags(store, script), env);
  const job: SlurmJob = { id, tasks };
  writeJob(store.folder, job);
  return job;
}

type Entry = {
  readonly kind?: string;
  readonly backend?: ExecutorBackend;
  readonly message?: string;
};

/** Passes on what the tasks write into their journals from now on. */
function createListener(store: Store, events: SweepEvents): () => void {
  const reader = journalReader(store.files.events);
  reader.read();
  const workers: string[] = [];
  return () => {
    for (const { worker, entry } of reader.read()) {
      const told = entry as Entry;
      // Of this process are the entries without a task.
      if (!worker.startsWith("task-")) continue;
      if (!workers.includes(worker)) workers.push(worker);
      if (told.kind === "backend" && told.backend !== undefined) events.backend(told.backend);
      if (told.kind === "progress") events.progress(workers.indexOf(worker), entry as Progress);
      if (told.kind === "trouble") events.trouble(`${worker}: ${told.message ?? ""}`);
    }
  };
}

/** Waits until Slurm knows no task any more; false where the wait was ended before. */
async function untilEnded(
  job: SlurmJob,
  poll: number,
  env: EngineOptions["env"],
  signal: AbortSignal,
  trouble: (message: string) => void,
): Promise<boolean> {
  let said = "";
  for (;;) {
    try {
      const { running, pending } = await tasksLeft(job, env);
      if (running + pending === 0) return true;
    } catch (error) {
      // A controller that restarts answers again after a while.
      if (!(error instanceof SweepFailure)) throw error;
      if (error.message !== said) trouble(error.message);
      said = error.message;
    }
    await wait(poll, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return false;
  }
}

function rowsMissing(sweep: Sweep, { awaited }: Observer): number {
  let missing = 0;
  for (const { trials } of awaited.size === 0 ? sweep.left() : awaited.values())
    missing += trials.length;
  return missing;
}

async function run(
  how: SlurmOptions,
  sweep: Sweep,
  options: EngineOptions,
  events: SweepEvents,
): Promise<SweepEnd> {
  const { store } = sweep;
  const { env } = options;
  const poll = how.poll ?? POLL_MS;
  checkMethod(store);
  const lines = planLines(sweep);
  const earlier = readJob(store.folder);
  const left = earlier === undefined ? undefined : await tasksLeft(earlier, env);
  const goesOn = left !== undefined && left.running + left.pending > 0;
  if (lines.length === 0 && !goesOn) {
    removeRungs(store.folder);
    return "finished";
  }
  const observer = createObserver(store);
  for (const { block } of lines) observer.await(block);
  const listen = createListener(store, events);
  const job = goesOn ? earlier! : await submitArray(sweep, lines, how, options);
  how.onArray(job, goesOn);
  if (how.detach) return "stopped";

  const ending = createEnding(sweep, options);
  const wishes = watchWishes(store, options.timing.desired, (desired) => {
    ending.look(desired);
  });
  const look = (): void => {
    listen();
    for (const { block, done } of observer.look().seen) {
      events.done(block, done);
      ending.failed(done.counts.error, wishes.now());
    }
  };
  const looking = setInterval(look, options.timing.desired);
  try {
    const hasEnded = await untilEnded(job, poll, env, ending.signal, events.trouble);
    look();
    const reason = ending.reason();
    // Who no longer waits leaves the tasks alone; they end where the user wants the sweep to, or rows fail.
    if (reason === "failures" || wishes.now().stop === true) await cancelPending(job, env);
    if (!hasEnded || reason !== null) return reason ?? "stopped";
    if (![...sweep.left()].length) {
      removeRungs(store.folder);
      return "finished";
    }
    throw new SweepFailure(
      "unavailable",
      `array ${job.id} has ended, but ${rowsMissing(sweep, observer).toString()} rows are missing`,
      `see ${store.files.logs}/slurm-${job.id}_*.log; the same command submits what is left`,
    );
  } finally {
    clearInterval(looking);
    wishes.close();
    ending.close();
  }
}

/** An engine that submits an array to Slurm; `workers` of its options is the number of tasks at a time. */
export function slurm(how: SlurmOptions): Engine {
  return { name: "slurm", run: (sweep, options, events) => run(how, sweep, options, events) };
}
