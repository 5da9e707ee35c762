// Sweeps of the swarm run by the local engine, with executors that are processes of their own.

import { readFileSync } from "node:fs";
import { makeFolder } from "../../src/runs/files.js";
import { local } from "../../src/sweeps/engines/local/index.js";
import {
  TIMING,
  type EngineOptions,
  type SweepEnd,
  type SweepEvents,
} from "../../src/sweeps/engines/engine.js";
import { sweepOf } from "../../src/sweeps/execution/sweep.js";
import type { Done } from "../../src/sweeps/execution/messages.js";
import { openStore, writeStudyLock, type Store } from "../../src/sweeps/store/index.js";
import type { Row, Study } from "../../src/sweeps/types.js";
import { programArgs } from "./cli.js";
import { swarmLock } from "./swarm-study.js";

/** Makes a sweep folder, or opens the one that is there. */
export function openSwarm(folder: string, study: Study, blockSize = 16): Store {
  makeFolder(folder);
  writeStudyLock(folder, swarmLock(study, blockSize));
  const store = openStore(folder);
  store.prepare();
  return store;
}

/** What happened in a sweep. */
export type Ran = {
  readonly end: SweepEnd;
  readonly done: readonly Done[];
  readonly troubles: readonly string[];
};

/** Options of a sweep in a test: little patience. */
export function engineOptions(change: Partial<EngineOptions> = {}): EngineOptions {
  return {
    executor: [process.execPath, ...programArgs(["__executor"])],
    env: { PATH: process.env["PATH"], HOME: "/nonexistent" },
    cwd: process.cwd(),
    backend: "wasm",
    threads: null,
    workers: 1,
    failFast: false,
    seconds: null,
    microBatch: null,
    timing: { ...TIMING, retries: [1, 1, 1], outputRetry: 50, desired: 50 },
    stop: new AbortController().signal,
    ...change,
  };
}

/** Runs what is left of a sweep. */
export async function runSwarm(
  store: Store,
  change: Partial<EngineOptions> = {},
  told: Partial<SweepEvents> = {},
): Promise<Ran> {
  const done: Done[] = [];
  const troubles: string[] = [];
  const end = await local.run(sweepOf(store), engineOptions(change), {
    backend: () => undefined,
    progress: () => undefined,
    ...told,
    done(block, message) {
      done.push(message);
      told.done?.(block, message);
    },
    trouble(message) {
      troubles.push(message);
      told.trouble?.(message);
    },
  });
  return { end, done, troubles };
}

/** The rows of a rung that count, by trial. */
export function rowsOf(store: Store, rung = 0): readonly Row[] {
  const committed = store.committed();
  const rows: Row[] = [];
  const batches = new Map<string, readonly Row[]>();
  for (let trial = 0; trial < committed.end(rung); trial++) {
    const id = committed.batch(rung, trial);
    if (id === undefined) continue;
    const own = batches.get(id) ?? store.rows(id);
    batches.set(id, own);
    rows.push(own.find(({ t }) => t === trial)!);
  }
  return rows;
}

/** Whether a process runs; a zombie does not. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) !== "Z";
  } catch {
    return false;
  }
}
