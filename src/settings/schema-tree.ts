// A schema as a tree of keys: for suggestions, for messages that say what a value must be, for completion.

import * as z from "zod";

/** The part of JSON Schema that is used here. */
export type SchemaNode = {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly anyOf?: readonly SchemaNode[];
  readonly items?: SchemaNode;
  /** Of a model: whether a sweep may make a population tensor of it. Unmarked: static. */
  readonly sweep?: "static" | "dynamic";
};

/** The tree of a zod schema as users write it: keys with defaults are optional. */
export function schemaTree(schema: z.ZodType): SchemaNode {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as SchemaNode;
}

/** The node of a key path, or undefined where the schema has no such key. */
export function nodeAt(
  root: SchemaNode,
  path: readonly (string | number)[],
): SchemaNode | undefined {
  let node: SchemaNode | undefined = root;
  for (const key of path) {
    node = typeof key === "number" ? listItems(node) : member(node, key);
  }
  return node;
}

/** The keys of a group, also of one that may be null. */
export function propertiesOf(node: SchemaNode | undefined): Readonly<Record<string, SchemaNode>> {
  return node?.properties ?? node?.anyOf?.find((each) => each.properties)?.properties ?? {};
}

// Own keys only: a file may say `constructor: 1`.
function member(node: SchemaNode | undefined, key: string): SchemaNode | undefined {
  const properties = propertiesOf(node);
  return Object.hasOwn(properties, key) ? properties[key] : undefined;
}

function listItems(node: SchemaNode | undefined): SchemaNode | undefined {
  return node?.items ?? node?.anyOf?.find(({ items }) => items !== undefined)?.items;
}

/** The leaves of a tree by dotted key. */
export function leaves(root: SchemaNode, prefix = ""): readonly (readonly [string, SchemaNode])[] {
  return Object.entries(root.properties ?? {}).flatMap(([key, node]) => {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    return node.properties === undefined ? [[path, node] as const] : leaves(node, path);
  });
}

/** The values a node allows where they can be listed. */
export function choices(node: SchemaNode): readonly unknown[] {
  if (node.enum !== undefined) return node.enum;
  if (node.const !== undefined) return [node.const];
  const lists = (node.anyOf ?? []).map(choices);
  return lists.every((list) => list.length > 0) ? lists.flat() : [];
}

function bounds(node: SchemaNode): string {
  const { exclusiveMinimum: above, minimum: from, exclusiveMaximum: below, maximum: to } = node;
  const parts = [
    above === undefined ? "" : `> ${above.toString()}`,
    from === undefined || from === Number.MIN_SAFE_INTEGER ? "" : `≥ ${from.toString()}`,
    below === undefined ? "" : `< ${below.toString()}`,
    to === undefined || to === Number.MAX_SAFE_INTEGER ? "" : `≤ ${to.toString()}`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : ` ${parts.join(" and ")}`;
}

const NOUNS: Readonly<Record<string, string>> = {
  integer: "an integer",
  number: "a number",
  string: "text",
  boolean: "true or false",
  null: "null",
};

function listText(node: SchemaNode): string {
  const items = node.items === undefined ? "values" : expectation(node.items).replace(/^an? /, "");
  const many = items === "text" ? "texts" : items.replace(/^(\w+)/, "$1s");
  const { minItems: least, maxItems: most } = node;
  if (least !== undefined && least === most) {
    const names = Array.from({ length: least }, (_, i) => String.fromCharCode(97 + i));
    return `a list [${names.join(", ")}] of ${least.toString()} ${many}`;
  }
  return `a list [a, b] of ${many}${least === undefined ? "" : `, at least ${least.toString()}`}`;
}

function typeText(node: SchemaNode, type: string): string {
  if (type === "array") return listText(node);
  if (type === "object") {
    const keys = Object.keys(node.properties ?? {});
    return keys.length === 0 ? "a group of keys" : `a group of keys (${keys.join(", ")})`;
  }
  return `${NOUNS[type] ?? type}${bounds(node)}`;
}

/** What a value of this node must be, in words: `an integer ≥ 1`. */
export function expectation(node: SchemaNode): string {
  const listed = choices(node);
  if (listed.length > 2) return `one of ${listed.map(String).join(", ")}`;
  if (listed.length > 0)
    return listed
      .map((value) => JSON.stringify(value))
      .join(" or ")
      .replace(/"/g, "");
  if (node.anyOf !== undefined) return node.anyOf.map(expectation).join(", or ");
  const types = typeof node.type === "string" ? [node.type] : (node.type ?? []);
  return types.length === 0
    ? "another value"
    : types.map((type) => typeText(node, type)).join(" or ");
}
