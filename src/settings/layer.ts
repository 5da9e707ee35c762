// A layer of settings: assignments of values to keys, each with the place it came from.

import type { Place } from "./problem.js";

/** Where a value came from. */
export type Origin = {
  /** As printed: `flag`, `env ZENOFLOW_…`, `study.yaml:7`, `preset robust`, `default`. */
  readonly label: string;
  readonly where?: Place;
};

/** One value for one key. */
export type Assignment = {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly origin: Origin;
};

/** All assignments from one source. */
export type Layer = {
  readonly kind: "preset" | "ambient" | "file" | "env" | "flag";
  readonly assignments: readonly Assignment[];
};

/** Whether a value is a group of keys. */
export function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The leaves of a value as assignments; keys may be written dotted. */
export function assign(
  path: readonly string[],
  value: unknown,
  origin: (rawPath: readonly string[]) => Origin,
  rawPath: readonly string[] = path,
): readonly Assignment[] {
  if (!isGroup(value)) return [{ path, value, origin: origin(rawPath) }];
  return Object.entries(value).flatMap(([key, member]) =>
    assign([...path, ...key.split(".")], member, origin, [...rawPath, key]),
  );
}
