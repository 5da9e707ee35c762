// What every engine offers: it runs what is left of a sweep, somewhere. Types and the errors that end a sweep.

import type { Done, ExecutorBackend, Progress } from "../execution/messages.js";
import type { Store } from "../store/index.js";
import type { Block } from "../types.js";

/** A sweep that is to be run. */
export type Sweep = {
  readonly store: Store;
  /** Blocks that can be run now, lazily. Asked again when these are done: later rungs follow from their rows. */
  left(): Iterable<Block>;
  /** Set where other processes run the other blocks: what is shared with them stays when these are done. */
  readonly isPart?: boolean;
};

/** Milliseconds; tests have less time than users. */
export type Timing = {
  /** Waits before a block is tried again after its executor died. */
  readonly retries: readonly number[];
  /** Silence after which an executor counts as blocked; longer where its steps are. */
  readonly silence: number;
  /** Before a batch that could not be written is written again. */
  readonly outputRetry: number;
  /** Between looks at what the user wants. */
  readonly desired: number;
};

/** What users get. */
export const TIMING: Timing = {
  retries: [2000, 4000, 8000],
  silence: 60_000,
  outputRetry: 30_000,
  desired: 1000,
};

/** How a sweep is run. */
export type EngineOptions = {
  /** Program and arguments that start an executor. */
  readonly executor: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly backend: string;
  /** Of each executor; null: what the backend takes by itself. */
  readonly threads: number | null;
  readonly workers: number;
  /** Local engine only: names of GPUs as CUDA_VISIBLE_DEVICES takes them, one executor each. */
  readonly gpus?: readonly string[];
  /** Tells executors of several processes on one folder apart, in the names of their logs. */
  readonly owner?: string;
  /** End at the first row that fails. */
  readonly failFast: boolean;
  /** Seconds after which to checkpoint and end. */
  readonly seconds: number | null;
  /** Rows trained together at most; null: what fits by the probe. */
  readonly microBatch: number | null;
  readonly timing: Timing;
  /** Aborted: checkpoint and end. */
  readonly stop: AbortSignal;
};

/** Told what happens. */
export type SweepEvents = {
  backend(backend: ExecutorBackend): void;
  progress(slot: number, progress: Progress): void;
  done(block: Block, done: Done): void;
  /** Something went wrong and is being dealt with. */
  trouble(message: string): void;
};

/** Why a sweep ended. */
export type SweepEnd =
  /** All rows are there. */
  | "finished"
  /** Asked to, or out of time: checkpointed. */
  | "stopped"
  /** Too many rows failed. */
  | "failures";

/** Something that no other attempt would change ends the sweep. */
export class SweepFailure extends Error {
  override readonly name = "SweepFailure";
  readonly reason: "unavailable" | "output" | "data";
  readonly hint: string | undefined;

  constructor(reason: SweepFailure["reason"], message: string, hint?: string) {
    super(message);
    this.reason = reason;
    this.hint = hint;
  }
}

/** Runs sweeps: on this machine, through a queue, on a cluster. */
export type Engine = {
  readonly name: "local" | "bullmq" | "slurm";
  /**
   * Runs what is left.
   *
   * @throws SweepFailure where no attempt can succeed
   */
  run(sweep: Sweep, options: EngineOptions, events: SweepEvents): Promise<SweepEnd>;
};
