// Complex matrices of the tests: random ones as tensors, and their products in plain float64.

import * as tf from "@tensorflow/tfjs";
import { normals } from "../../benchmarks/cases/plain.js";
import { complex } from "../../src/complex/index.js";
import { readAll } from "../support/tensors.js";
import type { Complex } from "../../src/complex/index.js";

/** A complex number of the oracle. */
export type Entry = readonly [re: number, im: number];

/** Normal numbers. */
export function random(seed: number, shape: readonly number[]): Complex {
  const part = (of: number): tf.Tensor =>
    tf.tensor(normals([seed, of], shape).values.slice(), [...shape]);
  return complex(part(1), part(2));
}

/** The values of a pair that `compute` returns, row-major; nothing else stays. */
export async function readPair(compute: () => Complex): Promise<[Float32Array, Float32Array]> {
  const [re, im] = await readAll(() => {
    const { re: x, im: y } = compute();
    return [x, y];
  });
  return [re!, im!];
}

/** `Σ_k a[i, k] b[k, j]` for entry functions. */
export function productOf(
  n: number,
  k: number,
  m: number,
  a: (i: number, j: number) => Entry,
  b: (i: number, j: number) => Entry,
): [re: number[], im: number[]] {
  const [re, im]: [number[], number[]] = [[], []];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      let [x, y] = [0, 0];
      for (let l = 0; l < k; l++) {
        const [p, q] = [a(i, l), b(l, j)];
        x += p[0] * q[0] - p[1] * q[1];
        y += p[0] * q[1] + p[1] * q[0];
      }
      re.push(x);
      im.push(y);
    }
  return [re, im];
}
