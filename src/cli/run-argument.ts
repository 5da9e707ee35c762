// The argument RUN of sample, evaluate and report: a folder, the name of a run, or `latest`.

import { existsSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { listRuns } from "../runs/find.js";
import { runFiles } from "../runs/folder.js";
import { listCheckpoints, readCheckpoint } from "../runs/checkpoint.js";
import { configHash } from "../runs/identity.js";
import { readManifest, type Manifest } from "../runs/manifest.js";
import type { ModelDefinition, Snapshot } from "../models/model.js";
import type { Context } from "./context.js";
import { EXIT } from "./exit-codes.js";
import type { ModelEntry } from "./models.js";
import { shellWord } from "./places.js";
import { CliError } from "./problem.js";
import { didYouMean } from "../settings/suggest.js";

/** A run that is there. */
export type KnownRun = { readonly folder: string; readonly manifest: Manifest };

function newest(root: string): KnownRun {
  const run = listRuns(root).at(-1);
  if (run !== undefined) return run;
  throw new CliError(EXIT.missing, {
    message: `there is no run in ${root}`,
    hint: "train one: zenoflow train dqgan; or name its folder",
  });
}

/**
 * Finds the run a user names.
 *
 * @param argument - folder, name below `root`, or `latest`
 * @throws CliError where there is no such run
 */
export function findRun(argument: string, root: string, cwd: string): KnownRun {
  const runs = resolve(cwd, root);
  if (argument === "latest") return newest(runs);
  const places = [resolve(cwd, argument), join(runs, argument)];
  for (const folder of places.filter((place) => !isSweep(place))) {
    const manifest = readManifest(folder);
    if (manifest !== undefined) return { folder, manifest };
  }
  refuseFolders(places);
  const names = listRuns(runs).map(({ folder }) => basename(folder));
  throw new CliError(EXIT.missing, {
    message: `run ${argument} does not exist${didYouMean(basename(argument), names)}`,
    hint:
      names.length === 0
        ? "train one: zenoflow train dqgan"
        : `the newest one is ${names.at(-1) ?? ""} (latest)`,
  });
}

/** Says what a folder is that is there, but is no run. */
function refuseFolders(places: readonly string[]): void {
  const folder = places.find((place) => existsSync(place) && statSync(place).isDirectory());
  if (folder === undefined) return;
  const [message, hint] = whatIs(folder);
  throw new CliError(EXIT.missing, { message: `${folder} ${message}`, hint });
}

/** Sweeps have a manifest too, of another form. */
function isSweep(folder: string): boolean {
  return existsSync(join(folder, "study.lock.json"));
}

function whatIs(folder: string): readonly [message: string, hint: string] {
  if (isSweep(folder))
    return [
      "is a sweep, not a run",
      "the models of its best trials are the runs below its folder best; zenoflow status and report take sweeps",
    ];
  if (listCheckpoints(runFiles(folder).checkpoints).length > 0)
    return [
      "holds checkpoints, but its manifest.json, which says what they are of, is missing",
      "restore the file from a copy, or train again",
    ];
  const runs = listRuns(folder);
  const last = runs.at(-1)?.folder;
  return last === undefined
    ? ["holds no run: a run has a manifest.json", "name the folder of a run, or latest"]
    : [
        `is no run, but holds ${runs.length.toString()}`,
        `the newest one is ${shellWord(last)}; --runs ${shellWord(folder)} makes latest mean it`,
      ];
}

/** The model of a run. */
export function entryOf(run: KnownRun, context: Context): ModelEntry {
  const { task } = run.manifest.identity;
  const entry = Object.hasOwn(context.io.models, task) ? context.io.models[task] : undefined;
  if (entry !== undefined) return entry;
  throw new CliError(EXIT.data, {
    message: `${run.folder} is a run of '${task}', which this version does not know`,
  });
}

/**
 * The configuration of a run, checked against the schema of this version.
 *
 * @throws CliError where the schema has changed since
 */
export async function configOf(run: KnownRun, entry: ModelEntry): Promise<unknown> {
  const { schema } = await entry.settings();
  const { identity, configHash: hash } = run.manifest;
  const parsed = schema.safeParse(identity.config);
  if (parsed.success) {
    // One digit less in a setting would still be a configuration, but not the one the checkpoints are of.
    if (configHash(identity) === hash) return parsed.data;
    throw new CliError(EXIT.data, {
      message: `${runFiles(run.folder).manifest} is damaged: the configuration in it is not the one it has the hash of`,
      hint: "restore the file from a copy, or train again",
    });
  }
  const version = run.manifest.invocations[0]?.version ?? "unknown";
  throw new CliError(EXIT.data, {
    message: `${run.folder} was written by version ${version}, whose configuration this version does not accept`,
    hint: `npx zenoflow@${version} reads it`,
  });
}

/**
 * The newest readable checkpoint of a run.
 *
 * @throws CliError where there is none yet
 */
export function snapshotOf(run: KnownRun, context: Context): Snapshot {
  const checkpoint = readCheckpoint(runFiles(run.folder).checkpoints);
  if (checkpoint === undefined) {
    const isFinished = run.manifest.status === "finished";
    throw new CliError(EXIT.missing, {
      message: isFinished
        ? `${run.folder} is finished, but its checkpoint is gone`
        : `${run.folder} has no checkpoint yet`,
      hint: isFinished
        ? "restore it from a copy, or train again with --force"
        : "run the command of its manifest again to continue it",
    });
  }
  for (const path of checkpoint.damaged) {
    context.terminal.warn({ message: `checkpoint ${path} is damaged; an older one is used` });
  }
  if (run.manifest.status !== "finished") {
    const step = checkpoint.snapshot.step.toString();
    context.terminal.warn({
      message: `${run.folder} is not finished: using its checkpoint of step ${step}`,
    });
  }
  return checkpoint.snapshot;
}

/** A run ready to compute with. */
export type LoadedRun = KnownRun & {
  readonly definition: ModelDefinition<unknown>;
  readonly config: unknown;
  readonly snapshot: Snapshot;
};
