// The executor: runs blocks in a process of its own, and commits their rows. Everything with tensors happens here.

import { setTimeout as wait } from "node:timers/promises";
import { hostname } from "node:os";
import { BackendError, DataError } from "../../errors.js";
import { OutputError } from "../../runs/output-error.js";
import {
  bestOf,
  DiskError,
  isWorthKeeping,
  keptModels,
  openStore,
  type Store,
  type StudyLock,
} from "../store/index.js";
import type { BatchHeader, Block, Row, RowStatus } from "../types.js";
import { createBlockRunner, type BlockRunner, type RunBlock } from "./block-runner.js";
import { removePartial, savePartial, savePopulation } from "./checkpoint.js";
import { dropModels, saveModels } from "./models.js";
import type { Population } from "./population.js";
import type {
  Done,
  ExecutorBackend,
  Failed,
  FromExecutor,
  Run,
  Start,
  ToExecutor,
} from "./messages.js";
import type { RowsResult } from "./run-rows.js";
import type { Task } from "./task.js";

/** The other end: the supervisor. */
export type Port = {
  send(message: FromExecutor): void;
  /** Handlers hear messages in order. */
  onMessage(handle: (message: ToExecutor) => void): void;
};

/** What says which task is trained. */
export type TaskOfStudy = Pick<StudyLock, "study" | "module">;

/** What an executor works with. */
export type Resources = {
  task(of: TaskOfStudy): Promise<Task>;
  /** `task` says what is computed, for the backend `auto`. */
  chooseBackend(
    name: string,
    options: { readonly threads?: number },
    task: string,
  ): Promise<ExecutorBackend>;
  open?(folder: string): Store;
};

type Ready = {
  readonly start: Start;
  readonly store: Store;
  readonly task: Task;
  readonly backend: ExecutorBackend;
  readonly runner: BlockRunner;
};

async function prepare(start: Start, resources: Resources): Promise<Ready> {
  const { threads, folder } = start;
  const store = (resources.open ?? openStore)(folder);
  const name = store.lock.study.task;
  const own = threads === null ? {} : { threads };
  const backend = await resources.chooseBackend(start.backend, own, name);
  const task = await resources.task(store.lock);
  const { study, identity } = store.lock;
  const runner = createBlockRunner({
    task,
    study,
    identity,
    folder,
    backend: backend.name,
    workers: start.workers,
  });
  return { start, store, task, backend, runner };
}

function failure(error: unknown): Failed | undefined {
  const told = (reason: Failed["reason"], hint: string | null = null): Failed => ({
    kind: "failed",
    reason,
    message: (error as Error).message,
    hint,
  });
  if (error instanceof OutputError) return told("output", error.hint);
  if (error instanceof BackendError) return told("unavailable");
  return error instanceof DataError ? told("data") : undefined;
}

function countsOf(rows: readonly Row[]): Record<RowStatus, number> {
  const counts = { ok: 0, diverged: 0, pruned: 0, error: 0 };
  for (const { s } of rows) counts[s]++;
  return counts;
}

function headerOf(
  ready: Ready,
  block: Block,
  rows: number,
  started: Date,
  seconds: number,
): BatchHeader {
  return {
    format: 1,
    study: ready.store.lock.identity.hash,
    batch: block.id,
    rung: block.rung,
    generation: block.generation,
    rows,
    backend: ready.backend.name,
    device: ready.backend.device,
    numerics: ready.task.definition.numericsVersion,
    host: hostname(),
    started: started.toISOString(),
    seconds,
  };
}

/** Writes; a disk that is full for now is asked once more. What is written stays in memory meanwhile. */
async function patiently<T>(ready: Ready, write: () => T): Promise<T> {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    await wait(ready.start.outputRetry);
    return write();
  }
}

/** Keeps what a block leaves: to the next rung all of it, at the end the models that may be among the best. */
function keep(store: Store, block: Block, population: Population, rows: readonly Row[]): void {
  const { study } = store.lock;
  if (block.budget < study.budget.max) {
    savePopulation(store.folder, block, population);
    return;
  }
  const best = bestOf(rows, study.metrics[0]?.goal ?? "minimize");
  if (best !== null && isWorthKeeping(store, block.rung, best, keptModels(store)))
    saveModels(store.folder, block, population);
}

