// The best trials of a sweep as run folders, so that sample, evaluate and report read them like any run.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { DataError } from "../../errors.js";
import type { Snapshot } from "../../models/model.js";
import { writeCheckpoint } from "../../runs/checkpoint.js";
import { makeFolder, writeAtomically } from "../../runs/files.js";
import { runFiles } from "../../runs/folder.js";
import { configHash, type Identity } from "../../runs/identity.js";
import { lockHolder } from "../../runs/lock.js";
import { MANIFEST_SCHEMA, writeManifest, type DataSource } from "../../runs/manifest.js";
import type { EngineOptions } from "../../sweeps/engines/engine.js";
import { rungBudgets } from "../../sweeps/plan/halving.js";
import {
  bestFolder,
  bestPath,
  bestTrials,
  keptModels,
  readSweepManifest,
  type Store,
} from "../../sweeps/store/index.js";
import type { TaskForm } from "../../sweeps/execution/task.js";
import { seedAt } from "../../sweeps/plan/trials.js";
import { renderConfig } from "../config/render.js";
import type { Context } from "../context.js";
import { loadData } from "../train/data-files.js";
import { surroundings } from "../train/open-run.js";
import { dataOfTask, taskForm } from "./tasks.js";

/** One of the best trials. */
export type BestRun = {
  readonly trial: number;
  readonly value: number;
  /** Its run folder; null where its model was not kept. */
  readonly folder: string | null;
};

/** Where relative paths of data start: the folder that the sweep was called in. */
function placeOf({ folder }: Store, { io }: Context): string {
  try {
    return readSweepManifest(folder).invocations.at(-1)?.cwd ?? io.cwd;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return io.cwd;
  }
}

type Making = {
  readonly store: Store;
  readonly task: TaskForm;
  readonly context: Context;
  readonly cwd: string;
};

async function sourcesOf(
  { store, context, cwd }: Making,
  config: unknown,
): Promise<readonly DataSource[]> {
  const { datasets } = store.lock;
  const entry = await dataOfTask(store.lock, context.io);
  const { sources } = loadData(config, entry, { ...context.io, cwd });
  // What the trial was trained with; whether the file still is the same is checked when it is used.
  return sources.map((source) => ({ ...source, sha256: datasets[source.path] ?? source.sha256 }));
}

function originOf(store: Store, trial: number): (key: string) => string {
  const { parameters } = store.lock.study;
  return (key) => {
    if (key === "seed") return `of trial ${trial.toString()}`;
    if (Object.hasOwn(parameters, key)) return "parameter";
    return key === "task" ? "" : "study";
  };
}

async function write(
  folder: string,
  making: Making,
  trial: number,
  snapshot: Snapshot,
): Promise<void> {
  const { store, task, context } = making;
  const { study, identity } = store.lock;
  const { configurationOfOne } = await import("../../sweeps/execution/configuration.js");
  const { rowValues } = await import("../../sweeps/execution/rerun.js");
  const values = rowValues(store, store.committed().rungs.at(-1) ?? 0, trial);
  const seed = seedAt(identity, trial);
  const config = configurationOfOne(task, study, { index: trial, values, seed });
  const sources = await sourcesOf(making, config);
  const data = Object.fromEntries(sources.map(({ path, sha256 }) => [path, sha256]));
  const of: Identity = { task: task.definition.name, config, data };
  const origin = originOf(store, trial);
  const files = runFiles(folder);
  writeAtomically(files.config, renderConfig({ task: of.task, config, origin }));
  writeCheckpoint(files.checkpoints, snapshot);
  const now = new Date().toISOString();
  const call = surroundings(context, "sweep", null, null);
  writeManifest(folder, {
    schema: MANIFEST_SCHEMA,
    created: now,
    status: "finished",
    step: snapshot.step,
    configHash: configHash(of),
    identity: of,
    data: sources,
    invocations: [{ ...call, stop: now, exit: 0 }],
  });
}

/** Makes the folder beside its place and moves it there whole. */
async function make(making: Making, trial: number, snapshot: Snapshot): Promise<void> {
  const { store } = making;
  makeFolder(bestFolder(store));
  const beside = join(bestFolder(store), `.new-${randomBytes(6).toString("hex")}`);
  mkdirSync(beside);
  try {
    await write(beside, making, trial, snapshot);
    renameSync(beside, bestPath(store, trial));
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    // Another process makes the same folder of the same model.
    if (!existsSync(bestPath(store, trial))) throw error;
  }
}

/** Removes the folders of trials that fell behind; one that is being evaluated goes the next time. */
function drop(store: Store, best: readonly number[]): void {
  const kept = new Set(best.map((trial) => bestPath(store, trial)));
  if (!existsSync(bestFolder(store))) return;
  for (const name of readdirSync(bestFolder(store))) {
    const folder = join(bestFolder(store), name);
    if (/^trial-\d+$/.test(name) && !kept.has(folder) && lockHolder(folder) === undefined)
      rmSync(folder, { recursive: true, force: true });
  }
}

/** The best trials that were trained to the end, best first. */
function finalTrials(store: Store): readonly (readonly [trial: number, value: number])[] {
  const last = rungBudgets(store.lock.study).length - 1;
  return store.committed().rungs.at(-1) === last ? bestTrials(store, keptModels(store)) : [];
}

/**
 * Brings the run folders of the best trials up to date: makes those that are missing of the models that executors
 * have kept, and removes those that fell behind. What is already there, evaluations and figures too, stays.
 *
 * @returns the best trials, best first
 * @throws OutputError where they cannot be written
 */
export async function keepBestRuns(store: Store, context: Context): Promise<readonly BestRun[]> {
  const best = finalTrials(store);
  const trials = best.map(([trial]) => trial);
  const missing = trials.filter((trial) => !existsSync(runFiles(bestPath(store, trial)).manifest));
  if (missing.length > 0) {
    const { loadModels } = await import("../../sweeps/execution/models.js");
    const models = loadModels(store.folder, missing);
    const cwd = placeOf(store, context);
    if (models.size > 0) {
      const task = await taskForm(store.lock, context.io);
      for (const [trial, snapshot] of models)
        await make({ store, task, context, cwd }, trial, snapshot);
    }
  }
  drop(store, trials);
  return best.map(([trial, value]) => {
    const folder = bestPath(store, trial);
    return { trial, value, folder: existsSync(folder) ? folder : null };
  });
}

/**
 * As {@link keepBestRuns}; models that were not kept, such as those of a smaller number before, are trained again.
 *
 * @param options - how this machine runs executors; null: it does not
 */
export async function completeBestRuns(
  store: Store,
  options: EngineOptions | null,
  context: Context,
): Promise<readonly BestRun[]> {
  const { terminal } = context;
  const best = await keepBestRuns(store, context);
  const lost = best.filter(({ folder }) => folder === null).map(({ trial }) => trial);
  if (lost.length === 0) return best;
  const which = `the model of trial ${lost.join(", ")}, which was not kept`;
  if (options === null) {
    terminal.warn({
      message: `no run folder for ${which}`,
      hint: "the same command with --executor local trains it again",
    });
    return best;
  }
  terminal.note(`training again ${which}`);
  const { retrainModels } = await import("../../sweeps/execution/rerun.js");
  for (const { trial } of await retrainModels(store, lost, options)) {
    terminal.warn({
      message: `the model of trial ${trial.toString()} was trained again, and not to the last bit as before: its measures differ from the row`,
    });
  }
  return keepBestRuns(store, context);
}
