// The executor of one slot: started when a block comes, started again after it died, and what was known of it then.

import { join } from "node:path";
import type { EngineOptions, SweepEvents } from "../engines/engine.js";
import type { Store } from "../store/index.js";
import { startExecutor, type Answer, type ExecutorChild } from "./child.js";
import type { ExecutorBackend, Run } from "./messages.js";

/** What was known of an executor that died. */
export type LostExecutor = {
  readonly wasReady: boolean;
  /** Rows it trained together last. */
  readonly microBatch: number | null;
  /** Executors in a row that died before they were ready. */
  readonly failures: number;
  /** Where its last words are. */
  readonly log: string;
};

/** An executor that can be replaced. */
export type HeldExecutor = {
  /**
   * Runs a block once.
   *
   * @param patience - how much longer than usual silence is borne
   */
  run(what: Omit<Run, "kind">, patience: number): Promise<Answer>;
  /** Forgets the executor, which has died; the next run starts another one. */
  lost(): LostExecutor;
  /** What the last one ran on; null where none was ever ready. */
  backend(): ExecutorBackend | null;
  stop(): void;
  close(): Promise<void>;
};

/**
 * Holds the executor of a slot.
 *
 * @param index - from 0; names its log
 */
export function holdExecutor(
  index: number,
  store: Store,
  options: EngineOptions,
  events: Pick<SweepEvents, "backend" | "progress">,
): HeldExecutor {
  const { env, cwd, backend, threads, workers, timing } = options;
  const owner = options.owner === undefined ? "" : `${options.owner}-`;
  const log = join(store.files.logs, `executor-${owner}${index.toString()}.log`);
  let child: ExecutorChild | undefined;
  let known: ExecutorBackend | null = null;
  let failures = 0;
  let microBatch: number | null = null;

  const start = (patience: number): ExecutorChild =>
    startExecutor(
      { command: options.executor, env, cwd, log, silence: timing.silence * patience },
      {
        kind: "start",
        folder: store.folder,
        backend,
        threads,
        workers,
        outputRetry: timing.outputRetry,
      },
    );

  return {
    backend: () => known,
    async run(what, patience) {
      child ??= start(patience);
      microBatch = what.microBatch ?? options.microBatch;
      const answer = await child.ask({ kind: "run", ...what, microBatch }, (progress) => {
        ({ microBatch } = progress);
        events.progress(index, progress);
      });
      const found = child.backend();
      if (found !== null && known === null) events.backend(found);
      known = found ?? known;
      return answer;
    },
    lost() {
      const wasReady = child?.backend() !== null;
      child = undefined;
      failures = wasReady ? 0 : failures + 1;
      return { wasReady, microBatch, failures, log };
    },
    stop() {
      child?.stop();
    },
    async close() {
      await child?.end();
      child = undefined;
    },
  };
}
