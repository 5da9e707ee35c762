// A task: what a study trains, as the executor sees it. Made from a model; knows no study.

import { z } from "zod";
import { ArgumentError } from "../../errors.js";
import type { DataFiles, ModelDefinition } from "../../models/model.js";

/** A model that can be swept, with the text of the data files that a configuration names. */
export type Task = {
  /** `<model>.train`. */
  readonly name: string;
  readonly definition: SweptModel;
  /** Rows that one program can train at most; 1 where the model has no population. */
  readonly mostRows: number;
  /** Whether settings are lists of one value per replica; else a row is trained alone, with plain values. */
  readonly isPopulation: boolean;
  readonly files: (config: unknown) => DataFiles;
  /** A checked configuration of one row as a user would write it; absent: as it is. */
  readonly plain?: (config: unknown) => unknown;
};

/** The parts of a model that a sweep uses. */
export type SweptModel = Pick<
  ModelDefinition<unknown>,
  "name" | "schema" | "train" | "numericsVersion"
>;

/** What of a task decides about configurations; loading it loads no tensors. */
export type TaskForm = Pick<Task, "name" | "isPopulation" | "plain"> & {
  readonly definition: Pick<SweptModel, "name" | "schema">;
};

type Replicas = { readonly maximum?: number };

function replicasOf(schema: z.ZodType): Replicas | undefined {
  const tree = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const node = tree.properties?.["replicas"];
  return typeof node === "object" ? node : undefined;
}

function mostRowsOf(schema: z.ZodType): number {
  const replicas = replicasOf(schema);
  return replicas === undefined ? 1 : (replicas.maximum ?? Number.MAX_SAFE_INTEGER);
}

/** The form of the task that trains a model. */
export function formOf<D extends TaskForm["definition"]>(
  definition: D,
): TaskForm & { readonly definition: D } {
  const isPopulation = mostRowsOf(definition.schema) > 1;
  return { name: `${definition.name}.train`, definition, isPopulation };
}

/** The task that trains a model. */
export function taskOf(
  definition: SweptModel,
  files: (config: unknown) => DataFiles = () => ({}),
): Task {
  return { ...formOf(definition), mostRows: mostRowsOf(definition.schema), files };
}

/**
 * The model's name in the name of a task.
 *
 * @throws ArgumentError where the task is not `<model>.train`
 */
export function modelOfTask(task: string): string {
  const [, model] = /^(.+)\.train$/.exec(task) ?? [];
  if (model !== undefined) return model;
  throw new ArgumentError(
    `modelOfTask: argument \`task\` must be <model>.train, but is "${task}". For example: dqgan.train.`,
  );
}
