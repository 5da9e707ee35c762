// One place that runs blocks: an executor that is started again when it dies, and blocks that are tried again, then
// cut in two until the row that kills executors is alone.

import { setTimeout as wait } from "node:timers/promises";
import { hostname } from "node:os";
import { SweepFailure, type EngineOptions, type SweepEvents } from "../engines/engine.js";
import { blockOf } from "../plan/blocks.js";
import { blockTrials } from "../plan/plan.js";
import type { Store } from "../store/index.js";
import type { BatchHeader, Block } from "../types.js";
import type { Answer } from "./child.js";
import { holdExecutor, type HeldExecutor } from "./held-executor.js";
import type { Done, ExecutorBackend } from "./messages.js";
import { endedOutOfMemory, lastWords } from "./out-of-memory.js";
import { lostDevice } from "./lost-device.js";
import { errorRow } from "./rows.js";

/** A place that runs blocks, one after another. */
export type Slot = {
  /**
   * Runs a block until all its rows are committed, or until it is asked to stop.
   *
   * @throws SweepFailure where no attempt can succeed
   */
  complete(block: Block, pruned: readonly number[]): Promise<"done" | "stopped">;
  /** Asks for a checkpoint. */
  stop(): void;
  /** Kills the executor and waits until it is gone. */
  close(): Promise<void>;
};

type Piece = {
  readonly block: Block;
  /** Attempts so far that ended with the executor. */
  readonly crashes: number;
  /** Attempts that are made before the block is cut. */
  readonly attempts: number;
  readonly microBatch: number | null;
};

type Crash = Extract<Answer, { kind: "crashed" }>;

// A row alone is suspected of what its machine may have done: it gets a second chance.
const LAST_ATTEMPTS = 2;
const MOST_START_FAILURES = 3;

function describe({ code, signal, silent, tail }: Crash): string {
  if (silent) return "said nothing for too long and was killed";
  // Who is killed or aborts says nothing about it, but V8 does when its heap is full.
  if (signal !== null) {
    const words = /FATAL ERROR.*/.exec(tail)?.[0];
    return `was ended by ${signal}${words === undefined ? "" : ` (${words.slice(0, 200)})`}`;
  }
  const words = lastWords(tail);
  return `ended with code ${String(code)}${words === "" ? "" : ` (${words})`}`;
}

/** The block of some trials of a block. */
function part(store: Store, block: Block, trials: readonly number[]): Block {
  const { id: _whole, u, ...rest } = block;
  const points = u && { u: trials.map((trial) => u[block.trials.indexOf(trial)] ?? []) };
  return blockOf(store.lock.identity, { ...rest, trials, ...points });
}

/** A crash of many rows is looked into by halves. */
function halves(store: Store, { block }: Piece): readonly Piece[] {
  const middle = Math.ceil(block.trials.length / 2);
  return [block.trials.slice(0, middle), block.trials.slice(middle)].map((trials) => ({
    block: part(store, block, trials),
    crashes: 0,
    attempts: trials.length === 1 ? LAST_ATTEMPTS : 1,
    microBatch: null,
  }));
}

function poisonHeader(store: Store, block: Block, backend: ExecutorBackend | null): BatchHeader {
  return {
    format: 1,
    study: store.lock.identity.hash,
    batch: block.id,
    rung: block.rung,
    generation: block.generation,
    rows: 1,
    backend: backend?.name ?? "none",
    device: backend?.device ?? "none",
    numerics: store.lock.numericsVersion,
    host: hostname(),
    started: new Date().toISOString(),
    seconds: 0,
  };
}

/** Commits the row that kills executors. */
function commitPoisoned(
  store: Store,
  block: Block,
  crash: Crash,
  backend: ExecutorBackend | null,
): Done {
  const { study, identity } = store.lock;
  const why = `the executor ${describe(crash)}`;
  const rows = blockTrials(study, identity, block).map((trial) => errorRow(study, trial, 0, why));
  return {
    kind: "done",
    batch: block.id,
    outcome: store.commit(poisonHeader(store, block, backend), rows),
    counts: { ok: 0, diverged: 0, pruned: 0, error: rows.length },
    best: null,
    microBatch: 1,
    seconds: 0,
    why,
  };
}

type Place = {
  readonly store: Store;
  readonly options: EngineOptions;
  readonly events: SweepEvents;
  readonly executor: HeldExecutor;
};

/** What to do after the executor died on a piece: the pieces that take its place. */
async function afterCrash(
  { store, options, events, executor }: Place,
  piece: Piece,
  crash: Crash,
): Promise<readonly Piece[]> {
  const { block, crashes, attempts } = piece;
  const { timing, stop } = options;
  const { wasReady, microBatch, failures, log } = executor.lost();
  const what = `the executor ${describe(crash)}`;
  if (failures >= MOST_START_FAILURES)
    throw new SweepFailure("unavailable", `${what} before it was ready`, `see ${log}`);
  const lost = lostDevice(crash.tail);
  if (lost !== undefined)
    throw new SweepFailure("unavailable", `the executor lost its device: ${lost}`, `see ${log}`);
  const together = microBatch ?? block.trials.length;
  if (endedOutOfMemory(crash) && together > 1) {
    const half = Math.ceil(together / 2);
    events.trouble(`${block.id}: memory ran out; going on with ${half.toString()} rows at a time`);
    return [{ ...piece, microBatch: half }];
  }
  if (crashes + 1 < attempts || !wasReady) {
    const pause = timing.retries[Math.min(crashes, timing.retries.length - 1)] ?? 0;
    events.trouble(`${block.id}: ${what}; trying again`);
    await wait(pause, undefined, { signal: stop }).catch(() => undefined);
    return [{ ...piece, crashes: wasReady ? crashes + 1 : crashes }];
  }
  if (block.trials.length > 1) {
    events.trouble(`${block.id}: ${what}; looking for the row that does it`);
    return halves(store, piece);
  }
  events.done(block, commitPoisoned(store, block, crash, executor.backend()));
  return [];
}

/** One attempt at a piece: the pieces that are left of it, or the word that it was stopped. */
async function attempt(
  place: Place,
  piece: Piece,
  pruned: readonly number[],
): Promise<readonly Piece[] | "stopped"> {
  const { block, crashes, microBatch } = piece;
  const own = new Set(block.trials);
  const given = pruned.filter((trial) => own.has(trial));
  const answer = await place.executor.run({ block, microBatch, pruned: given }, 2 ** crashes);
  switch (answer.kind) {
    case "done":
      place.events.done(block, answer);
      return [];
    case "stopped":
      return "stopped";
    case "failed":
      throw new SweepFailure(answer.reason, answer.message, answer.hint ?? undefined);
    case "crashed":
      return afterCrash(place, piece, answer);
    default:
      throw new Error(`executor: answered ${answer.kind} to a run`);
  }
}

/**
 * A place that runs blocks of a store.
 *
 * @param index - from 0; names its log
 */
export function createSlot(
  index: number,
  store: Store,
  options: EngineOptions,
  events: SweepEvents,
): Slot {
  const executor = holdExecutor(index, store, options, events);
  const place: Place = { store, options, events, executor };
  return {
    async complete(whole, pruned) {
      const attempts = options.timing.retries.length + 1;
      const pieces: Piece[] = [{ block: whole, crashes: 0, attempts, microBatch: null }];
      while (pieces.length > 0) {
        if (options.stop.aborted) return "stopped";
        const left = await attempt(place, pieces.shift()!, pruned);
        if (left === "stopped") return "stopped";
        pieces.unshift(...left);
      }
      return "done";
    },
    stop: executor.stop,
    close: executor.close,
  };
}
