// Steady states of the dissipative network in float64, for arguments with any leading axes: loops over the samples
// and the reference of the kernel. What src/open-systems/network is compared with.

import { effectiveSteadyState } from "../../kernels/effective-steady-state/reference.js";
import { normalArray, stream, uniformArray } from "../../src/random.js";
import type { EffectiveProblem, Vector } from "../../kernels/effective-steady-state/reference.js";

/** A row-major array. */
export type Plain = { readonly shape: readonly number[]; readonly values: ArrayLike<number> };

/** The arguments of `network.steadyState` as arrays. */
export type PlainProblem = {
  readonly theta: Plain;
  readonly phi?: Plain;
  readonly J: Plain;
  readonly gamma: Plain | number;
  readonly polarization?: Plain | number;
};

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Normal numbers, the same at every call with the same `event`. */
export function normals(shape: readonly number[], event: number): Plain {
  return { shape, values: normalArray(stream(11, "problemGenerators", event), product(shape)) };
}

/** Uniform numbers in [lo, hi). */
export function uniforms(shape: readonly number[], event: number, lo: number, hi: number): Plain {
  const u = uniformArray(stream(11, "problemGenerators", event), product(shape));
  return { shape, values: u.map((x) => lo + (hi - lo) * x) };
}

/** Every index of a shape, in row-major order. */
export function indices(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (all, size) => all.flatMap((index) => Array.from({ length: size }, (_, i) => [...index, i])),
    [[]],
  );
}

/** The part of an argument that belongs to a sample: axes of size 1 and missing ones are shared. */
export function partOf(plain: Plain, tail: number, sample: readonly number[]): Float64Array {
  const lead = plain.shape.slice(0, plain.shape.length - tail);
  const row = lead.reduce((at, size, axis) => at * size + (size === 1 ? 0 : sample[axis]!), 0);
  const size = product(plain.shape.slice(lead.length));
  return Float64Array.from({ length: size }, (_, i) => plain.values[row * size + i]!);
}

/** The problem of one sample and output. */
export function sampleOf(
  problem: PlainProblem,
  sample: readonly number[],
  m: number,
): EffectiveProblem {
  const { theta, phi, J, gamma, polarization = 1 } = problem;
  const number = (value: Plain | number): number =>
    typeof value === "number" ? value : partOf(value, 0, sample)[0]!;
  const N = J.shape.at(-3)!;
  const own = partOf(J, 4, sample).subarray(9 * N * m, 9 * N * (m + 1));
  const matrices = Array.from({ length: N }, (_, n) =>
    [0, 1, 2].map((k) => Array.from(own.subarray(9 * n + 3 * k, 9 * n + 3 * k + 3))),
  );
  return {
    theta: Array.from(partOf(theta, 1, sample)),
    ...(phi && { phi: Array.from(partOf(phi, 1, sample)) }),
    J: matrices,
    gamma: number(gamma),
    polarization: number(polarization),
  };
}

/** Bloch vectors `[...lead, M, 3]`, flat. */
export function blochVectors(problem: PlainProblem, lead: readonly number[]): number[] {
  const M = problem.J.shape.at(-4)!;
  return indices([...lead, M]).flatMap((index): Vector => {
    const sample = index.slice(0, -1);
    return effectiveSteadyState(sampleOf(problem, sample, index.at(-1)!));
  });
}
