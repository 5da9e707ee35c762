// What can be said of a sweep from its folder: for `status`, `watch` and the end of `sweep`. Reads no rows but the best.

import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { unlessDamaged } from "../../runs/document.js";
import { fromJson } from "../../runs/json.js";
import {
  readJob,
  tasksNow,
  type SlurmJob,
  type SlurmTasks,
} from "../../sweeps/engines/slurm/commands.js";
import { rungBudgets } from "../../sweeps/plan/halving.js";
import {
  readSweepManifest,
  supervisorOf,
  type Scan,
  type Store,
  type Supervisor,
} from "../../sweeps/store/index.js";
import type { ParameterValue, Row, RowStatus } from "../../sweeps/types.js";
import { workOf, type Standing } from "./tally.js";

/** How a sweep is: `stopped` continues with the same command. */
export type SweepState = "running" | "paused" | "stopped" | "finished";

/** The document of `zenoflow status --json`, schema zenoflow.status/1. */
export type SweepStatus = {
  readonly schema: "zenoflow.status/1";
  readonly name: string;
  readonly sweep: string;
  readonly study: string;
  readonly task: string;
  readonly state: SweepState;
  readonly trials: { readonly done: number; readonly total: number };
  /** Rows of all rungs. */
  readonly rows: { readonly done: number; readonly total: number };
  /** Of the rows of all rungs. */
  readonly counts: Readonly<Record<RowStatus, number>>;
  readonly rungs: readonly {
    readonly rung: number;
    readonly budget: number;
    readonly rows: number;
    readonly counts: Readonly<Record<RowStatus, number>>;
  }[];
  readonly metric: { readonly name: string; readonly goal: "minimize" | "maximize" };
  readonly best: {
    readonly trial: number;
    readonly value: number;
    readonly parameters: Readonly<Record<string, ParameterValue>>;
  } | null;
  /** While it runs: rows a second, and seconds to go where they can be said. */
  readonly pace: { readonly rate: number | null; readonly remaining: number | null } | null;
  readonly supervisor: Supervisor | null;
  /** Its array of the executor slurm, while Slurm knows of it. */
  readonly array: (SlurmJob & SlurmTasks) | null;
  readonly backends: readonly string[];
  /** Seconds of training, over all batches. */
  readonly seconds: number;
  readonly batches: number;
  readonly damaged: number;
};

const TAIL = 65_536;

function tailOf(path: string): readonly string[] {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, TAIL));
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString("utf8").split("\n");
  } finally {
    closeSync(file);
  }
}

function parsed(line: string): unknown {
  try {
    return fromJson(line);
  } catch {
    return undefined;
  }
}

function isPace(entry: unknown): entry is Standing {
  return typeof entry === "object" && entry !== null && "kind" in entry && entry.kind === "pace";
}

/** The last word on speed, from the journal that was written last. */
function lastPace({ files }: Store): Standing | undefined {
  let names: readonly string[];
  try {
    // Workers do not know how fast all of them are together.
    names = readdirSync(files.events).filter((name) => /^(?!worker-|task-).*\.jsonl$/.test(name));
  } catch {
    return undefined;
  }
  const time = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const [newest] = names.map((name) => join(files.events, name)).sort((a, b) => time(b) - time(a));
  return newest === undefined ? undefined : tailOf(newest).map(parsed).findLast(isPace);
}

/** The calls on a sweep, none where its manifest is gone or damaged. */
function invocationsOf({ folder }: Store): ReturnType<typeof readSweepManifest>["invocations"] {
  return unlessDamaged(() => readSweepManifest(folder).invocations) ?? [];
}

// Groups of a cohort are not counted here: whether later rungs are complete says the last call that ran them.
function isFinished(store: Store, scan: Scan): boolean {
  const { study } = store.lock;
  if (scan.committed.count(0) < study.trials) return false;
  if (rungBudgets(study).length === 1) return true;
  const last = invocationsOf(store).at(-1);
  return last?.exit === 0 && (scan.rungs.at(-1)?.rung ?? 0) === rungBudgets(study).length - 1;
}

/** Whether nobody plans a sweep any more and nothing is left of it. */
export function isOver(store: Store): boolean {
  return supervisorOf(store.folder) === undefined && isFinished(store, store.scan());
}

/** The array that works for a sweep; null where none does. */
function arrayOf(store: Store): SweepStatus["array"] {
  const job = readJob(store.folder);
  const tasks = job && tasksNow(job, process.env);
  return tasks === undefined || tasks.running + tasks.pending === 0 ? null : { ...job!, ...tasks };
}

function stateOf(store: Store, scan: Scan, isSupervised: boolean): SweepState {
  if (isSupervised) return store.desired().pause === true ? "paused" : "running";
  return isFinished(store, scan) ? "finished" : "stopped";
}

function bestOf(store: Store, scan: Scan): SweepStatus["best"] {
  const last = scan.rungs.at(-1);
  if (last?.best === null || last?.best === undefined) return null;
  const [trial, value] = last.best;
  const batch = scan.committed.batch(last.rung, trial);
  const row = rowsOf(store, batch).find(({ t }) => t === trial);
  return { trial, value, parameters: row?.p ?? {} };
}

/** None where damage among them shows only now: how far a sweep is can still be said. */
function rowsOf(store: Store, batch: string | undefined): readonly Row[] {
  return (batch === undefined ? undefined : unlessDamaged(() => store.rows(batch))) ?? [];
}

function total(scan: Scan, status: RowStatus): number {
  return scan.rungs.reduce((sum, { counts }) => sum + counts[status], 0);
}

/** Looks at a sweep. */
export function statusOf(store: Store): SweepStatus {
  const { study, identity } = store.lock;
  const scan = store.scan();
  const supervisor = supervisorOf(store.folder);
  const array = arrayOf(store);
  const budgets = rungBudgets(study);
  const pace = supervisor === undefined ? undefined : lastPace(store);
  const { name, goal } = study.metrics[0] ?? { name: "", goal: "minimize" };
  return {
    schema: "zenoflow.status/1",
    name: study.name,
    sweep: store.folder,
    study: identity.hash,
    task: study.task,
    state: stateOf(store, scan, supervisor !== undefined || array !== null),
    trials: { done: scan.committed.count(0), total: study.trials },
    rows: { done: scan.rungs.reduce((sum, { rows }) => sum + rows, 0), total: workOf(study).rows },
    counts: {
      ok: total(scan, "ok"),
      diverged: total(scan, "diverged"),
      pruned: total(scan, "pruned"),
      error: total(scan, "error"),
    },
    rungs: scan.rungs.map(({ rung, rows, counts }) => ({
      rung,
      budget: budgets[rung] ?? 0,
      rows,
      counts,
    })),
    metric: { name, goal },
    best: bestOf(store, scan),
    pace:
      pace === undefined ? null : { rate: pace.rate ?? null, remaining: pace.remaining ?? null },
    supervisor: supervisor ?? null,
    array,
    backends: scan.backends,
    seconds: scan.seconds,
    batches: scan.batches.size,
    damaged: scan.damaged.length,
  };
}
