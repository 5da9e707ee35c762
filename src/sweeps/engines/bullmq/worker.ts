// The worker of a queue: leases one block after another, has an executor run it, and lets the store decide. It holds no
// tensors itself, so that its lease is always renewed in time.

import { hostname } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import type { Job, Worker } from "bullmq";
import { createSlot, type Slot } from "../../execution/slot.js";
import type { ExecutorBackend } from "../../execution/messages.js";
import type { Store } from "../../store/index.js";
import { SweepFailure, type EngineOptions, type SweepEvents } from "../engine.js";
import { createObserver } from "../observer.js";
import { watchWishes, type Wishes } from "../wishes.js";
import { isConnectionLoss, type Connection } from "./connection.js";
import {
  MOST_STALLS,
  MOST_STARTS,
  queueName,
  sweepTag,
  type BatchJob,
  type JobProgress,
  type QueueTiming,
} from "./jobs.js";

/** What a worker needs. */
export type QueuePlace = {
  readonly store: Store;
  readonly connection: Connection;
  readonly timing: QueueTiming;
  readonly options: EngineOptions;
  /** Told of what this worker does. */
  readonly events: SweepEvents;
  /** Number among the workers of this process. */
  readonly index: number;
  /** Asked while nothing is to be done: whether nothing will ever be. */
  isOver(): boolean;
};

/** The error of a Redis that does not come back. */
export function awayError({ shown, away }: Connection): SweepFailure {
  const minutes = (away() / 60_000).toFixed(1);
  return new SweepFailure(
    "unavailable",
    `Redis at ${shown} has been away for ${minutes} min; what ran was committed`,
    "the same command continues once Redis is there",
  );
}

// A Redis that is away must not hold up an end: a lease runs out by itself.
const GOODBYE_MS = 3000;
const IDLE_MS = 20;

/** A worker among all machines. */
function workerName(index: number): string {
  return `${hostname()}-${process.pid.toString()}-${index.toString()}`;
}

/** Rows of one sweep come from one backend, on whatever machines: the one it has, or was asked for. */
function backendOf(store: Store, { backend }: EngineOptions, job: BatchJob): string {
  if (backend !== "auto") return backend;
  if (job.backend !== "auto") return job.backend;
  return store.scan().backends.find((name) => name !== "none") ?? backend;
}

/** Waits for some work, but not forever. */
export async function briefly(work: Promise<unknown>, ms: number = GOODBYE_MS): Promise<void> {
  let clock: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    clock = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => undefined), enough]);
  clearTimeout(clock);
}

type End = "finished" | "stopped" | SweepFailure;

/** What runs the blocks of jobs, one after another. */
type Lessee = {
  /** Runs the block of a job, and gives it back where it was stopped. */
  lease(job: Job<BatchJob>, token?: string): Promise<void>;
  isBusy(): boolean;
  stop(): void;
  close(): Promise<void>;
};

function createLessee(
  { store, connection, options, events, index }: QueuePlace,
  wishes: () => Wishes,
  onFailure: (failure: SweepFailure) => void,
): Lessee {
  const { UnrecoverableError, WaitingError } = connection.bullmq;
  const tag = sweepTag(store);
  const stopping = new AbortController();
  let backend: ExecutorBackend | null = null;
  let running: Job<BatchJob> | undefined;
  let slot: Slot | undefined;
  const told: SweepEvents = {
    ...events,
    backend(found) {
      backend = found;
      events.backend(found);
    },
    progress(_slot, progress) {
      events.progress(index, progress);
      const message: JobProgress = { worker: workerName(index), progress, backend };
      // For those who watch: nothing depends on it.
      running?.updateProgress(message).catch(() => undefined);
    },
  };
  const slotFor = (job: BatchJob): Slot => {
    const own = { ...options, backend: backendOf(store, options, job), stop: stopping.signal };
    return (slot ??= createSlot(index, store, own, told));
  };
  const run = async (job: Job<BatchJob>, token: string | undefined): Promise<void> => {
    const { sweep, block } = job.data;
    if (sweep !== tag) {
      throw new UnrecoverableError(
        "it belongs to another folder of the same study: use another database of Redis for one of them",
      );
    }
    // A block may come twice: after Redis forgot that it was done, or while another worker runs it.
    if (createObserver(store).isCommitted(block)) return;
    running = job;
    try {
      const end = await slotFor(job.data).complete(block, wishes().pruned(block));
      if (end === "done") return;
    } finally {
      running = undefined;
    }
    await job.moveToWait(token);
    throw new WaitingError();
  };
  return {
    async lease(job, token) {
      try {
        await run(job, token);
      } catch (error) {
        // This machine is out; the job is tried again elsewhere.
        if (error instanceof SweepFailure) onFailure(error);
        throw error;
      }
    },
    isBusy: () => running !== undefined,
    stop() {
      stopping.abort();
      slot?.stop();
    },
    async close() {
      await slot?.close();
    },
  };
}

/** BullMQ's side of a worker; it begins to lease at once. */
function openWorker(
  { store, connection, timing, events, index }: QueuePlace,
  lease: Lessee["lease"],
): Worker<BatchJob> {
  const { Worker } = connection.bullmq;
  const worker = new Worker<BatchJob>(queueName(store), lease, {
    connection: connection.client(),
    name: workerName(index),
    concurrency: 1,
    lockDuration: timing.lock,
    stalledInterval: timing.stalled,
    maxStalledCount: MOST_STALLS,
    maxStartedAttempts: MOST_STARTS,
  });
  const said = new Set<string>();
  worker.on("error", (error) => {
    const { message } = error;
    if (isConnectionLoss(error) || connection.away() > 0) return;
    if (worker.closing !== undefined || said.has(message)) return;
    said.add(message);
    events.trouble(`queue: ${message}`);
  });
  return worker;
}

/**
 * Serves the queue of a store until nothing is left, or it is asked to stop.
 *
 * @throws SweepFailure where this machine cannot go on, or Redis stays away
 */
export async function serveQueue(place: QueuePlace): Promise<"finished" | "stopped"> {
  const { store, connection, timing, options } = place;
  let finish: (end: End) => void = () => undefined;
  const ended = new Promise<End>((resolve) => {
    finish = resolve;
  });
  const lessee = createLessee(place, () => wishes, finish);
  const stop = (): void => {
    lessee.stop();
    finish("stopped");
  };
  const wishes = watchWishes(store, options.timing.desired, (desired) => {
    if (desired.stop === true) stop();
  });
  options.stop.addEventListener("abort", stop);
  if (options.stop.aborted) stop();
  const worker = openWorker(place, lessee.lease);
  const look = setInterval(() => {
    const isPaused = wishes.now().pause === true;
    if (isPaused && !worker.isPaused()) void worker.pause(true);
    if (!isPaused && worker.isPaused()) void worker.resume();
    if (lessee.isBusy()) return;
    if (connection.away() > timing.away) finish(awayError(connection));
    if (place.isOver()) finish("finished");
  }, options.timing.desired);
  try {
    const end = await ended;
    // The checkpoint of what runs is written, or its rows committed, before the job is given back.
    while (lessee.isBusy()) await wait(IDLE_MS);
    if (end instanceof SweepFailure) throw end;
    return end;
  } finally {
    clearInterval(look);
    wishes.close();
    options.stop.removeEventListener("abort", stop);
    await briefly(worker.close());
    await lessee.close();
  }
}
