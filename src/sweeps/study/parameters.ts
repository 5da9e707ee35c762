// All parameters of a study file together: names that the task has, conditions that can hold.

import { show } from "../../settings/check.js";
import type { SchemaNode } from "../../settings/schema-tree.js";
import { didYouMean, nearest } from "../../settings/suggest.js";
import { conditions } from "../plan/conditions.js";
import type { Parameter, ParameterValue, Study } from "../types.js";
import { choiceIndex } from "../values.js";
import { fault, type Findings } from "./findings.js";
import { readForm } from "./parameter-form.js";
import { parameterOf } from "./parameter.js";
import { fieldOf, OWN_KEYS, variableKeys } from "./tasks.js";

type Parameters = Readonly<Record<string, Parameter>>;

function lastKey(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

// `lr` may mean train.lr: the whole name first, then its last key.
function suggestion(name: string, keys: readonly string[]): string {
  const whole = didYouMean(name, keys);
  if (whole !== "") return whole;
  const near = nearest(lastKey(name), keys.map(lastKey));
  const found = near === undefined ? undefined : keys.find((key) => lastKey(key) === near);
  return found === undefined ? "" : ` (did you mean ${found}?)`;
}

function unknownName({ problems, source }: Findings, name: string, tree: SchemaNode): void {
  const own = Object.hasOwn(OWN_KEYS, name) ? OWN_KEYS[name] : undefined;
  const near = suggestion(name, variableKeys(tree));
  const hint = own ?? (near === "" ? "zenoflow config <model> shows all keys" : undefined);
  problems.push({
    message:
      own === undefined
        ? `unknown key '${name}' of the task${near}`
        : "must not be a parameter: the study sets it",
    where: { ...source.keyPlace(["parameters"], name), path: `parameters.${name}` },
    ...(hint === undefined ? {} : { hint }),
  });
}

function readOne(
  findings: Findings,
  name: string,
  value: unknown,
  tree: SchemaNode,
  method: Study["method"],
): Parameter | undefined {
  const path = ["parameters", name];
  const field = Object.hasOwn(OWN_KEYS, name) ? undefined : fieldOf(tree, name);
  if (field === undefined) unknownName(findings, name, tree);
  const formed = readForm(findings, path, value);
  if (field === undefined || formed === undefined) return undefined;
  const before = findings.problems.length;
  const parameter = parameterOf({ findings, path, field, method }, formed);
  return findings.problems.length === before ? parameter : undefined;
}

function canBe(parameter: Parameter, value: ParameterValue): boolean {
  if (parameter.kind === "choice") return choiceIndex(parameter.values, value) >= 0;
  if (typeof value !== "number") return false;
  return !("scale" in parameter) || (value >= parameter.min && value <= parameter.max);
}

function checkWhen(
  findings: Findings,
  name: string,
  parameters: Parameters,
  names: readonly string[],
): void {
  for (const [other, values] of Object.entries(parameters[name]!.when ?? {})) {
    const path = ["parameters", name, "when", other];
    const parameter = parameters[other];
    if (!names.includes(other)) {
      fault(findings, path, `must name another parameter of this study${didYouMean(other, names)}`);
    } else if (parameter !== undefined) {
      values.forEach((value, i) => {
        if (!canBe(parameter, value))
          fault(findings, [...path, i], `must be a value that ${other} takes, got ${show(value)}`);
      });
    }
  }
}

function checkCycles(findings: Findings, parameters: Parameters): void {
  const names = Object.keys(parameters).sort();
  const known = names.map((name) => {
    const { when = {} } = parameters[name]!;
    return { when: Object.fromEntries(Object.entries(when).filter(([on]) => on in parameters)) };
  });
  if (conditions(known, names).order !== null) return;
  const first = names.find((name) => parameters[name]!.when !== undefined)!;
  fault(
    findings,
    ["parameters", first, "when"],
    "must not depend on itself, over other conditions",
  );
}

/**
 * The parameters of a study file, those that are right; what is wrong with the others is added to the findings.
 *
 * @param tree - the schema of the task
 */
export function readParameters(
  findings: Findings,
  given: Readonly<Record<string, unknown>>,
  tree: SchemaNode,
  method: Study["method"],
): Parameters {
  const names = Object.keys(given);
  const parameters = Object.fromEntries(
    names.flatMap((name) => {
      const parameter = readOne(findings, name, given[name], tree, method);
      return parameter === undefined ? [] : [[name, parameter]];
    }),
  );
  for (const name of Object.keys(parameters)) checkWhen(findings, name, parameters, names);
  checkCycles(findings, parameters);
  return parameters;
}
