// A preset with overrides on top.

import { ArgumentError } from "../../errors.js";
import { mergeSections, type Section } from "../merge.js";
import { dqganPresets } from "./config.js";

export type { DeepPartial } from "../merge.js";

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
