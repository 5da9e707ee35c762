// The settings of a model's schema one by one, and what every one of them must have.

import { expect } from "chai";
import * as z from "zod";

type Node = {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
};

/** The leaves of a schema by dotted key. */
export function leavesOf(schema: z.ZodType): [string, Node][] {
  return leaves(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Node, []);
}

function leaves(node: Node, prefix: readonly string[]): [string, Node][] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]): [string, Node][] =>
    child.properties === undefined
      ? [[[...prefix, key].join("."), child]]
      : leaves(child, [...prefix, key]),
  );
}

/** Asserts that every setting is documented and has a default. */
export function expectDocumented(all: readonly [string, Node][]): void {
  for (const [key, { description = "", default: value }] of all) {
    expect(description, key).to.match(/\S{2,}/);
    expect(value, key).not.to.equal(undefined);
  }
}
