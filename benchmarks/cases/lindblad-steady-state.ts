// The steady state of a Lindblad equation as a case: random dense operators, one to three jumps, small dimensions.

import * as tf from "@tensorflow/tfjs";
import { lindbladContract } from "../../kernels/lindblad-steady-state/contract.js";
import { lindbladSteadyState } from "../../kernels/lindblad-steady-state/index.js";
import { lindbladReference } from "../../kernels/lindblad-steady-state/reference.js";
import { normals, takeAll } from "./plain.js";
import type { ComplexMatrix } from "../../kernels/lindblad-steady-state/reference.js";
import type { ExactInputs, Inputs, KernelCase, Plain, Problem, TensorInputs } from "./case.js";

/** B samples of dimension n with K jump operators. */
type Sizes = readonly [B: number, n: number, K: number];

const SIZES: readonly Sizes[] = [
  [1, 2, 1],
  [0, 2, 2],
  [3, 2, 2],
  [2, 3, 1],
  [3, 3, 3],
  [1, 4, 2],
  [3, 5, 1],
];

const AXES = { H: "Bcij", jumps: "BKcij" };

function matrix(values: ArrayLike<number>, from: number, n: number): ComplexMatrix {
  const part = (start: number): number[][] =>
    Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (__, j) => values[start + i * n + j]!),
    );
  return { re: part(from), im: part(from + n * n) };
}

function referenceOf({ H, jumps }: ExactInputs): Float64Array {
  const [B, K, , n] = jumps!.shape as [number, number, 2, number, number];
  const one = 2 * n * n;
  const states = Array.from({ length: B }, (_, s) => {
    const operators = Array.from({ length: K }, (__, k) =>
      matrix(jumps!.values, (s * K + k) * one, n),
    );
    const { re, im } = lindbladReference(matrix(H!.values, s * one, n), operators);
    return [...re.flat(), ...im.flat()];
  });
  return Float64Array.from(states.flat());
}

/** A problem with these inputs, in the shapes of the contract. */
export function lindbladProblemOf(label: string, inputs: Inputs): Problem {
  const solve = (method: "fused" | "composed") => (tensors: TensorInputs) =>
    tf.tidy(() => lindbladSteadyState(tensors["H"]!, tensors["jumps"]!, method).rho);
  return {
    label,
    inputs,
    axes: AXES,
    // Every entry of an operator meets every entry of the state.
    output: { shape: inputs["H"]!.shape, axes: "Bdkl" },
    reference: referenceOf,
    fused: solve("fused"),
    composed: solve("composed"),
    part: (letter, index) =>
      lindbladProblemOf(`${label}, sample ${String(index)}`, takeAll(inputs, AXES, letter, index)),
  };
}

/** Hermitian matrices `[B, 2, n, n]` of normal numbers. */
function hermitian(seed: number, B: number, n: number): Plain {
  const { shape, values } = normals([seed, 1], [B, 2, n, n]);
  const part = values.map((x, at) => {
    const [i, j] = [Math.floor(at / n) % n, at % n];
    const partner = values[at - i * n - j + j * n + i]!;
    const sign = Math.floor(at / (n * n)) % 2 === 0 ? 1 : -1;
    return (x + sign * partner) / 2;
  });
  return { shape, values: part };
}

/** A problem with random inputs. */
export function lindbladProblem(seed: number, [B, n, K]: Sizes): Problem {
  const inputs = { H: hermitian(seed, B, n), jumps: normals([seed, 2], [B, K, 2, n, n]) };
  return lindbladProblemOf(`B ${String(B)} n ${String(n)} K ${String(K)}`, inputs);
}

const timed: readonly Sizes[] = [
  [1024, 2, 1],
  [256, 4, 2],
  [32, 8, 2],
  [4, 16, 2],
];

/** `kernels/lindblad-steady-state`. */
export const lindbladSteadyStateCase: KernelCase = {
  kernel: "lindblad-steady-state",
  contract: lindbladContract,
  // The composed form sets them: its Liouvillian is assembled in float32.
  bounds: {
    value: { atol: 2e-6, rtol: 0 },
    gradient: {
      H: { fraction: 2e-5, of: "entries", beside: ["jumps"] },
      jumps: { fraction: 2e-5, of: "entries" },
    },
    second: 1e-4,
  },
  guard: 'method: "composed"',
  batch: "B",
  problems: (seed = 500) => SIZES.map((sizes, i) => lindbladProblem(seed + i, sizes)),
  smooth: () => [lindbladProblem(550, [2, 2, 2]), lindbladProblem(551, [1, 3, 1])],
  split: () => lindbladProblem(4, [65, 4, 2]),
  sample: "one steady state",
  benchmarks: timed.map((sizes) => ({
    label: `n = ${String(sizes[1])}`,
    samples: sizes[0],
    problem: () => lindbladProblem(10, sizes),
  })),
};
