// The exponential of a constant generator as a method: one propagator for each length of step, applied to the stacked
// columns of the state.

import * as tf from "@tensorflow/tfjs";
import { exponentialOf } from "../../linalg/index.js";
import { swapped } from "./doubled.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Generator } from "./generator.js";
import type { Method } from "./methods.js";

/** Rows of the left half of a doubled matrix: [Re; Im] of `[B, n, n]`, stacked column by column, `[B, 2 n², 1]`. */
function stacked(rho: Tensor): Tensor {
  const [B, m] = rho.shape as [number, number];
  const n = m / 2;
  const part = (row: number): Tensor =>
    tf.reshape(swapped(tf.slice(rho, [0, row, 0], [B, n, n])), [B, n * n, 1]);
  return tf.concat([part(0), part(n)], 1);
}

function unstacked(x: Tensor, n: number): Tensor {
  const B = x.shape[0]!;
  const part = (row: number): Tensor =>
    swapped(tf.reshape(tf.slice(x, [0, row, 0], [B, n * n, 1]), [B, n, n]));
  const [re, im] = [part(0), part(n * n)];
  return tf.concat([tf.concat([re, tf.neg(im)], 2), tf.concat([im, re], 2)], 1);
}

/** Real and imaginary parts of a doubled matrix. */
function partsOf(x: Tensor): [Tensor, Tensor] {
  const [B, m] = x.shape as [number, number];
  const n = m / 2;
  return [tf.slice(x, [0, 0, 0], [B, n, n]), tf.slice(x, [0, n, 0], [B, n, n])];
}

/** Real ⊗ real, `[B, n², n²]`. */
function kron(a: Tensor, b: Tensor): Tensor {
  const [B, n] = a.shape as [number, number];
  const product = tf.mul(tf.reshape(a, [B, n, 1, n, 1]), tf.reshape(b, [b.shape[0], 1, n, 1, n]));
  return tf.reshape(product, [B, n * n, n * n]);
}

/** The superoperator `X ↦ A X + X A† + Σ L X L†` on stacked columns, doubled: `[B, 2 n², 2 n²]`. */
export function superoperator({ A, jumps }: Generator): Tensor {
  const [re, im] = partsOf(A);
  const [B, n] = re.shape as [number, number];
  const one = tf.tile(tf.expandDims(tf.eye(n), 0), [B, 1, 1]);
  let [x, y] = [tf.add(kron(one, re), kron(re, one)), tf.sub(kron(one, im), kron(im, one))];
  const K = jumps?.shape[1] ?? 0;
  for (let k = 0; k < K; k++) {
    const L = tf.reshape(tf.slice(jumps!, [0, k], [B, 1]), [B, 2 * n, 2 * n]);
    const [u, v] = partsOf(L);
    x = tf.add(x, tf.add(kron(u, u), kron(v, v)));
    y = tf.add(y, tf.sub(kron(u, v), kron(v, u)));
  }
  return tf.concat([tf.concat([x, tf.neg(y)], 2), tf.concat([y, x], 2)], 1);
}

/** `e^{𝓛h} ρ`. */
export const exponential: Method = {
  nodes: [0],
  prepare: ([generator], h) => {
    const n = generator!.A.shape[1]! / 2;
    const propagator = exponentialOf(tf.mul(superoperator(generator!), h));
    return {
      tensors: [propagator],
      step: ([P], rho) => unstacked(tf.matMul(P!, stacked(rho)), n),
    };
  },
};
