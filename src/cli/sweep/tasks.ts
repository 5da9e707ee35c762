// The tasks that can be swept: every model of the command line, with the data files that its configuration names.

import type { DataFiles } from "../../models/model.js";
import {
  formOf,
  modelOfTask,
  taskOf,
  type Task,
  type TaskForm,
} from "../../sweeps/execution/task.js";
import { EXIT } from "../exit-codes.js";
import type { Io } from "../io.js";
import type { ModelEntry } from "../models.js";
import { CliError } from "../problem.js";
import { loadData } from "../train/data-files.js";

/**
 * The model of a task.
 *
 * @throws CliError where there is none of this name
 */
export function entryOfTask(task: string, { models }: Pick<Io, "models">): ModelEntry {
  const entry = models[modelOfTask(task)];
  if (entry !== undefined && Object.hasOwn(models, modelOfTask(task))) return entry;
  throw new CliError(EXIT.data, {
    message: `unknown task ${task}`,
    hint: `tasks are ${Object.keys(models)
      .map((name) => `${name}.train`)
      .join(", ")}`,
  });
}

/** Texts of data files, each read once. */
function filesOf(entry: ModelEntry, io: Pick<Io, "cwd" | "env">): (config: unknown) => DataFiles {
  const known = new Map<string, DataFiles>();
  return (config) => {
    const key = JSON.stringify((config as { readonly data?: unknown }).data ?? null);
    const files = known.get(key) ?? loadData(config, entry, io).files;
    known.set(key, files);
    return files;
  };
}

/** Loads tasks by name. */
export function taskLoader(
  io: Pick<Io, "models" | "cwd" | "env">,
): (name: string) => Promise<Task> {
  return async (name) => {
    const entry = entryOfTask(name, io);
    return taskOf(await entry.load(), filesOf(entry, io));
  };
}

/** The settings of a task, to make configurations; loads no tensors. */
export async function taskForm(name: string, io: Pick<Io, "models">): Promise<TaskForm> {
  const { schema } = await entryOfTask(name, io).settings();
  return formOf({ name: modelOfTask(name), schema });
}
