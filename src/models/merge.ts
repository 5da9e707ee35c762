// Partial configurations laid over one another and over a preset, and made complete. Knows no model.

import { ArgumentError } from "../errors.js";
import type { z } from "zod";

/** Every field optional, at every depth; arrays are taken whole. */
export type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
    : T;

/** A part of a configuration with named fields. */
type Section = Readonly<Record<string, unknown>>;

/** Partial configurations by name. */
type Presets = Readonly<Record<string, Section>>;

function isSection(value: unknown): value is Section {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `base` with `over` laid over it, section by section; undefined fields leave what is below. */
function mergeSections(base: Section, over: Section): Section {
  const given = Object.entries(over).filter(([, value]) => value !== undefined);
  const entries = given.map(([key, value]): [string, unknown] => {
    const below = base[key];
    return [key, isSection(value) && isSection(below) ? mergeSections(below, value) : value];
  });
  return { ...base, ...Object.fromEntries(entries) };
}

/**
 * The named preset with `overrides` laid over it.
 *
 * @param where - the function that was called, for errors
 * @throws ArgumentError for an unknown preset, with the known ones
 */
export function merge(where: string, presets: Presets, preset: string, overrides: object): Section {
  const base = Object.hasOwn(presets, preset) ? presets[preset] : undefined;
  if (base === undefined) {
    throw new ArgumentError(
      `${where}: argument \`preset\` must be one of ${Object.keys(presets).join(", ")}, but is "${preset}".`,
    );
  }
  return mergeSections(base, overrides as Section);
}

/** What may be said of a training beside its configuration. */
type Beside = {
  readonly preset?: string;
  readonly resume?: unknown;
  readonly files?: unknown;
  readonly until?: unknown;
};

/**
 * The complete configuration of a preset and overrides.
 *
 * @param where - the function that was called, for errors
 * @param preset - taken where `options` name none
 * @throws ArgumentError for an unknown preset, or a key or value that is not allowed
 */
export function completeConfig<Config>(
  where: string,
  { schema, presets }: { readonly schema: z.ZodType<Config>; readonly presets: Presets },
  preset: string,
  options: Beside,
): Config {
  const { preset: name = preset, resume: _resume, files: _files, until: _until, ...own } = options;
  const { data, error } = schema.safeParse(merge(where, presets, name, own));
  if (error === undefined) return data;
  const faults = error.issues.map(({ path, message }) =>
    [...(path.length > 0 ? [`\`${path.join(".")}\``] : []), message].join(": "),
  );
  throw new ArgumentError(`${where}: ${faults.join("; ")}.`);
}
