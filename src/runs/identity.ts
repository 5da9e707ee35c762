// What makes two runs the same: the task, the resolved configuration and the contents of its data files.

import { canonicalJson } from "./json.js";
import { sha256 } from "./files.js";

/** Everything that changes the numbers of a run. Backend, threads and places are not in it. */
export type Identity = {
  readonly task: string;
  readonly config: unknown;
  /** SHA-256 of each data file, by the path as written in the configuration. */
  readonly data: Readonly<Record<string, string>>;
};

/** SHA-256 of the canonical form of an identity. */
export function configHash(identity: Identity): string {
  return sha256(canonicalJson({ format: 1, ...identity }));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Leaves of a nested object by dotted key; lists are leaves. */
export function flatten(value: unknown, prefix = ""): Map<string, unknown> {
  if (!isRecord(value)) return new Map([[prefix, value]]);
  const entries = Object.entries(value).map(([key, member]) =>
    flatten(member, prefix === "" ? key : `${prefix}.${key}`),
  );
  return new Map(entries.flatMap((map) => [...map]));
}

function show(value: unknown): string {
  return value === undefined ? "not set" : JSON.stringify(value);
}

function compare(before: Map<string, unknown>, after: Map<string, unknown>): readonly string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys]
    .map((key) => [key, show(before.get(key)), show(after.get(key))] as const)
    .filter(([, a, b]) => a !== b)
    .map(([key, a, b]) => `${key}: ${a} → ${b}`);
}

/** One line a difference: `train.steps: 4000 → 2000`. */
export function differences(before: Identity, after: Identity): readonly string[] {
  return [
    ...compare(new Map([["task", before.task]]), new Map([["task", after.task]])),
    ...compare(flatten(before.config), flatten(after.config)),
    ...compare(contents(before), contents(after)),
  ];
}

function contents(identity: Identity): Map<string, unknown> {
  const entries = Object.entries(identity.data);
  return new Map(
    entries.map(([path, hash]) => [`contents of ${path}`, `sha256 ${hash.slice(0, 12)}…`]),
  );
}
