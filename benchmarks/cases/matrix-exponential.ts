// The exponential of real matrices as a case: sizes around the lanes, norms on both sides of the first squaring.

import { exponentialContract } from "../../kernels/matrix-exponential/contract.js";
import { matrixExponential } from "../../kernels/matrix-exponential/index.js";
import { exponentialReference } from "../../kernels/matrix-exponential/reference.js";
import { normals, takeAll } from "./plain.js";
import type { ExactInputs, Inputs, KernelCase, Problem, TensorInputs } from "./case.js";

/** B matrices of size n, and the size of their entries. */
type Sizes = readonly [B: number, n: number, scale: number];

const SIZES: readonly Sizes[] = [
  [1, 1, 1],
  [0, 3, 1],
  [3, 2, 0.1],
  [1, 3, 1],
  [3, 4, 0.7],
  [2, 5, 0.6],
  [1, 8, 0.4],
];

const AXES = { a: "Bij" };

function referenceOf({ a }: ExactInputs): Float64Array {
  const [B, n] = a!.shape as [number, number, number];
  const all = Array.from({ length: B }, (_, s) => {
    const rows = Array.from({ length: n }, (__, i) =>
      Array.from({ length: n }, (___, j) => a!.values[(s * n + i) * n + j]!),
    );
    return exponentialReference(rows).flat();
  });
  return Float64Array.from(all.flat());
}

function problemOf(label: string, inputs: Inputs): Problem {
  const form = (method: "fused" | "composed") => (tensors: TensorInputs) =>
    matrixExponential(tensors["a"]!, method);
  return {
    label,
    inputs,
    axes: AXES,
    // Every entry of a matrix meets every entry of its exponential.
    output: { shape: inputs["a"]!.shape, axes: "Bkl" },
    reference: referenceOf,
    fused: form("fused"),
    composed: form("composed"),
    part: (letter, index) =>
      problemOf(`${label}, matrix ${String(index)}`, takeAll(inputs, AXES, letter, index)),
  };
}

function problem(seed: number, [B, n, scale]: Sizes): Problem {
  const { shape, values } = normals([seed, 1], [B, n, n]);
  const inputs = { a: { shape, values: values.map((x) => scale * x) } };
  return problemOf(`B ${String(B)} n ${String(n)} scale ${String(scale)}`, inputs);
}

const timed: readonly Sizes[] = [
  [4096, 4, 1],
  [256, 16, 1],
  [8, 64, 1],
];

/** `kernels/matrix-exponential`. */
export const matrixExponentialCase: KernelCase = {
  kernel: "matrix-exponential",
  contract: exponentialContract,
  // The composed form sets them: float32, and its rounding doubles with every squaring.
  bounds: {
    value: { atol: 2e-6, rtol: 5e-6 },
    gradient: { a: { fraction: 2e-5, of: "entries" } },
    second: 1e-4,
  },
  batch: "B",
  problems: (seed = 800) => SIZES.map((sizes, i) => problem(seed + i, sizes)),
  smooth: () => [problem(850, [2, 2, 0.5]), problem(851, [1, 3, 0.5])],
  split: () => problem(7, [65, 7, 0.4]),
  sample: "one matrix",
  benchmarks: timed.map((sizes) => ({
    label: `n = ${String(sizes[1])}`,
    samples: sizes[0],
    problem: () => problem(13, sizes),
  })),
};
