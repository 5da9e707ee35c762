// The preset: named values between the schema's defaults and everything a user sets.

import type { Problem } from "../problem.js";
import { didYouMean } from "../../settings/suggest.js";
import { show } from "../../settings/check.js";
import { assign, type Layer } from "../../settings/layer.js";

/** Partial configurations by name. */
export type Presets = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The layer of the preset that was chosen, or what is wrong with the choice. */
export type ChosenPreset = {
  readonly layer: Layer;
  readonly problem?: Problem;
  /** The kind of the layer that chose it. */
  readonly chosenIn?: Layer["kind"];
};

const NONE: ChosenPreset = { layer: { kind: "preset", assignments: [] } };

/** The layer of the preset the strongest of `layers` names. */
export function choosePreset(layers: readonly Layer[], presets: Presets): ChosenPreset {
  const set = layers
    .flatMap(({ kind, assignments }) => assignments.map((assignment) => ({ kind, assignment })))
    .findLast(({ assignment: { path } }) => path.length === 1 && path[0] === "preset");
  if (set === undefined || set.assignment.value === null) return NONE;
  const { value, origin } = set.assignment;
  const name = typeof value === "string" ? value : show(value);
  const values = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (values !== undefined) {
    const label = `preset ${name}`;
    return { layer: { kind: "preset", assignments: assign([], values, () => ({ label })) } };
  }
  const names = Object.keys(presets);
  const problem = {
    message: `unknown preset '${name}'${didYouMean(name, names)}`,
    hint: `presets: ${names.join(", ")}`,
    ...(origin.where === undefined ? {} : { where: origin.where }),
  };
  return { ...NONE, problem, chosenIn: set.kind };
}
