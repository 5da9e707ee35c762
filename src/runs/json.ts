// JSON as runs store it: non-finite numbers as strings, and one canonical text for hashing.

import { ArgumentError } from "../errors.js";

const NON_FINITE: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
};

function storable(_key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (value instanceof Float32Array || value instanceof Float64Array) return Array.from(value);
  return value;
}

/** JSON text in which NaN and ±Infinity are the strings "NaN", "Infinity", "-Infinity". */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, storable, indent);
}

/** The inverse of `toJson` for data whose strings are never themselves "NaN" or "±Infinity". */
export function fromJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === "string" && Object.hasOwn(NON_FINITE, value) ? NON_FINITE[value] : value,
  );
}

function canonicalObject(value: object): string {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(",")}}`;
}

/**
 * The canonical JSON text of a value (RFC 8785): keys sorted, no spaces, -0 as 0. Equal values have equal
 * text, whatever the order in which they were written.
 *
 * @throws ArgumentError where a number is not finite
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new ArgumentError(
      `canonicalJson: argument \`value\` must hold finite numbers only, but holds ${String(value)}.`,
    );
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) return canonicalObject(value);
  return JSON.stringify(value);
}
