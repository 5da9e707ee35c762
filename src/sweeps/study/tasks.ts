// What a study must know of the tasks it can name: their settings, what each key may hold, and what it may vary.

import type { z } from "zod";
import { leaves, nodeAt, schemaTree, type SchemaNode } from "../../settings/schema-tree.js";

/** The settings of a task. Loading them loads no tensors. */
export type TaskSettings = {
  readonly schema: z.ZodType;
  readonly presets: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Raised when the same settings give other numbers. */
  readonly numericsVersion: number;
};

/** Tasks by name, `<model>.train`. */
export type Tasks = Readonly<Record<string, TaskSettings>>;

/** One key of a task as a parameter sees it. */
export type Field = {
  readonly node: SchemaNode;
  /** What a number in it is; null where it takes none. */
  readonly numeric: { readonly kind: "integer" | "real"; readonly node: SchemaNode } | null;
  readonly isStatic: boolean;
};

/** Keys that a study sets itself, and what to use instead. */
export const OWN_KEYS: Readonly<Record<string, string>> = {
  seed: "every trial has a seed of its own, derived from the study's `seed`",
  replicas: "rows train together anyway; for the same settings with other seeds set `replicates`",
  "train.steps": "set `budget: {max: …}`",
};

function numericOf(node: SchemaNode): Field["numeric"] {
  if (node.type === "integer") return { kind: "integer", node };
  if (node.type === "number") return { kind: "real", node };
  const members = (node.anyOf ?? []).map(numericOf).filter((member) => member !== null);
  return members.find(({ kind }) => kind === "real") ?? members[0] ?? null;
}

function isDynamic(node: SchemaNode): boolean {
  return node.sweep === "dynamic" || (node.anyOf ?? []).some(isDynamic);
}

/** The field of a dotted key, or undefined where the task has none. */
export function fieldOf(tree: SchemaNode, key: string): Field | undefined {
  const node = nodeAt(tree, key.split("."));
  if (node === undefined || node.properties !== undefined) return undefined;
  return { node, numeric: numericOf(node), isStatic: !isDynamic(node) };
}

/** The keys of a task that a study may vary. */
export function variableKeys(tree: SchemaNode): readonly string[] {
  return leaves(tree)
    .map(([key]) => key)
    .filter((key) => !Object.hasOwn(OWN_KEYS, key));
}

/** The schema of a task as a tree. */
export function taskTree({ schema }: Pick<TaskSettings, "schema">): SchemaNode {
  return schemaTree(schema);
}

const WITHIN: Readonly<Record<string, (value: unknown) => boolean>> = {
  integer: (value) => Number.isSafeInteger(value),
  number: (value) => typeof value === "number" && Number.isFinite(value),
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
};

function inBounds(node: SchemaNode, value: unknown): boolean {
  if (typeof value !== "number") return true;
  return (
    value >= (node.minimum ?? -Infinity) &&
    value <= (node.maximum ?? Infinity) &&
    value > (node.exclusiveMinimum ?? -Infinity) &&
    value < (node.exclusiveMaximum ?? Infinity)
  );
}

function hasLength(
  { minItems = 0, maxItems = Infinity }: SchemaNode,
  list: readonly unknown[],
): boolean {
  return list.length >= minItems && list.length <= maxItems;
}

/**
 * Whether a node of a schema takes a value. Of lists it looks at lengths and items, of groups at nothing: what they
 * hold is tried with whole configurations.
 */
export function takes(node: SchemaNode, value: unknown): boolean {
  if (node.anyOf !== undefined) return node.anyOf.some((member) => takes(member, value));
  if (Array.isArray(value)) {
    const { items } = node;
    if (node.type !== "array" || !hasLength(node, value)) return false;
    return items === undefined || value.every((item) => takes(items, item));
  }
  if (typeof value === "object" && value !== null) return node.type === "object";
  if (node.enum !== undefined) return node.enum.includes(value);
  if (node.const !== undefined) return node.const === value;
  const types = typeof node.type === "string" ? [node.type] : (node.type ?? []);
  return types.some((type) => WITHIN[type]?.(value) ?? false) && inBounds(node, value);
}
