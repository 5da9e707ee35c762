// Values of parameters as texts, and when two of them are the same: a value may be a list or a group.

import { canonicalJson } from "../runs/json.js";
import type { ParameterValue } from "./types.js";

/** A list or a group: values with parts, which are compared and shown as JSON. */
export function hasParts(
  value: ParameterValue,
): value is Exclude<ParameterValue, number | string | boolean | null> {
  return typeof value === "object" && value !== null;
}

/** A value where a cell holds text, a number or true and false: lists and groups as canonical JSON. */
export function plainValue(value: ParameterValue): number | string | boolean | null {
  return hasParts(value) ? canonicalJson(value) : value;
}

/** A value as text: empty where there is none. */
export function valueText(value: ParameterValue): string {
  const plain = plainValue(value);
  if (plain === null) return "";
  return Object.is(plain, -0) ? "-0" : String(plain);
}

const texts = new WeakMap<readonly ParameterValue[], readonly string[]>();

/** The place of a value in a list of choices; -1 where it is none of them. */
export function choiceIndex(choices: readonly ParameterValue[], value: ParameterValue): number {
  if (!hasParts(value)) return choices.indexOf(value);
  const known = texts.get(choices) ?? choices.map((choice) => canonicalJson(choice));
  texts.set(choices, known);
  return known.indexOf(canonicalJson(value));
}

/** A field of a CSV file (RFC 4180). */
export function csvField(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
