// What a supervisor and its executor tell each other. Plain data, for any channel between two processes.

import type { Block, Row, RowStatus } from "../types.js";
import type { MemoryProbe, StepTime } from "./memory-probe.js";

/** What is known of the backend of an executor. */
export type ExecutorBackend = {
  readonly name: string;
  readonly device: string;
  readonly threads: number;
};

/** Best row so far. */
export type Best = readonly [trial: number, value: number];

/** What an executor is told first. */
export type Start = {
  readonly kind: "start";
  /** The sweep's folder; the study is read from its lock file. */
  readonly folder: string;
  readonly backend: string;
  readonly threads: number | null;
  /** Executors that share the memory of this machine. */
  readonly workers: number;
  /** Milliseconds before a batch that could not be written is written again. */
  readonly outputRetry: number;
};

/** A block to run. */
export type Run = {
  readonly kind: "run";
  readonly block: Block;
  /** Rows trained together at most; null: what fits by the probe. */
  readonly microBatch: number | null;
  /** Trials that the user gave up. */
  readonly pruned: readonly number[];
};

/** Messages to an executor. */
export type ToExecutor =
  | Start
  | Run
  /** Rows again, from the first step and without a commit: for `verify`; with `models`, keeping all their models. */
  | {
      readonly kind: "rerun";
      readonly block: Block;
      readonly microBatch: number | null;
      readonly models: boolean;
    }
  /** What the rows of a block would take. */
  | { readonly kind: "probe"; readonly block: Block }
  /** Checkpoint and report `stopped`. */
  | { readonly kind: "stop" };

/** Where a block stands. */
export type Progress = {
  readonly kind: "progress";
  readonly batch: string;
  readonly rung: number;
  readonly step: number;
  /** Rows of the block. */
  readonly rows: number;
  /** Part of the block's work that is done, from 0 to 1. */
  readonly part: number;
  readonly alive: number;
  readonly microBatch: number;
  /** Best value of the first metric at the last evaluation; null before one. */
  readonly value: number | null;
  /** Bytes of the process. */
  readonly memory: number;
};

/** A block that was run and committed. */
export type Done = {
  readonly kind: "done";
  readonly batch: string;
  /** `exists`: another attempt had committed it. */
  readonly outcome: "committed" | "exists";
  readonly counts: Readonly<Record<RowStatus, number>>;
  readonly best: Best | null;
  readonly microBatch: number;
  readonly seconds: number;
  /** The first error of a row. */
  readonly why: string | null;
};

/** Why an executor gives up: nothing that another attempt would change. */
export type Failed = {
  readonly kind: "failed";
  readonly reason: "unavailable" | "output" | "data";
  readonly message: string;
  readonly hint: string | null;
};

/** What the rows of a block take. */
export type Probed = {
  readonly kind: "probed";
  readonly memory: MemoryProbe;
  readonly times: readonly StepTime[];
};

/** Messages from an executor. */
export type FromExecutor =
  | { readonly kind: "ready"; readonly backend: ExecutorBackend }
  | Progress
  | Done
  | { readonly kind: "rows"; readonly rows: readonly Row[]; readonly microBatch: number }
  | Probed
  | { readonly kind: "stopped"; readonly batch: string }
  | Failed;
