// Blocks as jobs of a queue: its name, what a job holds, and how often it is tried.

import type { BulkJobOptions } from "bullmq";
import { sha256 } from "../../../runs/files.js";
import { rungBudgets } from "../../plan/halving.js";
import { readSweepManifest, type Store } from "../../store/index.js";
import type { Block } from "../../types.js";
import type { ExecutorBackend, Progress } from "../../execution/messages.js";

/** What a job holds. */
export type BatchJob = {
  /** The folder it belongs to: another folder may hold the same study. */
  readonly sweep: string;
  readonly block: Block;
  /** What workers compute on that were not told otherwise. */
  readonly backend: string;
};

/** What a worker tells of a job while it runs. */
export type JobProgress = {
  readonly worker: string;
  readonly progress: Progress;
  readonly backend: ExecutorBackend | null;
};

/** One job as `addBulk` takes it. */
export type NewJob = {
  readonly name: "batch";
  readonly data: BatchJob;
  readonly opts: BulkJobOptions;
};

/** Milliseconds of the queue; tests have less time than users. */
export type QueueTiming = {
  /** After which a block whose worker fell silent may be taken by another one. */
  readonly lock: number;
  /** Between looks for such blocks, and for jobs that Redis has forgotten. */
  readonly stalled: number;
  /** Longest absence of Redis that is borne. */
  readonly away: number;
};

/** What users get. */
export const QUEUE_TIMING: QueueTiming = { lock: 60_000, stalled: 30_000, away: 600_000 };

/** Times a block may lose its worker. */
export const MOST_STALLS = 3;
/** Times a block may be begun. */
export const MOST_STARTS = 6;
const ATTEMPTS = 4;
const BACKOFF_MS = 2000;
const KEPT_SECONDS = 3600;

/** The queue of a study. */
export function queueName({ lock }: Store): string {
  return `zf-${lock.identity.hash.slice(0, 12)}`;
}

/** A sweep folder by something that it keeps on every machine: when it was made. */
export function sweepTag({ folder }: Store): string {
  return sha256(readSweepManifest(folder).created).slice(0, 12);
}

/** The job of a block; late rungs first, so that cohorts come to an end. */
export function jobOf(store: Store, sweep: string, block: Block, backend: string): NewJob {
  return {
    name: "batch",
    data: { sweep, block, backend },
    opts: {
      jobId: block.id,
      attempts: ATTEMPTS,
      backoff: { type: "exponential", delay: BACKOFF_MS },
      priority: rungBudgets(store.lock.study).length - block.rung,
      removeOnComplete: { age: KEPT_SECONDS },
    },
  };
}
