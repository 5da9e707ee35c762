// A warning for studies whose parameters leave few rows that can train together.

import type { Problem } from "../../settings/problem.js";
import { stepCount } from "../plan/spread.js";
import type { Parameter, Study } from "../types.js";
import type { Source } from "./findings.js";

/** Rows that a group should have at least, on average. */
const ROWS_PER_GROUP = 32;

/** How many values a parameter can take. */
function cardinality(parameter: Parameter): number {
  if (parameter.kind === "choice") return parameter.values.length;
  if (!("scale" in parameter)) return Number.POSITIVE_INFINITY;
  const { kind, min, max, step, count } = parameter;
  if (step !== undefined) return stepCount(min, max, step);
  if (count !== undefined) return count;
  return kind === "integer" ? max - min + 1 : Number.POSITIVE_INFINITY;
}

/** The warning, or undefined where groups are large enough. */
export function groupWarning(study: Study, source: Source): Problem | undefined {
  const { parameters, trials, replicates } = study;
  const sizes = Object.entries(parameters)
    .filter(([, { isStatic }]) => isStatic)
    .map(([name, parameter]) => ({ name, size: cardinality(parameter) }))
    .sort((a, b) => b.size - a.size);
  const product = sizes.reduce((n, { size }) => n * size, 1);
  const groups = Math.min(product, trials / replicates);
  const [worst] = sizes;
  if (worst === undefined || groups <= trials / ROWS_PER_GROUP || groups <= 1) return undefined;
  const many = Number.isFinite(worst.size) ? `takes ${String(worst.size)} values` : "is continuous";
  const path = `parameters.${worst.name}`;
  return {
    message: `${many} and changes shapes or code: the ${String(trials)} trials fall into up to ${String(groups)} groups, and only trials of one group train together`,
    where: { ...source.placeOf(["parameters", worst.name]), path },
    hint: "fewer values, or more trials or replicates",
  };
}
