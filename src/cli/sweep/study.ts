// From the arguments of `sweep` to a study: the file with its changes, the data it names, and its identity.

import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Ask } from "../../sweeps/plan/ask.js";
import type { StudyLock } from "../../sweeps/store/index.js";
import type { Study } from "../../sweeps/types.js";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import type { ModelRegistry } from "../models.js";
import { CliError } from "../problem.js";
import { loadData } from "../train/data-files.js";
import { ignoredSettings } from "./ambient.js";
import { dataOfTask } from "./tasks.js";

/** A study that is ready to run. */
export type ReadyStudy = {
  /** As the user wrote it. */
  readonly text: string;
  readonly file: string;
  /** What proposes points; method ask-tell only. */
  readonly ask: Ask | undefined;
  readonly lock: Omit<StudyLock, "schema" | "blockSize">;
};

type Tasks = Parameters<typeof import("../../sweeps/study/index.js").loadStudy>[1];

/** Settings of all tasks; loads schemas, no tensors. */
async function tasksOf(models: ModelRegistry): Promise<Tasks> {
  const entries = Object.entries(models).map(
    async ([name, entry]) => [`${name}.train`, await entry.settings()] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function settingsOf(module = ""): Promise<Tasks[string]> {
  const { readTaskModule, settingsOfModule } = await import("../../sweeps/study/task-module.js");
  return settingsOfModule(await readTaskModule(module));
}

function checkFile(path: string, { io }: Context): string {
  const file = resolve(io.cwd, path);
  if (existsSync(file)) return file;
  throw new CliError(EXIT.missing, {
    message: `study ${path} does not exist`,
    hint: "the argument is a study file: zenoflow sweep study.yaml (docs/sweeps.md has a first one)",
  });
}

function withTrials(study: Study, most: number | undefined): Study {
  if (most === undefined || most >= study.trials) return study;
  const step = study.halving?.cohort ?? study.replicates;
  if (most % step === 0) return { ...study, trials: most };
  const what = study.halving === null ? "replicates" : "cohort";
  throw new CliError(EXIT.data, {
    message: `--max-trials must be a multiple of the ${what}, ${step.toString()}, got ${most.toString()}`,
  });
}

/**
 * Reads a study.
 *
 * @param overrides - `key=spec` arguments
 * @throws CliError with all that is wrong
 */
export async function readyStudy(
  path: string,
  overrides: readonly string[],
  maxTrials: number | undefined,
  context: Context,
): Promise<ReadyStudy> {
  const { io, terminal } = context;
  const file = checkFile(path, context);
  const { loadAsk, loadStudy, parseSpec, studyIdentity, taskTree } =
    await import("../../sweeps/study/index.js");
  const tasks = await tasksOf(io.models);
  const changes = overrides.map((override) => parseSpec(override));
  // Places in messages are shown as the user wrote the path.
  const shown = io.cwd === process.cwd() ? path : file;
  const loaded = await loadStudy(shown, tasks, {
    overrides: changes,
    warn: (problem) => {
      terminal.warn(problem);
    },
  });
  const study = withTrials(loaded.study, maxTrials);
  const module =
    study.module === undefined ? {} : { module: resolve(io.cwd, dirname(file), study.task) };
  const entry = await dataOfTask({ study, ...module }, io);
  const { schema, numericsVersion } = tasks[study.task] ?? (await settingsOf(module.module));
  for (const problem of ignoredSettings(io, taskTree({ schema }))) terminal.warn(problem);
  const { sources } = loadData(study.config, entry, io);
  const datasets = Object.fromEntries(sources.map(({ path, sha256 }) => [path, sha256]));
  const identity = studyIdentity(study, { numericsVersion, datasets });
  const origins = Object.fromEntries(
    changes.map(({ key, text }) => [key, `argument ${key}=${text}`]),
  );
  const ask = await loadAsk(study, file);
  return {
    text: loaded.text,
    file,
    ask,
    lock: { study, identity, numericsVersion, datasets, origins, ...module },
  };
}
