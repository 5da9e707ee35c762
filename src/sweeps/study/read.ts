// A study file from text to study: syntax, form, task, parameters, settings, and what must hold between them. All
// that is wrong is told at once.

import { basename, dirname, resolve } from "node:path";
import { ArgumentError, DataError } from "../../errors.js";
import { sha256 } from "../../runs/files.js";
import { readDocument, type TextDocument } from "../../settings/document.js";
import { isGroup } from "../../settings/layer.js";
import { show } from "../../settings/check.js";
import { ProblemsError, type Problem } from "../../settings/problem.js";
import { schemaTree, type SchemaNode } from "../../settings/schema-tree.js";
import { didYouMean } from "../../settings/suggest.js";
import { gridSize } from "../plan/space.js";
import type { Metric, Study } from "../types.js";
import { askText } from "./ask-module.js";
import { readWritten, resolveConfiguration, stepsOf } from "./configuration.js";
import { fault, faultsOf, inOrder, isGiven, type Findings, type Source } from "./findings.js";
import { secondsOf, studyForm, type StudyForm } from "./form.js";
import { groupWarning } from "./group-warning.js";
import { withOverrides, type Override } from "./overrides.js";
import { readParameters } from "./parameters.js";
import { isTaskModule, readTaskModule, settingsOfModule } from "./task-module.js";
import { taskTree, type TaskSettings, type Tasks } from "./tasks.js";
import { checkSobol, readBudget, readHalving, readTrials } from "./totals.js";

/** Options of {@link readStudy}. */
export type ReadOptions = {
  /** Name in messages; modules are looked for in its folder. */
  readonly file: string;
  readonly form: "yaml" | "json";
  /** Laid over the file, the last one strongest. */
  readonly overrides?: readonly Override[];
  /** Receives what is probably not meant. Default: nobody. */
  readonly warn?: (problem: Problem) => void;
};

let formTree: SchemaNode | undefined;

function jsonProblem(text: string, file: string): Problem | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      message: `must be JSON: ${message}`,
      where: { file },
      hint: "YAML files end in .yaml",
    };
  }
}

function sourceOf(document: TextDocument, text: string, { file, form }: ReadOptions): Source {
  const json = form === "json" ? jsonProblem(text, file) : undefined;
  const problems = document.problems.length > 0 ? document.problems : json ? [json] : [];
  if (problems.length > 0) throw new ProblemsError(problems);
  const { value, placeOf, keyPlace } = document;
  if (!isGroup(value)) {
    const message = `must hold keys and values, such as \`task: dqgan.train\`, got ${show(value ?? null)}`;
    throw new ProblemsError([{ message, where: { file, line: 1, column: 1 } }]);
  }
  return { value, placeOf, keyPlace };
}

// The form is checked with what can be trusted only: a wrong part is left out and its default taken.
function readForm(findings: Findings): StudyForm | undefined {
  const { value } = findings.source;
  const result = studyForm.safeParse(value);
  if (result.success) return result.data;
  formTree ??= schemaTree(studyForm);
  faultsOf(findings, result.error.issues, value, formTree);
  const wrong = new Set(
    result.error.issues.flatMap((issue) =>
      issue.code === "unrecognized_keys" && issue.path.length === 0
        ? issue.keys
        : [String(issue.path[0])],
    ),
  );
  const trusted = Object.entries(value).filter(([key]) => !wrong.has(key));
  return studyForm.safeParse(Object.fromEntries(trusted)).data;
}

type ChosenTask = { readonly settings: TaskSettings; readonly module?: Study["module"] };

async function chooseModule(
  findings: Findings,
  name: string,
  file: string,
): Promise<ChosenTask | undefined> {
  try {
    const module = await readTaskModule(resolve(dirname(file), name));
    return { settings: settingsOfModule(module), module: { sha256: module.sha256 } };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const hint =
      "paths start at the folder of the study; docs/sweeps.md says what such a file exports";
    fault(findings, ["task"], error.message, hint);
    return undefined;
  }
}

async function chooseTask(
  findings: Findings,
  name: string,
  tasks: Tasks,
  file: string,
): Promise<ChosenTask | undefined> {
  if (Object.hasOwn(tasks, name)) return { settings: tasks[name]! };
  if (isTaskModule(name)) return chooseModule(findings, name, file);
  const names = Object.keys(tasks);
  const near = Object.hasOwn(tasks, `${name}.train`)
    ? ` (did you mean ${name}.train?)`
    : didYouMean(name, names);
  fault(
    findings,
    ["task"],
    `unknown task '${name}'${near}`,
    `tasks: ${names.join(", ")}, or a file such as ./mine.mjs`,
  );
  return undefined;
}

function readMetrics(findings: Findings, { metric, metrics }: StudyForm): readonly Metric[] {
  if (metric !== undefined && metrics !== undefined)
    fault(findings, ["metrics"], "must not be set together with metric", "move it into metrics");
  if (!isGiven(findings, "metric") && !isGiven(findings, "metrics"))
    fault(
      findings,
      ["metric"],
      "must be set",
      "for example: metric: {name: losses.generator, goal: minimize}",
    );
  return metrics ?? (metric === undefined ? [] : [metric]);
}

