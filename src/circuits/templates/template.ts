// What a template is: operations that are written for any number of wires, given the angles of its inputs.

import type { Angle } from "../angle.js";
import type { InputShape } from "../source.js";
import type { Operation } from "../operation.js";

/** The amplitudes that a circuit starts from; angles are numbers, features or expressions here, not radians. */
export type Preparation = {
  readonly kind: "amplitudes";
  readonly re: readonly Angle[];
  readonly im?: readonly Angle[];
  /** Whether the amplitudes are divided by their norm. */
  readonly normalize: boolean;
};

/** One input of a template, for example its weights. */
export type TemplateInput = InputShape & { readonly name: string };

/** Operations on a register of any size, to be appended with a source for each input. */
export type Template = {
  readonly name: string;
  /** What it takes on this many wires. */
  readonly inputs: (wires: number) => readonly TemplateInput[];
  /** The operations, from the angles of each input. */
  readonly build: (wires: number, inputs: readonly (readonly Angle[])[]) => readonly Operation[];
  /** Only of a template that prepares the state. */
  readonly prepare?: (wires: number, inputs: readonly (readonly Angle[])[]) => Preparation;
};

/** A template with trainable layers, and the shape of its weights. */
export type Ansatz<Options> = ((options: Options) => Template) & {
  /** The shape of the weights of this many layers on this many wires. */
  readonly shape: (layers: number, wires: number) => number[];
};

/** Part `index` of `count` equal parts of a list. */
export function part<T>(list: readonly T[], index: number, count: number): readonly T[] {
  const size = list.length / count;
  return list.slice(index * size, (index + 1) * size);
}

/** The wires 0 … n − 1. */
export function range(n: number): readonly number[] {
  return Array.from({ length: n }, (_, i) => i);
}
