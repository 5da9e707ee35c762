// Brings a run back to life for `sample` and `evaluate`: configuration, checkpoint, data, backend, model.

import type { DataFiles } from "../../models/model.js";
import { resolveSettings, type PlaceSettings } from "../config/resolve-settings.js";
import type { Context } from "../context.js";
import type { BackendSummary } from "../io.js";
import { configOf, entryOf, findRun, snapshotOf, type LoadedRun } from "../run-argument.js";
import { startBackend } from "../train/backend.js";
import { reloadData } from "../train/data-files.js";
import { keyFlags } from "../train/options.js";

/** Flags that say where a run lies and on what to compute. */
export type PlaceOptions = {
  readonly backend?: string;
  readonly threads?: string;
  readonly runs?: string;
};

/** Backend, threads and runs folder of a call. */
export function placeSettings(options: PlaceOptions, context: Context): PlaceSettings {
  const { cwd, env } = context.io;
  // Picked by name: other flags of these verbs, such as --seed, are no keys of a configuration.
  const { backend, threads, runs } = options;
  const given = Object.entries({ backend, threads, runs }).filter(([, text]) => text !== undefined);
  return resolveSettings({ flags: keyFlags(Object.fromEntries(given)), cwd, env });
}

/** A run with everything needed to compute. */
export type ReadyRun = LoadedRun & {
  readonly files: DataFiles;
  readonly backend: BackendSummary;
};

/**
 * Loads the run a user names.
 *
 * @param started - the backend, where another run of this call has started it
 * @throws CliError where it, its checkpoint or its data are missing
 */
export async function loadRun(
  name: string,
  options: PlaceOptions,
  context: Context,
  started?: BackendSummary,
): Promise<ReadyRun> {
  const settings = placeSettings(options, context);
  const run = findRun(name, settings.runs, context.io.cwd);
  const entry = entryOf(run, context);
  const config = await configOf(run, entry);
  const snapshot = snapshotOf(run, context);
  const files = reloadData(run.manifest.data, config, entry, context.io);
  const backend = started ?? (await startBackend(settings, context, entry.work));
  const definition = await entry.load();
  return { ...run, definition, config, snapshot, files, backend };
}
