// The resolved configuration: all layers merged in order of precedence, checked, with the origin of every value.
// flags and key=value > ZENOFLOW_* > configuration file > ./zenoflow.yaml > user's file > preset > default

import type { z } from "zod";
import type { Context } from "../context.js";
import { EXIT } from "../exit-codes.js";
import type { Io } from "../io.js";
import type { ModelEntry, ModelRegistry } from "../models.js";
import { CliError, type Problem } from "../problem.js";
import { ambientLayers, environmentLayer } from "./ambient.js";
import type { Assignment, Layer } from "../../settings/layer.js";
import { knownKeys, parseMerged, type Finding, type Merged } from "../../settings/merge.js";
import { choosePreset } from "./preset.js";
import { schemaTree, type SchemaNode } from "../../settings/schema-tree.js";
import { SETTING_KEYS, settingsSchema, type Settings } from "./settings.js";
import { readSource, taskOf, unknownModel, type Source, type Task } from "./source.js";
import { parseOverride } from "./value.js";

/** What a verb was given. */
export type Given = {
  /** Model or configuration file, then `key=value` arguments. */
  readonly args: readonly string[];
  /** Assignments of flags such as `--seed`. */
  readonly flags: readonly Assignment[];
  /** Unknown keys of the environment and of files that were not named are errors, too. */
  readonly strict: boolean;
};

/** The same with what surrounds it. */
type Call = Given & Pick<Io, "cwd" | "env" | "models"> & { warn(problem: Problem): void };

/** A checked configuration. */
export type Resolved = {
  readonly task: string;
  readonly entry: ModelEntry;
  readonly schema: z.ZodType;
  /** The model's configuration, complete. */
  readonly config: unknown;
  readonly settings: Settings;
  /** Keys of settings and configuration. */
  readonly tree: SchemaNode;
  readonly presets: Readonly<Record<string, unknown>>;
  /** Where the value of a dotted key came from. */
  origin(key: string): string;
};

function isSetting(path: readonly string[]): boolean {
  return SETTING_KEYS.some((key) => key === path[0]);
}

function splitArgs(args: readonly string[]): { source?: string; overrides: readonly string[] } {
  const [first, ...rest] = args;
  return first === undefined || first.includes("=")
    ? { overrides: args }
    : { source: first, overrides: rest };
}

function chooseTask(source: Source, ambient: readonly Layer[], models: ModelRegistry): Task {
  const task = source.task ?? ambient.map(taskOf).findLast((found) => found !== undefined);
  if (task === undefined) throw new CliError(EXIT.usage, missingTask(source, models));
  if (!Object.hasOwn(models, task.name)) {
    const { message, hint } = unknownModel(task.name, models);
    const { where } = task.origin;
    const exit = where === undefined ? EXIT.usage : EXIT.data;
    throw new CliError(exit, { message, hint, ...(where === undefined ? {} : { where }) });
  }
  return task;
}

function missingTask(source: Source, models: ModelRegistry): Problem {
  const name = Object.keys(models)[0] ?? "";
  return source.layer === undefined
    ? {
        message: "a model or a configuration file is missing",
        hint: `for example: zenoflow train ${name}`,
      }
    : { message: "the configuration file must name its model", hint: `add a line: task: ${name}` };
}

// A zenoflow.yaml written for another model still sets backend and places, but no keys of this one.
function ambientFor(layer: Layer, task: string): Layer {
  const own = taskOf(layer)?.name ?? task;
  if (own === task) return layer;
  return { ...layer, assignments: layer.assignments.filter(({ path }) => isSetting(path)) };
}

function raise(findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  const inFile = findings.some(({ kind }) => kind === "file" || kind === "ambient");
  throw new CliError(
    inFile ? EXIT.data : EXIT.usage,
    findings.map(({ problem }) => problem),
  );
}

function originOf(assignments: readonly Assignment[]): (key: string) => string {
  const labels = new Map(assignments.map(({ path, origin }) => [path.join("."), origin.label]));
  return (key) => labels.get(key) ?? "default";
}

/**
 * Resolves what a verb was given into a complete configuration.
 *
 * @throws CliError with all problems at once
 */
export async function resolveConfig(given: Given, { io, terminal }: Context): Promise<Resolved> {
  const { cwd, env, models } = io;
  const call: Call = {
    ...{ ...given, cwd, env, models },
    warn: (problem) => {
      terminal.warn(problem);
    },
  };
  const { source: argument, overrides } = splitArgs(call.args);
  const source = argument === undefined ? {} : readSource(argument, call.cwd, call.models);
  const ambient = ambientLayers(call.cwd, call.env);
  const task = chooseTask(source, ambient, call.models);
  const entry = call.models[task.name] as ModelEntry;
  const { schema, presets } = await entry.settings();
  const tree = treeOf(schema);
  const environment = environmentLayer(call.env, tree);
  const flags = [...overrides.flatMap(parseOverride), ...call.flags];
  const layers: readonly Layer[] = [
    ...ambient.map((layer) => ambientFor(layer, task.name)),
    ...(source.layer === undefined ? [] : [source.layer]),
    environment.layer,
    { kind: "flag", assignments: flags },
  ];
  const preset = choosePreset(layers, presets);
  const checked = [preset.layer, ...layers].map((layer) =>
    knownKeys(layer, tree, layer.kind === "ambient" && !call.strict ? call.warn : undefined),
  );
  const taskSet: Assignment = { path: ["task"], value: task.name, origin: task.origin };
  const merged: Merged = new Map([
    ...checked.flatMap(({ known }) => [...known]),
    [taskSet, "flag"],
  ]);
  const settings = parseMerged(settingsSchema, merged, tree, isSetting);
  const model = parseMerged(schema, merged, tree, (path) => !isSetting(path));
  raise([
    ...environmentFindings(environment.problems, call),
    ...(preset.problem === undefined ? [] : [{ problem: preset.problem, kind: preset.chosenIn }]),
    ...checked.flatMap(({ findings }) => findings),
    ...settings.findings,
    ...model.findings,
  ]);
  const origin = originOf([...merged.keys()]);
  warnOfMasked(preset.layer, origin, call);
  return {
    task: task.name,
    entry,
    schema,
    config: model.value,
    settings: settings.value as Settings,
    tree,
    presets,
    origin,
  };
}

// A file written by `zenoflow config` sets every key, and so silences any preset.
function warnOfMasked({ assignments }: Layer, origin: (key: string) => string, call: Call): void {
  const [first] = assignments;
  const isMasked = assignments.every(
    ({ path, origin: { label } }) => origin(path.join(".")) !== label,
  );
  if (first === undefined || !isMasked) return;
  const key = first.path.join(".");
  call.warn({
    message: `${first.origin.label} changes nothing: all its keys are set elsewhere (${key}: ${origin(key)})`,
  });
}

function environmentFindings(problems: readonly Problem[], call: Call): readonly Finding[] {
  if (call.strict) return problems.map((problem) => ({ problem, kind: "env" }));
  problems.forEach((problem) => {
    call.warn(problem);
  });
  return [];
}

/** The keys of settings and configuration as one tree. */
export function treeOf(schema: z.ZodType): SchemaNode {
  const settings = schemaTree(settingsSchema).properties;
  return { type: "object", properties: { ...settings, ...schemaTree(schema).properties } };
}