async function finish(
  ready: Ready,
  block: Block,
  result: RowsResult,
  started: Date,
  seconds: number,
): Promise<Done> {
  const { store } = ready;
  const { rows, population, microBatch } = result;
  // First what the next rung needs, and the best models: a committed row is never without them.
  if (population !== null)
    await patiently(ready, () => {
      keep(store, block, population, rows);
    });
  const header = headerOf(ready, block, rows.length, started, seconds);
  const outcome = await patiently(ready, () => store.commit(header, rows));
  removePartial(store.folder, block.id);
  dropModels(store);
  return {
    kind: "done",
    batch: block.id,
    outcome,
    counts: countsOf(rows),
    best: bestOf(rows, store.lock.study.metrics[0]?.goal ?? "minimize"),
    microBatch,
    seconds,
    why: rows.find(({ s }) => s === "error")?.why ?? null,
  };
}

const MESSAGE_MS = 1000;

/** Lets a message through at most once a second. */
function seldom(send: (message: FromExecutor) => void): (message: FromExecutor) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (message) => {
    const now = performance.now();
    if (now - last < MESSAGE_MS) return;
    last = now;
    send(message);
  };
}

function bestValue(values: readonly number[], goal: "minimize" | "maximize"): number | null {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return null;
  return finite.reduce((a, b) => (goal === "minimize" ? Math.min(a, b) : Math.max(a, b)));
}

function reporter(ready: Ready, block: Block, port: Port): RunBlock["onProgress"] {
  const send = seldom((message) => {
    port.send(message);
  });
  const goal = ready.store.lock.study.metrics[0]?.goal ?? "minimize";
  let first: number | undefined;
  return ({ step, alive, values, ended, microBatch, training }) => {
    // A later rung begins where the one before ended.
    first = Math.min(first ?? step, block.rung === 0 ? 0 : step);
    const done = (step - first) / Math.max(1, block.budget - first);
    const part = (ended + training * done) / block.trials.length;
    send({
      kind: "progress",
      batch: block.id,
      rung: block.rung,
      step,
      rows: block.trials.length,
      part: Math.min(1, part),
      alive,
      microBatch,
      value: bestValue(values, goal),
      memory: process.memoryUsage.rss(),
    });
  };
}

async function run(
  ready: Ready,
  { block, microBatch, pruned }: Run,
  stopping: () => boolean,
  port: Port,
): Promise<FromExecutor> {
  const started = new Date();
  const begun = performance.now();
  const onProgress = reporter(ready, block, port);
  const best = keptModels(ready.store);
  const how = { microBatch, pruned, best, fresh: false, onProgress, stopping };
  const result = await ready.runner.run(block, how);
  if (result.partial !== null) {
    savePartial(ready.store.folder, block.id, result.partial);
    return { kind: "stopped", batch: block.id };
  }
  return finish(ready, block, result, started, (performance.now() - begun) / 1000);
}

type Rerun = Extract<ToExecutor, { kind: "rerun" }>;

async function rerun(
  ready: Ready,
  { block, microBatch, models }: Rerun,
  stopping: () => boolean,
  port: Port,
): Promise<FromExecutor> {
  const onProgress = reporter(ready, block, port);
  const best = models ? Number.POSITIVE_INFINITY : 0;
  const how = { microBatch, pruned: [], best, fresh: true, onProgress, stopping };
  const result = await ready.runner.run(block, how);
  if (result.partial !== null) return { kind: "stopped", batch: block.id };
  if (models && result.population !== null)
    saveModels(ready.store.folder, block, result.population);
  return { kind: "rows", rows: result.rows, microBatch: result.microBatch };
}

/**
 * Serves one supervisor: starts when told, runs one block after another, stops when told. Errors that another attempt
 * would not change are reported; any other ends the process, and the supervisor sees that.
 *
 * @returns a promise that never resolves, but rejects where the executor must end
 */
export function serveExecutor(port: Port, resources: Resources): Promise<never> {
  let ready: Promise<Ready> | undefined;
  let stopping = false;
  const answer = async (message: Exclude<ToExecutor, { kind: "stop" }>): Promise<FromExecutor> => {
    if (message.kind === "start") {
      ready = prepare(message, resources);
      return { kind: "ready", backend: (await ready).backend };
    }
    if (ready === undefined) throw new Error("executor: a block came before the start");
    const { block } = message;
    const isStopping = (): boolean => stopping;
    if (message.kind === "run") return run(await ready, message, isStopping, port);
    if (message.kind === "probe") return (await ready).runner.probe(block);
    return rerun(await ready, message, isStopping, port);
  };
  return new Promise((_resolve, reject) => {
    port.onMessage((message) => {
      if (message.kind === "stop") {
        stopping = true;
        return;
      }
      answer(message).then(
        (reply) => {
          port.send(reply);
        },
        (error: unknown) => {
          const failed = failure(error);
          if (failed === undefined)
            reject(error instanceof Error ? error : new Error(String(error)));
          else port.send(failed);
        },
      );
    });
  });
}
