// Eigenvalues of Hermitian matrices as a case: odd and even sizes, with gaps that keep derivatives moderate.

import { eigenvaluesContract } from "../../kernels/hermitian-eigenvalues/contract.js";
import { hermitianEigenvalues } from "../../kernels/hermitian-eigenvalues/index.js";
import { hermitianEigenvaluesReference } from "../../kernels/hermitian-eigenvalues/reference.js";
import { normals, takeAll } from "./plain.js";
import type { ExactInputs, Inputs, KernelCase, Problem, TensorInputs } from "./case.js";

/** B matrices of size n. */
type Sizes = readonly [B: number, n: number];

const SIZES: readonly Sizes[] = [
  [1, 1],
  [0, 3],
  [3, 2],
  [1, 3],
  [3, 4],
  [1, 5],
  [2, 7],
];

const AXES = { a: "Bcij" };

function referenceOf({ a }: ExactInputs): Float64Array {
  const [B, , n] = a!.shape as [number, number, number];
  const rows = (from: number): number[][] =>
    Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (__, j) => a!.values[from + i * n + j]!),
    );
  const all = Array.from({ length: B }, (_, s) =>
    hermitianEigenvaluesReference(rows(2 * s * n * n), rows((2 * s + 1) * n * n)),
  );
  return Float64Array.from(all.flat());
}

function problemOf(label: string, inputs: Inputs): Problem {
  const [B, , n] = inputs["a"]!.shape as [number, number, number];
  const solve = (method: "fused" | "composed") => (tensors: TensorInputs) =>
    hermitianEigenvalues(tensors["a"]!, method);
  return {
    label,
    inputs,
    axes: AXES,
    output: { shape: [B, n], axes: "Bk" },
    reference: referenceOf,
    fused: solve("fused"),
    composed: solve("composed"),
    part: (letter, index) =>
      problemOf(`${label}, matrix ${String(index)}`, takeAll(inputs, AXES, letter, index)),
  };
}

/** Normal entries beside a diagonal whose steps keep the eigenvalues apart. */
function problem(seed: number, [B, n]: Sizes): Problem {
  const { shape, values } = normals([seed, 1], [B, 2, n, n]);
  const spread = values.map((x, at) => {
    const i = at % (2 * n * n);
    return 0.1 * x + (i < n * n && i % (n + 1) === 0 ? i / (n + 1) - n / 2 : 0);
  });
  return problemOf(`B ${String(B)} n ${String(n)}`, { a: { shape, values: spread } });
}

const timed: readonly Sizes[] = [
  [4096, 2],
  [1024, 4],
  [64, 16],
];

/** `kernels/hermitian-eigenvalues`. */
export const hermitianEigenvaluesCase: KernelCase = {
  kernel: "hermitian-eigenvalues",
  contract: eigenvaluesContract,
  // The composed form sets them: float32 rotations.
  bounds: {
    value: { atol: 5e-6, rtol: 2e-6 },
    gradient: { a: { fraction: 2e-5, of: "entries" } },
    second: 2e-4,
  },
  guard: 'method: "composed"',
  batch: "B",
  problems: (seed = 600) => SIZES.map((sizes, i) => problem(seed + i, sizes)),
  smooth: () => [problem(650, [2, 3]), problem(651, [1, 4])],
  split: () => problem(5, [65, 5]),
  sample: "one matrix",
  benchmarks: timed.map((sizes) => ({
    label: `n = ${String(sizes[1])}`,
    samples: sizes[0],
    problem: () => problem(11, sizes),
  })),
};
