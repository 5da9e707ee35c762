// Errors of ordinary tf operations that the engines and models stand on, patched ones among them, against plain float64.

import * as tf from "@tensorflow/tfjs";
import { normals } from "../../benchmarks/cases/plain.js";
import { read, tensorOf } from "../../test/support/tensors.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Plain } from "../../benchmarks/cases/case.js";

/** The error of an operation over the largest entry of what it should give. */
export type OperationError = { readonly operation: string; readonly value: number };

type Operation = {
  readonly inputs: readonly Plain[];
  run(...inputs: Tensor[]): Tensor;
  /** The same in float64. */
  reference(...inputs: Plain[]): readonly number[];
};

const BATCH = 3;
const [ROWS, INNER, COLUMNS] = [33, 65, 17] as const;
const IMAGE = 9;
const TERMS = 2 ** 20;

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** `a · bᵀ`, rows by rows. */
function product({ values: a }: Plain, { values: b }: Plain): number[] {
  const entry = (s: number, i: number, j: number): number =>
    sum(
      range(INNER).map((k) => a[(s * ROWS + i) * INNER + k]! * b[(s * COLUMNS + j) * INNER + k]!),
    );
  return range(BATCH).flatMap((s) =>
    range(ROWS).flatMap((i) => range(COLUMNS).map((j) => entry(s, i, j))),
  );
}

/** Gradient of Σ g · conv2d(x, w) by w, for kernels 3 × 3, stride 1, without padding, one channel each way. */
function filterGradient({ values: x }: Plain, { values: g }: Plain): number[] {
  const out = IMAGE - 2;
  const entry = (u: number, v: number): number =>
    sum(
      range(BATCH * out * out).map((at) => {
        const [s, i, j] = [Math.floor(at / (out * out)), Math.floor(at / out) % out, at % out];
        return g[at]! * x[(s * IMAGE + i + u) * IMAGE + j + v]!;
      }),
    );
  return range(9).map((at) => entry(Math.floor(at / 3), at % 3));
}

const elementwise = (
  run: (x: Tensor) => Tensor,
  f: (x: number) => number,
  change: (x: number) => number = (x) => x,
): Operation => {
  const { shape, values } = normals([5, 1], [997]);
  return {
    inputs: [{ shape, values: values.map(change) }],
    run,
    reference: (plain) => Array.from(plain.values, f),
  };
};

const OPERATIONS: Readonly<Record<string, Operation>> = {
  "matMul, batched and transposed": {
    inputs: [normals([1, 1], [BATCH, ROWS, INNER]), normals([1, 2], [BATCH, COLUMNS, INNER])],
    run: (a, b) => tf.matMul(a, b, false, true),
    reference: (a, b) => product(a, b),
  },
  "conv2d, gradient by the filter": {
    inputs: [
      normals([2, 1], [BATCH, IMAGE, IMAGE, 1]),
      normals([2, 2], [BATCH, IMAGE - 2, IMAGE - 2, 1]),
    ],
    run: (x, g) =>
      tf.grad((w: Tensor) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "valid"))(
        tf.ones([3, 3, 1, 1]),
        g,
      ),
    reference: (x, g) => filterGradient(x, g),
  },
  "sum of 2^20 terms": {
    inputs: [{ shape: [TERMS], values: new Float32Array(TERMS).fill(0.1) }],
    run: (x) => tf.sum(x),
    reference: () => [TERMS * Math.fround(0.1)],
  },
  exp: elementwise((x) => tf.exp(x), Math.exp),
  log: elementwise(
    (x) => tf.log(x),
    Math.log,
    (x) => Math.abs(x) + 0.01,
  ),
  "sin, |x| up to 10": elementwise(
    (x) => tf.sin(x),
    Math.sin,
    (x) => 3 * x,
  ),
  tanh: elementwise((x) => tf.tanh(x), Math.tanh),
  softplus: elementwise(
    (x) => tf.softplus(x),
    (x) => Math.log1p(Math.exp(x)),
  ),
};

async function errorOf({ inputs, run, reference }: Operation): Promise<number> {
  const expected = reference(...inputs);
  const actual = await read(() => run(...inputs.map(tensorOf)));
  const errors = expected.map((x, i) => Math.abs(x - actual[i]!));
  if (errors.some(Number.isNaN)) return Infinity;
  return Math.max(...errors) / Math.max(...expected.map(Math.abs));
}

/** Errors of all operations. */
export async function operationErrors(): Promise<OperationError[]> {
  const all: OperationError[] = [];
  for (const [operation, one] of Object.entries(OPERATIONS))
    all.push({ operation, value: await errorOf(one) });
  return all;
}
