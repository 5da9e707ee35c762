// Collects what is wrong with a study file, with the place of every part.

import type { z } from "zod";
import { hintFor, show, valueAt } from "../../settings/check.js";
import type { Place, Problem } from "../../settings/problem.js";
import { expectation, nodeAt, propertiesOf, type SchemaNode } from "../../settings/schema-tree.js";
import { didYouMean, nearest } from "../../settings/suggest.js";

/** A path into a study file. */
export type Path = readonly (string | number)[];

/** A study file as written: its value and its places. */
export type Source = {
  readonly value: Readonly<Record<string, unknown>>;
  placeOf(path: Path): Place;
  keyPlace(path: Path, key: string): Place;
};

/** What is found while a study file is checked. */
export type Findings = {
  readonly problems: Problem[];
  readonly warn: (problem: Problem) => void;
  readonly source: Source;
};

function located(place: Place, path: Path): Place {
  return { ...place, path: path.join(".") };
}

/** Adds a problem of a value. */
export function fault(
  { problems, source }: Findings,
  path: Path,
  message: string,
  hint = "",
): void {
  const where = located(source.placeOf(path), path);
  problems.push({ message, where, ...(hint === "" ? {} : { hint }) });
}

/** Whether the file has a key at its top; a wrong value there has been told already. */
export function isGiven({ source }: Findings, key: string): boolean {
  return Object.hasOwn(source.value, key);
}

/** Adds a problem of a key that does not exist. */
export function unknownKey(
  { problems, source }: Findings,
  path: Path,
  key: string,
  known: readonly string[],
): void {
  const near = didYouMean(key, known);
  problems.push({
    message: `unknown key '${key}'${near}`,
    where: located(source.keyPlace(path, key), [...path, key]),
    ...(near === "" ? { hint: `keys here: ${known.join(", ")}` } : {}),
  });
}

function messageOf(issue: z.core.$ZodIssue, node: SchemaNode | undefined, value: unknown): string {
  if (issue.message.startsWith("must ")) return `${issue.message}, got ${show(value)}`;
  if (node === undefined) return issue.message;
  return `must be ${expectation(node)}, got ${show(value)}`;
}

function own(path: readonly PropertyKey[]): Path {
  return path.map((key) => (typeof key === "number" ? key : String(key)));
}

// A key that was misspelt is also missing: one mistake, one problem.
function misspelt(issues: readonly z.core.$ZodIssue[], tree: SchemaNode): ReadonlySet<string> {
  const meant = issues.flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") return [];
    const known = Object.keys(propertiesOf(nodeAt(tree, own(issue.path))));
    return issue.keys.map((key) => [...issue.path, nearest(key, known)].join("."));
  });
  return new Set(meant);
}

/**
 * Adds the problems that a schema has found, in words taken from its tree.
 *
 * @param base - path of the value that was checked
 */
export function faultsOf(
  findings: Findings,
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  tree: SchemaNode,
  base: Path = [],
): void {
  const meant = misspelt(issues, tree);
  for (const issue of issues) {
    const path = own(issue.path);
    if (issue.code === "unrecognized_keys") {
      const known = Object.keys(propertiesOf(nodeAt(tree, path)));
      for (const key of issue.keys) unknownKey(findings, [...base, ...path], key, known);
      continue;
    }
    if (meant.has(path.join("."))) continue;
    const found = valueAt(value, issue.path);
    const node = nodeAt(tree, path);
    fault(findings, [...base, ...path], messageOf(issue, node, found), hintFor(node, found));
  }
}

/** Problems in the order of the file; those without a line first. */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const at = ({ where }: Problem): readonly [number, number] => [
    where?.line ?? 0,
    where?.column ?? 0,
  ];
  return [...problems].sort((a, b) => {
    const [line, column] = at(a);
    const [otherLine, otherColumn] = at(b);
    return line - otherLine || column - otherColumn;
  });
}
