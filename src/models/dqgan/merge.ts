// A preset with overrides on top.

import { ArgumentError } from "../../errors.js";
import { dqganPresets } from "./config.js";

/** Every field optional, at every depth; arrays are taken whole. */
export type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
    : T;

type Section = Readonly<Record<string, unknown>>;

function isSection(value: unknown): value is Section {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mergeSections(base: Section, over: Section): Section {
  const given = Object.entries(over).filter(([, value]) => value !== undefined);
  const entries = given.map(([key, value]): [string, unknown] => {
    const below = base[key];
    return [key, isSection(value) && isSection(below) ? mergeSections(below, value) : value];
  });
  return { ...base, ...Object.fromEntries(entries) };
}

/** The named preset with `overrides` laid over it. */
export function merge(preset: string, overrides: object): Section {
  const base = Object.hasOwn(dqganPresets, preset) ? dqganPresets[preset] : undefined;
  if (base === undefined) {
    throw new ArgumentError(
      `dqganConfig: argument \`preset\` must be one of ${Object.keys(dqganPresets).join(", ")}, but is "${preset}".`,
    );
  }
  return mergeSections(base, overrides as Section);
}
