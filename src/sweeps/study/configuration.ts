// The fixed settings of a study: preset, file and defaults resolved against the task's schema, and tried together
// with values that the parameters take.

import type { z } from "zod";
import { issueProblem, show } from "../../settings/check.js";
import { assign, type Assignment, type Layer } from "../../settings/layer.js";
import { knownKeys } from "../../settings/merge.js";
import { nodeAt, type SchemaNode } from "../../settings/schema-tree.js";
import { didYouMean } from "../../settings/suggest.js";
import type { Problem } from "../../settings/problem.js";
import { activeValues, trialAt } from "../plan/trials.js";
import type { Parameter, Study } from "../types.js";
import { fault, type Findings, type Path } from "./findings.js";
import { OWN_KEYS, type TaskSettings } from "./tasks.js";

type Section = Record<string, unknown>;
type Parameters = Readonly<Record<string, Parameter>>;

/** Trials that are tried against the schema: what holds for none of them is an error, for some a warning. */
const TRIED = 16;

/** What is written, before it is checked. */
export type Written = {
  readonly assignments: readonly Assignment[];
  /** The value that is set for a key, by preset or file. */
  valueOf(key: string): Assignment | undefined;
};

function presetLayer(findings: Findings, name: string | null, { presets }: TaskSettings): Layer {
  const values = name !== null && Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (name !== null && values === undefined) {
    const names = Object.keys(presets);
    const hint = `presets: ${names.join(", ")}`;
    fault(findings, ["preset"], `unknown preset '${name}'${didYouMean(name, names)}`, hint);
  }
  const label = `preset ${String(name)}`;
  return { kind: "preset", assignments: assign([], values ?? {}, () => ({ label })) };
}

function fileLayer({ source }: Findings, config: Readonly<Section>): Layer {
  const origin = (raw: readonly string[]) => {
    const path: Path = ["config", ...raw];
    const where = source.placeOf(path);
    return {
      label: [where.file, where.line].filter((part) => part !== undefined).join(":"),
      where,
    };
  };
  return { kind: "file", assignments: assign([], config, origin) };
}

function checkOwn(findings: Findings, { assignments }: Layer): void {
  for (const { path, origin } of assignments) {
    const key = path.join(".");
    const hint = key === "train.steps" ? undefined : OWN_KEYS[key];
    if (hint === undefined) continue;
    const where = { ...origin.where, path: `config.${key}` };
    findings.problems.push({ message: "must not be set: the study sets it", where, hint });
  }
}

/** The settings of preset and file whose keys exist; what is wrong is added to the findings. */
export function readWritten(
  findings: Findings,
  preset: string | null,
  config: Readonly<Section>,
  task: TaskSettings,
  tree: SchemaNode,
): Written {
  const file = fileLayer(findings, config);
  checkOwn(findings, file);
  const layers = [presetLayer(findings, preset, task), file];
  const checked = layers.map((layer) => knownKeys(layer, tree, undefined));
  findings.problems.push(
    ...checked.flatMap(({ findings }) => findings.map(({ problem }) => problem)),
  );
  const assignments = checked
    .flatMap(({ known }) => [...known.keys()])
    .filter(
      ({ path }) => !Object.hasOwn(OWN_KEYS, path.join(".")) || path.join(".") === "train.steps",
    );
  const valueOf = (key: string) => assignments.findLast(({ path }) => path.join(".") === key);
  return { assignments, valueOf };
}

function setIn(target: Section, path: readonly string[], value: unknown): void {
  const [key = "", ...rest] = path;
  if (rest.length === 0) target[key] = value;
  else setIn((target[key] ??= {}) as Section, rest, value);
}

function removeIn(target: Section, path: readonly string[]): void {
  const [key = "", ...rest] = path;
  if (rest.length === 0) Reflect.deleteProperty(target, key);
  else if (typeof target[key] === "object" && target[key] !== null)
    removeIn(target[key] as Section, rest);
}

function nested(assignments: readonly Pick<Assignment, "path" | "value">[]): Section {
  const values: Section = {};
  for (const { path, value } of assignments) setIn(values, path, value);
  return values;
}

// Random whatever the method: a few points spread over the whole space. Which ones is no part of the study.
function samples(parameters: Parameters): readonly Readonly<Section>[] {
  const study = { method: "random", replicates: 1, parameters } as Study;
  const identity = { hash: "", key: [0, 0] } as const;
  const count = Object.keys(parameters).length === 0 ? 1 : TRIED;
  return Array.from({ length: count }, (_, i) => activeValues(study, trialAt(study, identity, i)));
}

