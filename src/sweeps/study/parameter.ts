// One parameter against the key of the task that it varies: types, ranges, and what the distribution becomes.

import { hintFor, show } from "../../settings/check.js";
import { expectation } from "../../settings/schema-tree.js";
import { canonicalJson } from "../../runs/json.js";
import type { Distribution, Parameter, ParameterValue, Study } from "../types.js";
import { hasParts } from "../values.js";
import { fault, type Findings, type Path } from "./findings.js";
import type { FormedParameter } from "./parameter-form.js";
import { takes, type Field } from "./tasks.js";

type Formed<K extends FormedParameter["form"]> = Extract<FormedParameter, { form: K }>;
type Context = {
  readonly findings: Findings;
  readonly path: Path;
  readonly field: Field;
  readonly method: Study["method"];
};

const SUM_TOLERANCE = 1e-6;

function checkValue({ findings, field }: Context, path: Path, value: ParameterValue): void {
  if (!field.isStatic && hasParts(value)) {
    const hint = "a list there is one value for each of the rows that train together";
    fault(findings, path, `must be one value, got ${show(value)}`, hint);
    return;
  }
  if (takes(field.node, value)) return;
  const message = `must be ${expectation(field.node)}, got ${show(value)}`;
  fault(findings, path, message, hintFor(field.node, value));
}

function checkProbabilities(context: Context, { values, probabilities }: Formed<"choice">): void {
  const { findings, method } = context;
  const path = [...context.path, "probabilities"];
  if (probabilities === undefined) return;
  const sum = probabilities.reduce((total, p) => total + p, 0);
  if (probabilities.length !== values.length) {
    const lengths = `${String(values.length)} numbers, one for each of the values`;
    fault(findings, path, `must be ${lengths}, got ${String(probabilities.length)}`);
  } else if (Math.abs(sum - 1) > SUM_TOLERANCE) {
    fault(
      findings,
      path,
      `must sum to 1, got ${show(probabilities)}, which sums to ${String(sum)}`,
    );
  } else if (method === "grid") {
    fault(findings, path, "must not be set with method grid, which tries every value");
  }
}

function choice(context: Context, formed: Formed<"choice">): Distribution {
  const { values, probabilities } = formed;
  values.forEach((value, i) => checkValue(context, [...context.path, "values", i], value));
  const texts = values.map((value) => canonicalJson(value));
  const twice = texts.findIndex((text, i) => texts.indexOf(text) < i);
  if (twice >= 0) {
    const path = [...context.path, "values", twice];
    fault(
      context.findings,
      path,
      `must be listed once, but ${texts[twice]!} is there twice`,
      "use `probabilities`",
    );
  }
  checkProbabilities(context, formed);
  return { kind: "choice", values, ...(probabilities && { probabilities }) };
}

function checkEnds(context: Context, formed: Formed<"range">, node: Field["node"]): void {
  const { findings, path, method } = context;
  const { min, max, step, count, distribution } = formed;
  for (const key of ["min", "max", "step"] as const) {
    const value = formed[key];
    if (value === undefined) continue;
    // A step is a difference: it must have the type of the key, not lie in its range.
    const fits =
      key === "step" ? node.type !== "integer" || Number.isInteger(value) : takes(node, value);
    const wanted = key === "step" ? "an integer" : expectation(node);
    if (!fits) fault(findings, [...path, key], `must be ${wanted}, got ${show(value)}`);
  }
  if (min > max)
    fault(findings, [...path, "max"], `must be ≥ min ${String(min)}, got ${String(max)}`);
  const isLog = distribution === "log_uniform_values";
  if (isLog && min <= 0)
    fault(findings, [...path, "min"], `must be > 0 on a logarithmic scale, got ${String(min)}`);
  if (isLog && step !== undefined)
    fault(
      findings,
      [...path, "step"],
      "must not be set with log_uniform_values",
      "for a grid set `count`",
    );
  if (method === "grid" && step === undefined && count === undefined)
    fault(findings, path, "must have `count: n` or `step` with method grid", "or list `values`");
}

function range(context: Context, formed: Formed<"range">): Distribution | undefined {
  const { findings, path, field } = context;
  if (field.numeric === null) {
    fault(
      findings,
      path,
      `must list values: the key takes ${expectation(field.node)}`,
      "write {values: [a, b]}",
    );
    return undefined;
  }
  const { min, max, step, count, distribution } = formed;
  const isInteger = field.numeric.kind === "integer" || distribution === "int_uniform";
  const kind = isInteger ? "integer" : "real";
  const scale = distribution === "log_uniform_values" ? "log" : "linear";
  checkEnds(
    context,
    formed,
    isInteger ? { ...field.numeric.node, type: "integer" } : field.numeric.node,
  );
  return {
    kind,
    scale,
    min,
    max,
    ...(step !== undefined && { step }),
    ...(count !== undefined && { count }),
  };
}

function normal(context: Context, formed: Formed<"normal">): Distribution | undefined {
  const { findings, path, field, method } = context;
  const { distribution, mu, sigma } = formed;
  if (method === "grid")
    fault(findings, path, `must not be ${distribution} with method grid`, "list `values`");
  if (field.numeric?.kind !== "real") {
    fault(findings, path, `must not be ${distribution}: the key takes ${expectation(field.node)}`);
    return undefined;
  }
  // Far out, where a normal variable of this study can go (2⁻⁵⁴ is 8.3 sigma).
  const far = [-9, 9].map((z) =>
    distribution === "normal" ? mu + z * sigma : Math.exp(mu + z * sigma),
  );
  if (!far.every((value) => takes(field.numeric!.node, value))) {
    const wanted = expectation(field.numeric.node);
    fault(
      findings,
      path,
      `must stay inside what the key takes (${wanted}), but ${distribution} has no such bounds`,
      "use min and max",
    );
  }
  return { kind: distribution === "normal" ? "normal" : "logNormal", mu, sigma };
}

function distributionOf(context: Context, formed: FormedParameter): Distribution | undefined {
  if (formed.form === "constant") {
    checkValue(context, [...context.path, "value"], formed.value);
    return { kind: "choice", values: [formed.value] };
  }
  if (formed.form === "choice") return choice(context, formed);
  if (formed.form === "range") return range(context, formed);
  return normal(context, formed);
}

/**
 * A parameter of a study, checked against its key; what is wrong is added to the findings.
 *
 * @param context - the place in the file, the key, the method
 */
export function parameterOf(context: Context, formed: FormedParameter): Parameter | undefined {
  const distribution = distributionOf(context, formed);
  if (distribution === undefined) return undefined;
  const { isStatic } = context.field;
  return { ...distribution, isStatic, ...(formed.when && { when: formed.when }) };
}
