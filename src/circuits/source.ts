// Where the angles of a template come from: trainable parameters, features, numbers, or angles one by one.

import { ArgumentError, ShapeError } from "../errors.js";
import { feature, parameter, type Angle } from "./angle.js";
import { shapeText } from "../checks.js";

/** Numbers nested to any depth. */
export type Nested = number | readonly Nested[];

/** What {@link parameters}, {@link features} and {@link values} return, or a list of angles. */
export type Source =
  | { readonly from: "parameters"; readonly name?: string }
  | { readonly from: "features"; readonly start: number; readonly end: number }
  | { readonly from: "values"; readonly values: Nested }
  | readonly Angle[];

/** A block of trainable parameters. */
export type ParameterGroup = { readonly name: string; readonly shape: readonly number[] };

/**
 * New trainable parameters, in the shape that the template asks for.
 *
 * @param name - of the block; the default is `weights`, then `weights2` and so on
 */
export function parameters(name?: string): Source {
  return name === undefined ? { from: "parameters" } : { from: "parameters", name };
}

/**
 * Features `start … end − 1` of the last axis of `features`.
 *
 * @throws ArgumentError unless 0 ≤ start < end
 */
export function features(start: number, end: number): Source {
  if (Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end > start) {
    return { from: "features", start, end };
  }
  throw new ArgumentError(
    `features: arguments \`start\` and \`end\` must be integers with 0 ≤ start < end, but are ${start} and ${end}.`,
  );
}

/** Constants, nested to any depth and read row by row. */
export function values(numbers: Nested): Source {
  return { from: "values", values: numbers };
}

/** The number of entries of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

function flatten(nested: Nested): number[] {
  return typeof nested === "number" ? [nested] : nested.flatMap(flatten);
}

function isAngles(source: Source): source is readonly Angle[] {
  return Array.isArray(source);
}

/** A name that no block has yet. */
export function freeName(name: string, taken: readonly ParameterGroup[]): string {
  const used = (candidate: string): boolean => taken.some((group) => group.name === candidate);
  if (!used(name)) return name;
  let count = 2;
  while (used(`${name}${count}`)) count++;
  return `${name}${count}`;
}

/** What an input of a template takes: a shape, or any number of angles up to a most. */
export type InputShape = { readonly shape: readonly number[]; readonly atMost?: true };

/** The angles that a source gives, and the block of parameters that it adds. */
export function resolve(
  where: string,
  source: Source,
  { shape, atMost }: InputShape,
  groups: readonly ParameterGroup[],
): { readonly angles: readonly Angle[]; readonly group?: ParameterGroup } {
  const size = sizeOf(shape);
  if (!isAngles(source) && source.from === "parameters") {
    const offset = groups.reduce((sum, group) => sum + sizeOf(group.shape), 0);
    if (source.name !== undefined && groups.some(({ name }) => name === source.name)) {
      throw new ArgumentError(
        `${where}: the name "${source.name}" of parameters must be new, but the circuit has such a block.`,
      );
    }
    const group = { name: source.name ?? freeName("weights", groups), shape };
    return { angles: Array.from({ length: size }, (_, i) => parameter(offset + i)), group };
  }
  const angles = anglesOf(source);
  if (angles.length === size || (atMost === true && angles.length <= size)) return { angles };
  throw new ShapeError(
    `${where}: the template takes ${atMost === true ? "at most " : ""}${size} angles (shape ${shapeText(shape)}), but is given ${angles.length}.`,
  );
}

function anglesOf(source: Source): readonly Angle[] {
  if (isAngles(source)) return source;
  switch (source.from) {
    case "features":
      return Array.from({ length: source.end - source.start }, (_, i) => feature(source.start + i));
    case "values":
      return flatten(source.values);
    case "parameters":
      return [];
  }
}