type Attempt = {
  readonly data: unknown;
  readonly problems: readonly { readonly problem: Problem; readonly isCustom: boolean }[];
};

function attempt(
  findings: Findings,
  schema: z.ZodType,
  tree: SchemaNode,
  assignments: readonly Assignment[],
  values: Readonly<Section>,
): Attempt {
  const varied = Object.entries(values).map(([name, value]): Assignment => {
    const where = findings.source.placeOf(["parameters", name]);
    return { path: name.split("."), value, origin: { label: "parameter", where } };
  });
  const all = [...assignments, ...varied];
  const config = nested(all);
  const result = schema.safeParse(config);
  if (result.success) return { data: result.data, problems: [] };
  const problems = result.error.issues.map((issue) => ({
    problem: issueProblem(issue, config, tree, all).problem,
    isCustom: issue.code === "custom",
  }));
  return { data: undefined, problems };
}

// Names and values of the parameters that a message is about are in its text; the place tells where to look.
function report(findings: Findings, attempts: readonly Attempt[], isWhole: boolean): void {
  const tried = attempts.length;
  const failed = attempts.filter(({ problems }) => problems.length > 0);
  const first = failed[0];
  if (first === undefined) return;
  if (failed.length === tried) {
    // Rules between keys are only to be trusted where all parameters could be read.
    const certain = first.problems.filter(({ isCustom }) => isWhole || !isCustom);
    findings.problems.push(...certain.map(({ problem }) => problem));
    return;
  }
  const { message, where } = first.problems[0]!.problem;
  findings.warn({
    message: `${String(failed.length)} of ${String(tried)} trials that were tried cannot be built; in one of them the value ${message}`,
    ...(where && { where }),
    hint: "such trials end with status error; narrow the parameters, or add a condition `when`",
  });
}

// A parameter that may be inactive leaves its key to the configuration; the others always set it.
function settle(
  config: Section,
  parameters: Parameters,
  written: Written,
  tree: SchemaNode,
): Section {
  const settled = structuredClone(config);
  for (const [name, { when }] of Object.entries(parameters)) {
    const path = name.split(".");
    const otherwise = written.valueOf(name)?.value ?? nodeAt(tree, path)?.default;
    if (when !== undefined && otherwise !== undefined) setIn(settled, path, otherwise);
    else removeIn(settled, path);
  }
  for (const key of ["seed", "replicas"]) Reflect.deleteProperty(settled, key);
  return settled;
}

/** What is known when the settings are resolved. */
export type Resolving = {
  readonly task: TaskSettings;
  readonly tree: SchemaNode;
  readonly written: Written;
  readonly parameters: Parameters;
  /** Whether all parameters of the file could be read. */
  readonly isWhole: boolean;
  /** Steps of a training; undefined where the task decides. */
  readonly steps: number | undefined;
};

/**
 * The complete fixed settings, without what parameters, seeds and replicas set; what is wrong is added to the
 * findings.
 */
export function resolveConfiguration(findings: Findings, resolving: Resolving): Section {
  const { task, tree, written, parameters, isWhole, steps } = resolving;
  const own = (key: string, value: number): Assignment[] =>
    nodeAt(tree, key.split(".")) === undefined
      ? []
      : [{ path: key.split("."), value, origin: { label: "study" } }];
  const fixed = [
    ...written.assignments,
    ...own("replicas", 1),
    ...own("seed", 0),
    ...(steps === undefined ? [] : own("train.steps", steps)),
  ];
  const attempts = samples(parameters).map((values) =>
    attempt(findings, task.schema, tree, fixed, values),
  );
  report(findings, attempts, isWhole);
  const found = attempts.find(({ data }) => data !== undefined);
  return found === undefined ? {} : settle(found.data as Section, parameters, written, tree);
}

/** The steps that the task trains when the study says nothing, with the place where they are written. */
export function stepsOf(
  findings: Findings,
  written: Written,
  tree: SchemaNode,
  max: number | undefined,
): number | undefined {
  const set = written.valueOf("train.steps");
  const isOwn = set !== undefined && !set.origin.label.startsWith("preset ");
  if (max !== undefined && isOwn && set.value !== max) {
    const where = { ...set.origin.where, path: "config.train.steps" };
    const message = `must be left out or equal to budget.max ${String(max)}, got ${show(set.value)}`;
    findings.problems.push({
      message,
      where,
      hint: "budget.max alone sets the steps of a training",
    });
  }
  const steps = max ?? set?.value ?? nodeAt(tree, ["train", "steps"])?.default;
  return typeof steps === "number" ? steps : undefined;
}
