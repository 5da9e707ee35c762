// One parameter as written: which form it has, and what is wrong with it. What its task's key takes is not here.

import { show } from "../../settings/check.js";
import { isGroup } from "../../settings/layer.js";
import { schemaTree, type SchemaNode } from "../../settings/schema-tree.js";
import { didYouMean } from "../../settings/suggest.js";
import { fault, faultsOf, type Findings, type Path } from "./findings.js";
import { parameterForms, type ParameterForms } from "./form.js";

type FormName = keyof ParameterForms;

/** A parameter whose form is known and right. */
export type FormedParameter = {
  readonly [K in FormName]: { readonly form: K } & ParameterForms[K];
}[FormName];

const BY_DISTRIBUTION: Readonly<Record<string, FormName>> = {
  constant: "constant",
  categorical: "choice",
  uniform: "range",
  int_uniform: "range",
  log_uniform_values: "range",
  normal: "normal",
  log_normal: "normal",
};

const STEP = "use uniform with `step`";
// Distributions of Weights & Biases that mean something else here, or nothing.
const ELSEWHERE: Readonly<Record<string, string>> = {
  log_uniform: "it takes exponents: use log_uniform_values, whose min and max are the values",
  inv_log_uniform_values: "use log_uniform_values",
  inv_log_uniform: "use log_uniform_values",
  categorical_w_probabilities: "use `values` with `probabilities`",
  q_uniform: STEP,
  q_log_uniform: STEP,
  q_log_uniform_values: STEP,
  q_normal: "use normal",
  q_log_normal: "use log_normal",
};

const trees = new Map<FormName, SchemaNode>();

function treeOf(name: FormName): SchemaNode {
  const known = trees.get(name) ?? schemaTree(parameterForms[name]);
  trees.set(name, known);
  return known;
}

function formOf(
  findings: Findings,
  path: Path,
  given: Readonly<Record<string, unknown>>,
): FormName | undefined {
  const name = given["distribution"];
  if (name === undefined) {
    if ("value" in given) return "constant";
    if ("values" in given || "probabilities" in given) return "choice";
    return "range";
  }
  const form =
    typeof name === "string" && Object.hasOwn(BY_DISTRIBUTION, name)
      ? BY_DISTRIBUTION[name]
      : undefined;
  if (form !== undefined) return form;
  const known = Object.keys(BY_DISTRIBUTION);
  const text = typeof name === "string" ? name : show(name);
  const elsewhere = Object.hasOwn(ELSEWHERE, text) ? ELSEWHERE[text] : undefined;
  const near = elsewhere === undefined ? didYouMean(text, known) : "";
  const hint = elsewhere ?? (near === "" ? `distributions: ${known.join(", ")}` : "");
  fault(findings, [...path, "distribution"], `unknown distribution '${text}'${near}`, hint);
  return undefined;
}

function notAGroup(findings: Findings, path: Path, value: unknown): void {
  const wanted = "must be a group of keys such as {min: 0, max: 1} or {values: [a, b]}";
  const hint = Array.isArray(value)
    ? `to try these values: {values: ${JSON.stringify(value)}}`
    : `to fix a value, set it under \`config\` instead, or write {value: ${JSON.stringify(value)}}`;
  fault(findings, path, `${wanted}, got ${show(value)}`, hint);
}

/**
 * Reads one parameter. The form is chosen here and not by a union, whose error would only say "Invalid input".
 *
 * @param path - of the parameter in the file
 * @returns undefined where something is wrong, which is added to the findings
 */
export function readForm(
  findings: Findings,
  path: Path,
  value: unknown,
): FormedParameter | undefined {
  if (!isGroup(value)) {
    notAGroup(findings, path, value);
    return undefined;
  }
  const form = formOf(findings, path, value);
  if (form === undefined) return undefined;
  const result = parameterForms[form].safeParse(value);
  if (result.success) return { form, ...result.data } as FormedParameter;
  faultsOf(findings, result.error.issues, value, treeOf(form), path);
  return undefined;
}
