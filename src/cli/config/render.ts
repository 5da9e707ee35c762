// A resolved configuration as YAML text, with the origin or the meaning of every value in comments.

import { stringify } from "yaml";
import { isGroup } from "../../settings/layer.js";
import type { Resolved } from "./resolve.js";
import { nodeAt } from "../../settings/schema-tree.js";
import { SETTING_KEYS } from "./settings.js";

type Line = { readonly text: string; readonly comment: string };

/** A value on one line of YAML. */
export function scalar(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(scalar).join(", ")}]`;
  return stringify(value, { lineWidth: 0 }).trim();
}

function linesOf(
  value: Readonly<Record<string, unknown>>,
  path: readonly string[],
  comment: (key: string) => string,
): readonly Line[] {
  const indent = "  ".repeat(path.length);
  return Object.entries(value).flatMap(([key, member]) => {
    const own = [...path, key];
    if (isGroup(member)) {
      return [{ text: `${indent}${key}:`, comment: "" }, ...linesOf(member, own, comment)];
    }
    return [{ text: `${indent}${key}: ${scalar(member)}`, comment: comment(own.join(".")) }];
  });
}

const WIDEST = 40;

function align(lines: readonly Line[]): string {
  const lengths = lines.map(({ text }) => text.length).filter((length) => length <= WIDEST);
  const column = Math.max(0, ...lengths);
  // A line that is wider than the column keeps its distance: without a space, YAML sees no comment.
  return lines
    .map(
      ({ text, comment }) => `${comment === "" ? text : `${text.padEnd(column)}  # ${comment}`}\n`,
    )
    .join("");
}

/** The configuration as a file that trains it again, each value with its origin: `# default`, `# flag`, … */
export function renderConfig(resolved: Pick<Resolved, "task" | "config" | "origin">): string {
  const values = { task: resolved.task, ...(resolved.config as object) };
  return align(linesOf(values, [], resolved.origin));
}

/** Configuration and settings with origins, as `config --resolved` prints them. */
export function renderResolved(resolved: Resolved): string {
  const settings = Object.fromEntries(SETTING_KEYS.map((key) => [key, resolved.settings[key]]));
  return align(linesOf({ ...settings, ...(resolved.config as object) }, [], resolved.origin));
}

/** A file to start from: every key with its value and, in comments, what it means. */
export function renderTemplate(resolved: Resolved): string {
  const values = { task: resolved.task, ...(resolved.config as object) };
  const meaning = (key: string): string =>
    nodeAt(resolved.tree, key.split("."))?.description?.replace(/\s+/g, " ") ?? "";
  return align(linesOf(values, [], meaning));
}