async function readAsk(findings: Findings, form: StudyForm, file: string): Promise<Study["ask"]> {
  const { method, ask } = form;
  if (method !== "ask-tell") {
    if (ask !== undefined) fault(findings, ["ask"], "must be set with method ask-tell only");
    return undefined;
  }
  if (ask === undefined) {
    if (isGiven(findings, "ask")) return undefined;
    fault(
      findings,
      ["ask"],
      "must be set with method ask-tell",
      "for example: ask: {module: evolution}",
    );
    return undefined;
  }
  const text = await askText(ask.module, file);
  if (text === undefined) {
    fault(
      findings,
      ["ask", "module"],
      `must be evolution or a file that exists, got ${show(ask.module)}`,
    );
    return undefined;
  }
  return { module: ask.module, sha256: sha256(text), generation: ask.generation };
}

// Case and zeros in front do not change a number.
function seedOf(seed: number | string): number | string {
  return typeof seed === "number" ? seed : `0x${BigInt(seed).toString(16)}`;
}

function limitsOf({ limits }: StudyForm): Study["limits"] {
  const { time, failures } = limits;
  return {
    ...(time !== undefined && { seconds: secondsOf(time) }),
    ...(failures !== undefined && { failures }),
  };
}

function nameOf(form: StudyForm, file: string): string {
  if (form.name !== undefined) return form.name;
  const stem = basename(file)
    .replace(/\.[^.]*$/, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-");
  return /^[A-Za-z0-9]/.test(stem) ? stem : form.task;
}

// A condition may name a parameter that could not be read.
function unconditional(parameters: Study["parameters"]): Study["parameters"] {
  const entries = Object.entries(parameters);
  return Object.fromEntries(entries.map(([name, { when: _, ...rest }]) => [name, rest]));
}

/** Combinations of a grid; one that is too large is a fault of the file. */
function readGrid(findings: Findings, parameters: Study["parameters"]): number | undefined {
  try {
    return gridSize(parameters);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    const message = error.message.replace(/^sweep: argument `parameters` /, "");
    fault(findings, ["parameters"], message);
    return undefined;
  }
}

// What only makes sense once form, task and parameters are known.
async function readRest(
  findings: Findings,
  form: StudyForm,
  { settings: task, module }: ChosenTask,
  file: string,
): Promise<Study> {
  const tree = taskTree(task);
  const { method, replicates, preset } = form;
  const parameters = readParameters(findings, form.parameters, tree, method);
  const isWhole =
    Object.keys(parameters).length === Object.keys(form.parameters).length &&
    findings.problems.length === 0;
  const written = readWritten(findings, preset, form.config, task, tree);
  const steps = stepsOf(findings, written, tree, form.budget?.max);
  const known = isWhole ? parameters : unconditional(parameters);
  const config = resolveConfiguration(findings, {
    task,
    tree,
    written,
    parameters: known,
    isWhole,
    steps,
  });
  const grid = method === "grid" && isWhole ? readGrid(findings, parameters) : undefined;
  const trials = readTrials(findings, form, grid);
  const ask = await readAsk(findings, form, file);
  checkSobol(findings, form, trials, Object.keys(parameters).length, replicates);
  return {
    format: 1,
    name: nameOf(form, file),
    task: form.task,
    ...(module && { module }),
    config,
    metrics: readMetrics(findings, form),
    method,
    seed: seedOf(form.seed),
    trials,
    replicates,
    parameters,
    budget: readBudget(findings, form, steps),
    halving: readHalving(findings, form, trials),
    ...(ask && { ask }),
    limits: limitsOf(form),
  };
}

/** Reads what a module exports or a document holds. */
export async function readSource(
  source: Source,
  options: Omit<ReadOptions, "form">,
  tasks: Tasks,
): Promise<Study> {
  const { file, overrides = [], warn = () => undefined } = options;
  const warnings: Problem[] = [];
  const findings: Findings = {
    problems: [],
    warn: (problem) => warnings.push(problem),
    source: withOverrides(source, overrides),
  };
  const form = readForm(findings);
  const task = form && (await chooseTask(findings, form.task, tasks, file));
  const study = form && task && (await readRest(findings, form, task, file));
  if (study === undefined || findings.problems.length > 0)
    throw new ProblemsError(inOrder(findings.problems));
  const groups = groupWarning(study, findings.source);
  for (const problem of [...warnings, ...(groups === undefined ? [] : [groups])]) warn(problem);
  return study;
}

/**
 * Reads a study file.
 *
 * @param text - YAML 1.2 or JSON
 * @param tasks - the tasks that it may name
 * @returns the study with all defaults filled in
 * @throws ProblemsError with everything that is wrong, each with its line and column
 */
export async function readStudy(text: string, options: ReadOptions, tasks: Tasks): Promise<Study> {
  const document = readDocument(text, options.file);
  return readSource(sourceOf(document, text, options), options, tasks);
}
