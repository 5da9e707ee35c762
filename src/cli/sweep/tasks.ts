// The tasks that can be swept: every model of the command line, with the data files that its configuration names; and
// modules of users.

import type { DataFiles } from "../../models/model.js";
import type { TaskOfStudy } from "../../sweeps/execution/executor.js";
import {
  formOf,
  modelOfTask,
  taskOf,
  type Task,
  type TaskForm,
} from "../../sweeps/execution/task.js";
import type { LoadedTask } from "../../sweeps/study/task-module.js";
import { EXIT } from "../exit-codes.js";
import type { Io } from "../io.js";
import type { ModelEntry } from "../models.js";
import { CliError } from "../problem.js";
import { loadData } from "../train/data-files.js";

/** What decides about the data files of a task. */
export type DataOfTask = Pick<ModelEntry, "dataKeys" | "images">;

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
function filesOf(entry: DataOfTask, io: Pick<Io, "cwd" | "env">): (config: unknown) => DataFiles {
  const known = new Map<string, DataFiles>();
  return (config) => {
    const key = JSON.stringify((config as { readonly data?: unknown }).data ?? config);
    const files = known.get(key) ?? loadData(config, entry, io).files;
    known.set(key, files);
    return files;
  };
}

async function moduleOf({ study, module = "" }: TaskOfStudy): Promise<LoadedTask | undefined> {
  if (study.module === undefined) return undefined;
  const { readTaskModule } = await import("../../sweeps/study/task-module.js");
  return readTaskModule(module, study.module.sha256);
}

/** What decides about the data files of a study's task. */
export async function dataOfTask(of: TaskOfStudy, io: Pick<Io, "models">): Promise<DataOfTask> {
  const module = await moduleOf(of);
  return module === undefined
    ? entryOfTask(of.study.task, io)
    : { dataKeys: module.dataKeys ?? [] };
}

/** Loads the tasks of studies. */
export function taskLoader(
  io: Pick<Io, "models" | "cwd" | "env">,
): (of: TaskOfStudy) => Promise<Task> {
  return async (of) => {
    const { task } = of.study;
    const module = await moduleOf(of);
    if (module !== undefined) {
      const { moduleTask } = await import("../../sweeps/execution/module-task.js");
      return moduleTask(task, module, filesOf({ dataKeys: module.dataKeys ?? [] }, io));
    }
    const entry = entryOfTask(task, io);
    return taskOf(await entry.load(), filesOf(entry, io));
  };
}

/** The settings of a task, to make configurations; loads no tensors. */
export async function taskForm(of: TaskOfStudy, io: Pick<Io, "models">): Promise<TaskForm> {
  const { task } = of.study;
  const module = await moduleOf(of);
  if (module !== undefined) {
    const { moduleForm } = await import("../../sweeps/execution/module-task.js");
    return moduleForm(task, module);
  }
  const { schema } = await entryOfTask(task, io).settings();
  return formOf({ name: modelOfTask(task), schema });
}
