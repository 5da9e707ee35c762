// The exponential of a constant generator in tf operations and matrix-exponential, from a float32 superoperator: one propagator for each length of interval, applied
// to the stacked columns of the state. Derivatives of any order.

import * as tf from "@tensorflow/tfjs";
import { matrixExponential } from "../matrix-exponential/index.js";
import { doubled, halved, hermitianPart, swapped } from "./doubled.js";
import { generatorOf } from "./generator.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Generator } from "./generator.js";

/** Rows of the left half of a doubled matrix: [Re; Im] of `[B, n, n]`, stacked column by column, `[B, 2 n², 1]`. */
function stacked(rho: Tensor): Tensor {
  const [B, m] = rho.shape as [number, number];
  const n = m / 2;
  const part = (row: number): Tensor =>
    tf.reshape(swapped(tf.slice(rho, [0, row, 0], [B, n, n])), [B, n * n, 1]);
  return tf.concat([part(0), part(n)], 1);
}

function unstacked(x: Tensor, n: number): Tensor {
  const B = x.shape[0];
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

/** `e^{𝓛h}` on stacked columns. */
export function propagatorOf(generator: Generator, h: number): Tensor {
  return matrixExponential(tf.mul(superoperator(generator), h));
}

/** A propagator applied to a doubled state. */
export function propagated(propagator: Tensor, rho: Tensor): Tensor {
  return unstacked(tf.matMul(propagator, stacked(rho)), rho.shape[1]! / 2);
}

/** Matrices `[B, 2, n, n]`, doubled. */
function doubledOf(x: Tensor): Tensor {
  const [B, , n] = x.shape as [number, 2, number, number];
  const flat = tf.reshape(x, [B, 2, n * n]);
  const part = (at: number): Tensor => tf.reshape(tf.slice(flat, [0, at], [B, 1]), [B, n, n]);
  return doubled({ re: part(0), im: part(1) });
}

/** States `[B, t, 2, n, n]` at times of which the first is that of rho0, from the shapes of the contract, B and K > 0. */
export function evolutionComposed(
  H: Tensor,
  jumps: Tensor,
  rho0: Tensor,
  times: readonly number[],
): Tensor {
  const [B, K, , n] = jumps.shape as [number, number, 2, number, number];
  const operators = doubledOf(tf.reshape(jumps, [B * K, 2, n, n]));
  const product = doubledOf(H);
  // −i (Re + i Im) = Im − i Re.
  const { re, im } = halved(product);
  const minusIH = doubled({ re: im, im: tf.neg(re) });
  const generator = generatorOf(minusIH, tf.reshape(operators, [B, K, 2 * n, 2 * n]));
  const propagators = new Map<number, Tensor>();
  const states = [hermitianPart(doubledOf(rho0))];
  for (let i = 1; i < times.length; i++) {
    const h = times[i]! - times[i - 1]!;
    const propagator = propagators.get(h) ?? propagatorOf(generator, h);
    propagators.set(h, propagator);
    states.push(propagated(propagator, states.at(-1)!));
  }
  const pairs = states.map((rho) => {
    const pair = halved(rho);
    return tf.stack([pair.re, pair.im], 1);
  });
  return tf.stack(pairs, 1);
}
