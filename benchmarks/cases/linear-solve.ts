// The linear solve as a case: sizes around the lanes and the unrolled rows, both sides of the transpose.

import * as tf from "@tensorflow/tfjs";
import { linearSolveContract } from "../../kernels/linear-solve/contract.js";
import { linearSolve } from "../../kernels/linear-solve/index.js";
import { linearSolveReference } from "../../kernels/linear-solve/reference.js";
import { normals, takeAll } from "./plain.js";
import type { Matrix } from "../../kernels/linear-solve/reference.js";
import type { ExactInputs, Inputs, KernelCase, Plain, Problem, TensorInputs } from "./case.js";

/** B systems of n equations with m right-hand sides. */
type Sizes = readonly [B: number, n: number, m: number];

const SIZES: readonly Sizes[] = [
  [1, 1, 1],
  [0, 3, 2],
  [2, 2, 3],
  [3, 3, 1],
  [1, 4, 1],
  [3, 5, 2],
  [2, 8, 1],
  [3, 9, 3],
  [1, 17, 1],
];

const AXES = { a: "Bij", b: "Bim" };

function matrix({ shape, values }: ExactInputs[string], at: number): number[][] {
  const [rows, columns] = shape.slice(1) as [number, number];
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (__, j) => values[(at * rows + i) * columns + j]!),
  );
}

const transposed = (A: Matrix): number[][] => A[0]!.map((_, j) => A.map((row) => row[j]!));

function referenceOf({ a, b }: ExactInputs, transpose: boolean): Float64Array {
  const systems = Array.from({ length: a!.shape[0]! }, (_, s) => {
    const A = matrix(a!, s);
    return linearSolveReference(transpose ? transposed(A) : A, matrix(b!, s)).flat();
  });
  return Float64Array.from(systems.flat());
}

function problemOf(label: string, inputs: Inputs, transpose: boolean): Problem {
  const solve = (method: "fused" | "composed") => (tensors: TensorInputs) =>
    tf.tidy(() => linearSolve(tensors["a"]!, tensors["b"]!, { transpose, method }).x);
  return {
    label,
    inputs,
    // Every entry of a system meets every entry of its solution.
    axes: { a: "Bij", b: "Bkm" },
    output: { shape: inputs["b"]!.shape, axes: "Blm" },
    reference: (exact) => referenceOf(exact, transpose),
    fused: solve("fused"),
    composed: solve("composed"),
    part: (letter, index) =>
      problemOf(
        `${label}, system ${String(index)}`,
        takeAll(inputs, AXES, letter, index),
        transpose,
      ),
  };
}

/** Normal numbers, and a diagonal that keeps the condition number below some 100. */
function matrices(seed: number, B: number, n: number): Plain {
  const { shape, values } = normals([seed, 1], [B, n, n]);
  const scale = 0.5 / Math.sqrt(n);
  return {
    shape,
    values: values.map((x, at) => scale * x + (at % (n * n) === (at % n) * (n + 1) ? 1 : 0)),
  };
}

function problem(seed: number, [B, n, m]: Sizes, transpose: boolean): Problem {
  const inputs = { a: matrices(seed, B, n), b: normals([seed, 2], [B, n, m]) };
  const label = `B ${String(B)} n ${String(n)} m ${String(m)}${transpose ? ", transposed" : ""}`;
  return problemOf(label, inputs, transpose);
}

const timed: readonly Sizes[] = [
  [4096, 4, 1],
  [1024, 16, 1],
  [64, 64, 1],
  [8, 256, 1],
];

/** `kernels/linear-solve`. */
export const linearSolveCase: KernelCase = {
  kernel: "linear-solve",
  contract: linearSolveContract,
  // The composed form sets them: float32 times the condition number.
  bounds: {
    value: { atol: 1e-5, rtol: 1e-5 },
    gradient: {
      a: { fraction: 2e-5, of: "entries" },
      b: { fraction: 2e-5, of: "entries" },
    },
    second: 1e-4,
  },
  batch: "B",
  problems: (seed = 400) =>
    SIZES.flatMap((sizes, i) => [
      problem(seed + 2 * i, sizes, false),
      problem(seed + 2 * i + 1, sizes, true),
    ]),
  smooth: () => [problem(450, [2, 3, 2], false), problem(451, [3, 4, 1], true)],
  split: () => problem(3, [129, 17, 2], false),
  sample: "one system",
  benchmarks: timed.map((sizes) => ({
    label: `${String(sizes[1])} equations`,
    samples: sizes[0],
    problem: () => problem(9, sizes, false),
  })),
};
