// Plain tensors for the cases: made from seeds, and cut along an axis.

import { philoxNormals, philoxUniforms } from "../../kernels/philox/reference.js";
import type { Inputs, Plain } from "./case.js";

/** Where the numbers of an input come from. */
export type Seed = readonly [seed: number, input: number];

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Values of `f` over the numbers of a stream, rounded to float32. */
export function uniforms(
  [seed, input]: Seed,
  shape: readonly number[],
  f: (u: number) => number,
): Plain {
  const draws = philoxUniforms(seed, input, sizeOf(shape));
  return { shape, values: Float32Array.from(draws, f) };
}

/** Standard normal numbers, rounded to float32. */
export function normals([seed, input]: Seed, shape: readonly number[]): Plain {
  return { shape, values: new Float32Array(philoxNormals(seed, input, sizeOf(shape))) };
}

/** Index `index` of axis `axis`, which stays as an axis of size 1; an axis of size 1 is taken whole. */
export function take({ shape, values }: Plain, axis: number, index: number): Plain {
  if (shape[axis] === 1) return { shape, values };
  const inner = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  const cut = new Float32Array(outer * inner);
  for (let o = 0; o < outer; o++) {
    const from = (o * shape[axis]! + index) * inner;
    cut.set(values.subarray(from, from + inner), o * inner);
  }
  return { shape: shape.map((size, i) => (i === axis ? 1 : size)), values: cut };
}

/** `take` along the axis with this letter, for the inputs that have it. */
export function takeAll(
  inputs: Inputs,
  axes: Readonly<Record<string, string>>,
  letter: string,
  index: number,
): Inputs {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, plain]) => {
      const axis = axes[name]!.indexOf(letter);
      return [name, axis < 0 ? plain : take(plain, axis, index)];
    }),
  );
}
