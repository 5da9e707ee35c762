// The configuration of a population: fixed settings, static values, and one value per row of all that is dynamic.

import { ArgumentError } from "../../errors.js";
import { activeValues } from "../plan/trials.js";
import type { z } from "zod";
import type { ParameterValue, Study, Trial } from "../types.js";
import type { TaskForm } from "./task.js";

type Section = Readonly<Record<string, unknown>>;

function isSection(value: unknown): value is Section {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `base` with the value at a path of keys; sections on the way are copied. */
function withValue(base: Section, path: readonly string[], value: unknown): Section {
  const [key = "", ...rest] = path;
  if (rest.length === 0) return { ...base, [key]: value };
  const below = base[key];
  return { ...base, [key]: withValue(isSection(below) ? below : {}, rest, value) };
}

function valueAt(config: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isSection(value) ? value[key] : undefined), config);
}

/** The values of a parameter, one a trial; undefined where it is inactive. */
type Column = { readonly name: string; readonly values: readonly (ParameterValue | undefined)[] };

function columnsOf(study: Study, trials: readonly Trial[]): readonly Column[] {
  const active = trials.map((trial) => activeValues(study, trial));
  return Object.keys(study.parameters).map((name) => ({
    name,
    values: active.map((values) => values[name]),
  }));
}

/**
 * The configuration that trains these trials together.
 *
 * @param trials - of one group: their static parameters are equal; one where the task has no population
 * @returns as a user would write it; defaults are left to the model's schema, which also checks it
 */
export function configurationOf(task: TaskForm, study: Study, trials: readonly Trial[]): Section {
  const { parameters, budget } = study;
  const used = columnsOf(study, trials).filter(({ values }) =>
    values.some((value) => value !== undefined),
  );
  let config = withValue(study.config, ["train", "steps"], budget.max);
  for (const { name, values } of used.filter(({ name }) => parameters[name]?.isStatic === true)) {
    config = withValue(config, name.split("."), values[0]);
  }
  // Where a parameter is inactive in some rows only, those have what the configuration says without it.
  const settled: unknown = task.definition.schema.safeParse(config).data ?? config;
  const plain = (values: readonly unknown[]): unknown => (task.isPopulation ? values : values[0]);
  for (const { name, values } of used.filter(({ name }) => parameters[name]?.isStatic !== true)) {
    const path = name.split(".");
    const otherwise = valueAt(settled, path);
    const filled = values.map((value) => (value === undefined ? otherwise : value));
    config = withValue(config, path, plain(filled));
  }
  const seeds = plain(trials.map(({ seed }) => seed));
  return { ...config, seed: seeds, ...(task.isPopulation && { replicas: trials.length }) };
}

// The model's schema speaks of lists; the row that is wrong is found by training it alone.
function issueText({ path, message }: z.core.$ZodIssue): string {
  const key = path.filter((part) => typeof part === "string").join(".");
  return key === "" ? message : `\`${key}\`: ${message}`;
}

function checked(task: TaskForm, config: Section): unknown {
  const result = task.definition.schema.safeParse(config);
  if (result.success) return result.data;
  throw new ArgumentError(`${task.name}: ${result.error.issues.map(issueText).join("; ")}.`);
}

/**
 * The same, complete and checked by the model's schema.
 *
 * @throws ArgumentError where these trials have settings that the model does not take
 */
export function checkedConfiguration(
  task: TaskForm,
  study: Study,
  trials: readonly Trial[],
): unknown {
  return checked(task, configurationOf(task, study, trials));
}

/**
 * The configuration that trains one trial alone, as a user would write it: plain values instead of lists of one.
 *
 * @throws ArgumentError where the trial has settings that the model does not take
 */
export function configurationOfOne(task: TaskForm, study: Study, trial: Trial): unknown {
  const alone = configurationOf({ ...task, isPopulation: false }, study, [trial]);
  const config = checked(task, { ...alone, ...(task.isPopulation && { replicas: 1 }) });
  return task.plain === undefined ? config : task.plain(config);
}
