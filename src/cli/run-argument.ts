// The argument RUN of sample, evaluate and report: a folder, the name of a run, or `latest`.

import { basename, join, resolve } from "node:path";
import { listRuns } from "../runs/find.js";
import { runFiles } from "../runs/folder.js";
import { readCheckpoint } from "../runs/checkpoint.js";
import { readManifest, type Manifest } from "../runs/manifest.js";
import type { ModelDefinition, Snapshot } from "../models/model.js";
import type { Context } from "./context.js";
import { EXIT } from "./exit-codes.js";
import type { ModelEntry } from "./models.js";
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
  for (const folder of [resolve(cwd, argument), join(runs, argument)]) {
    const manifest = readManifest(folder);
    if (manifest !== undefined) return { folder, manifest };
  }
  const names = listRuns(runs).map(({ folder }) => basename(folder));
  throw new CliError(EXIT.missing, {
    message: `run ${argument} does not exist${didYouMean(basename(argument), names)}`,
    hint:
      names.length === 0
        ? "train one: zenoflow train dqgan"
        : `the newest one is ${names.at(-1) ?? ""} (latest)`,
  });
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
  const parsed = schema.safeParse(run.manifest.identity.config);
  if (parsed.success) return parsed.data;
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
    throw new CliError(EXIT.missing, {
      message: `${run.folder} has no checkpoint yet`,
      hint: "run the command of its manifest again to continue it",
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
