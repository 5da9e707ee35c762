// Checks assignments against a schema: unknown keys with suggestions, wrong values in words, all at once.

import type { z } from "zod";
import type { Place, Problem } from "./problem.js";
import { didYouMean, nearest } from "./suggest.js";
import { isGroup, type Assignment } from "./layer.js";
import { expectation, leaves, nodeAt, type SchemaNode } from "./schema-tree.js";

function where(assignment: Assignment, path: readonly (string | number)[]): Place {
  return { ...assignment.origin.where, path: path.join(".") };
}

function tail(key: string): string {
  return key.slice(key.lastIndexOf(".") + 1);
}

// `steps=…` means train.steps where only one key ends like that.
function suggestion(key: string, tree: SchemaNode): string {
  const keys = leaves(tree).map(([name]) => name);
  const same = keys.filter((name) => tail(name).toLowerCase() === tail(key).toLowerCase());
  if (same.length === 1 && same[0] !== undefined) return ` (did you mean ${same[0]}?)`;
  const direct = didYouMean(key, keys);
  if (direct !== "") return direct;
  const near = nearest(tail(key), keys.map(tail));
  const found = keys.find((name) => tail(name) === near);
  return found === undefined ? "" : ` (did you mean ${found}?)`;
}

/** Whether a key is in the schema; a group that was left empty is. */
export function unknownKey(assignment: Assignment, tree: SchemaNode): Problem | undefined {
  const node = nodeAt(tree, assignment.path);
  if (node === undefined) {
    const key = assignment.path.join(".");
    const { where: place } = assignment.origin;
    const near = suggestion(key, tree);
    return {
      message: `unknown key '${key}'${near}`,
      ...(place === undefined ? {} : { where: place }),
      ...(near === "" ? { hint: "zenoflow config <model> shows all keys" } : {}),
    };
  }
  return undefined;
}

/** Whether a group of keys got a single value. */
export function groupProblem(assignment: Assignment, tree: SchemaNode): Problem | undefined {
  const node = nodeAt(tree, assignment.path);
  if (node?.properties === undefined || assignment.value === null) return undefined;
  const message = `must be ${expectation(node)}, got ${show(assignment.value)}`;
  return { message, where: where(assignment, assignment.path) };
}

/** A value in messages: `string "0.1"`, `[1, 2]`, `NaN`. */
export function show(value: unknown): string {
  if (typeof value === "string") return `text "${value}"`;
  if (typeof value === "number") return String(value);
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function isNumeric(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}

/** Whether a node is, or may be, a list that a text would fit into: `x` into texts, `1,2` into numbers. */
function listFits(node: SchemaNode, text: string): boolean {
  if ((node.anyOf ?? []).some((each) => listFits(each, text))) return true;
  if (node.type !== "array" || node.items === undefined || text.trim() === "") return false;
  const wanted = expectation(node.items);
  return /number|integer/.test(wanted)
    ? text.split(",").every(isNumeric)
    : !/^\[.*\]$/.test(text.trim());
}

/** The way out where one is known: quotes to remove, a list to write, a near word. */
export function hintFor(node: SchemaNode | undefined, value: unknown): string | undefined {
  if (node === undefined || typeof value !== "string") return undefined;
  const wanted = expectation(node);
  if (isNumeric(value) && /number|integer/.test(wanted)) return "remove the quotes";
  if (listFits(node, value)) return `write a list: [${value}]`;
  const near = nearest(value, (node.enum ?? []).map(String));
  return near === undefined ? undefined : `did you mean ${near}?`;
}

/** The value at a path; undefined where there is none. */
export function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  let value = values;
  for (const key of path) {
    value =
      isGroup(value) || Array.isArray(value)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined;
  }
  return value;
}

function startsWith(path: readonly PropertyKey[], start: readonly PropertyKey[]): boolean {
  return start.every((key, i) => path[i] === key);
}

/** The problem of one zod issue, in words taken from the schema. */
export function issueProblem(
  issue: z.core.$ZodIssue,
  values: unknown,
  tree: SchemaNode,
  assignments: readonly Assignment[],
): { readonly problem: Problem; readonly assignment: Assignment | undefined } {
  const path = issue.path.map((key) => (typeof key === "symbol" ? String(key) : key));
  const assignment = assignments.findLast(
    (a) => startsWith(path, a.path) || startsWith(a.path, path),
  );
  const node = nodeAt(tree, path);
  const value = valueAt(values, path);
  const fromSchema = issue.code !== "custom" && node !== undefined;
  const message = fromSchema ? `must be ${expectation(node)}, got ${show(value)}` : issue.message;
  const hint = fromSchema ? hintFor(node, value) : undefined;
  const problem: Problem = {
    message,
    where: { ...assignment?.origin.where, path: path.join(".") },
    ...(hint === undefined ? {} : { hint }),
  };
  return { problem, assignment };
}
