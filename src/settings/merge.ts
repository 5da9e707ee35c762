// Merges checked assignments into one object and parses it; a later assignment wins.

import type { z } from "zod";
import type { Problem } from "./problem.js";
import { groupProblem, issueProblem, unknownKey } from "./check.js";
import type { Assignment, Layer } from "./layer.js";
import { nodeAt, type SchemaNode } from "./schema-tree.js";

/** A problem and the kind of layer it comes from; undefined where no layer is to blame. */
export type Finding = { readonly problem: Problem; readonly kind: Layer["kind"] | undefined };

/** Assignments in order, weakest first, and the kind of layer of each. */
export type Merged = ReadonlyMap<Assignment, Layer["kind"]>;

function setIn(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) target[key] = value;
  else setIn((target[key] ??= {}) as Record<string, unknown>, rest, value);
}

/** Assignments whose key exists, and findings for the others; `lenient` layers only warn of unknown keys. */
export function knownKeys(
  layer: Layer,
  tree: SchemaNode,
  warn: ((problem: Problem) => void) | undefined,
): { readonly known: Merged; readonly findings: readonly Finding[] } {
  const known = new Map<Assignment, Layer["kind"]>();
  const findings: Finding[] = [];
  for (const assignment of layer.assignments) {
    const unknown = unknownKey(assignment, tree);
    const problem = unknown ?? groupProblem(assignment, tree);
    if (unknown !== undefined && warn !== undefined) warn(unknown);
    else if (problem !== undefined) findings.push({ problem, kind: layer.kind });
    // A group without keys, as a heading in a file, sets nothing.
    else if (nodeAt(tree, assignment.path)?.properties === undefined)
      known.set(assignment, layer.kind);
  }
  return { known, findings };
}

/** Parses the merged assignments that `belongs` selects. */
export function parseMerged(
  schema: z.ZodType,
  merged: Merged,
  tree: SchemaNode,
  belongs: (path: readonly string[]) => boolean,
): { readonly value: unknown; readonly findings: readonly Finding[] } {
  const assignments = [...merged.keys()].filter(({ path }) => belongs(path));
  const values: Record<string, unknown> = {};
  for (const { path, value } of assignments) setIn(values, path, value);
  const result = schema.safeParse(values);
  if (result.success) return { value: result.data, findings: [] };
  const findings = result.error.issues.map((issue) => {
    const { problem, assignment } = issueProblem(issue, values, tree, assignments);
    return { problem, kind: assignment === undefined ? undefined : merged.get(assignment) };
  });
  return { value: undefined, findings };
}
