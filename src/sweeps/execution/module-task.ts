// A user's module as a task: settings row by row instead of lists, and events filled up to what executors need.

import { z } from "zod";
import { DataError } from "../../errors.js";
import type { DataFiles, Snapshot, TrainEvent, TrainOptions } from "../../models/model.js";
import { leaves, nodeAt, schemaTree, type SchemaNode } from "../../settings/schema-tree.js";
import type { LoadedTask, ModuleEvent, ModuleRow } from "../study/task-module.js";
import type { Task, TaskForm } from "./task.js";

type Section = Readonly<Record<string, unknown>>;

/** What a population of a module's rows is trained with. */
type Rows = { readonly rows: readonly ModuleRow[]; readonly steps: number };

function isSection(value: unknown): value is Section {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapAt(
  config: Section,
  path: readonly string[],
  map: (value: unknown) => unknown,
): Section {
  const [key = "", ...rest] = path;
  const value = config[key];
  if (rest.length === 0) return value === undefined ? config : { ...config, [key]: map(value) };
  return isSection(value) ? { ...config, [key]: mapAt(value, rest, map) } : config;
}

function without(config: Section, key: string): Section {
  return Object.fromEntries(Object.entries(config).filter(([name]) => name !== key));
}

/** What a sweep sets in every configuration, where the schema does not ask for it. */
function ownRemoved(config: Section, tree: SchemaNode): Section {
  let left = config;
  for (const key of ["seed", "replicas"])
    if (nodeAt(tree, [key]) === undefined) left = without(left, key);
  if (nodeAt(tree, ["train", "steps"]) !== undefined || !isSection(left["train"])) return left;
  const train = without(left["train"], "steps");
  const isEmpty = Object.keys(train).length === 0 && nodeAt(tree, ["train"]) === undefined;
  return isEmpty ? without(left, "train") : { ...left, train };
}

/** Keys that may hold a list of one value a row. */
function listedKeys(tree: SchemaNode): readonly (readonly string[])[] {
  const dynamic = leaves(tree).filter(([, { sweep }]) => sweep === "dynamic");
  return [...dynamic.map(([key]) => key.split(".")), ["seed"]];
}

/** Rows from a configuration with lists. */
function rowsSchema({ schema }: LoadedTask): z.ZodType<Rows> {
  const tree = schemaTree(schema);
  const listed = listedKeys(tree);
  return z.unknown().transform((given, context): Rows => {
    const config = given as Section;
    const seeds = [config["seed"]].flat() as readonly number[];
    const steps = (config["train"] as { readonly steps: number }).steps;
    const rows = seeds.map((seed, p) => {
      const own = listed.reduce(
        (all, path) => mapAt(all, path, (value) => (Array.isArray(value) ? value[p] : value)),
        config,
      );
      const result = schema.safeParse(ownRemoved(own, tree));
      if (result.success) return { seed, settings: result.data };
      for (const { path, message } of result.error.issues)
        context.addIssue({ code: "custom", path: [...path], message });
      return { seed, settings: undefined };
    });
    return { rows, steps };
  });
}

function numbers(
  what: string,
  values: Readonly<Record<string, number | ArrayLike<number>>>,
  rows: number,
): Record<string, readonly number[]> {
  const entries = Object.entries(values).map(([name, value]) => {
    const list = typeof value === "number" ? [value] : Array.from(value);
    if (list.length === rows) return [name, list] as const;
    throw new DataError(
      `sweep: the task must report one number a row, but \`${what}.${name}\` has ${list.length.toString()} for ${rows.toString()} rows.`,
    );
  });
  return Object.fromEntries(entries);
}

/** Stands where a module has no snapshots: such rows begin again and are passed over up to this step. */
function placeholder(step: number, rows: number): Snapshot {
  return { step, tensors: { none: { shape: [rows], values: new Float32Array(rows) } } };
}

function isPlaceholder(snapshot: Snapshot | undefined): boolean {
  return snapshot !== undefined && Object.keys(snapshot.tensors).join() === "none";
}

function completed(event: ModuleEvent, rows: number, steps: number): TrainEvent {
  const { step, losses = {}, metrics, snapshot } = event;
  if (!Number.isSafeInteger(step))
    throw new DataError("sweep: the task must report `step`, the steps done so far, but does not.");
  return {
    step,
    steps,
    losses: numbers("losses", losses, rows),
    ...(metrics && { metrics: numbers("metrics", metrics, rows) }),
    snapshot: async () => (snapshot === undefined ? placeholder(step, rows) : snapshot()),
  };
}

async function* train(
  module: LoadedTask,
  { rows, steps }: Rows,
  { until = steps, resume, files = {} }: TrainOptions = {},
): AsyncGenerator<TrainEvent, void, void> {
  const anew = resume === undefined || isPlaceholder(resume);
  const options = { steps, until, files, ...(!anew && { resume }) };
  for await (const event of module.train(rows, options)) {
    // What was reported before an interruption is not reported again.
    if (event.step > (resume?.step ?? 0)) yield completed(event, rows.length, steps);
  }
}

/** The form of a module's task. */
export function moduleForm(name: string, module: LoadedTask): TaskForm {
  return {
    name,
    isPopulation: module.mostRows !== 1,
    definition: { name, schema: rowsSchema(module) },
    plain: (config) => {
      const [{ seed, settings } = { seed: 0, settings: {} }] = (config as Rows).rows;
      return { ...(settings as Section), seed };
    },
  };
}

/** A module as a task. */
export function moduleTask(
  name: string,
  module: LoadedTask,
  files: (config: unknown) => DataFiles,
): Task {
  const form = moduleForm(name, module);
  return {
    ...form,
    definition: {
      ...form.definition,
      numericsVersion: 1,
      train: (config, options) => train(module, config as Rows, options),
    },
    mostRows: module.mostRows ?? Number.MAX_SAFE_INTEGER,
    files: (config) => files((config as Rows).rows[0]?.settings),
  };
}
