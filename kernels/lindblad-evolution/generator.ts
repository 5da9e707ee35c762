// The right-hand side of a Lindblad equation in tf operations, from doubled operators.

import * as tf from "@tensorflow/tfjs";
import { swapped } from "./doubled.js";
import type { Tensor } from "@tensorflow/tfjs";

/** The operators at one time, doubled: 𝓛ρ = Y + Y†, Y = A ρ + ½ Σ L ρ L†. */
export type Generator = {
  /** `A = −iH − ½ Σ L†L`, `[B, 2n, 2n]`. */
  readonly A: Tensor;
  /** `[B, K, 2n, 2n]`; absent without jump operators. */
  readonly jumps?: Tensor;
};

/** From `−iH` `[B, 2n, 2n]`, of which only the Hermitian part of H counts, and jump operators `[B, K, 2n, 2n]`. */
export function generatorOf(product: Tensor, jumps?: Tensor): Generator {
  const minusIH = tf.mul(0.5, tf.sub(product, swapped(product)));
  if (jumps === undefined) return { A: minusIH };
  const [B, K, m] = jumps.shape as [number, number, number, number];
  const tall = tf.reshape(jumps, [B, K * m, m]);
  const loss = tf.matMul(tall, tall, true, false);
  return { A: tf.sub(minusIH, tf.mul(0.5, loss)), jumps };
}

/** `Σ L X L†` for a Hermitian X, `[B, 2n, 2n]`. */
export function gain(jumps: Tensor, X: Tensor): Tensor {
  const [B, K, m] = jumps.shape as [number, number, number, number];
  const left = tf.matMul(tf.reshape(jumps, [B, K * m, m]), X);
  // X L† below one another, against the jump operators side by side.
  const right = tf.reshape(swapped(tf.reshape(left, [B * K, m, m])), [B, K * m, m]);
  const wide = tf.reshape(tf.transpose(jumps, [0, 2, 1, 3]), [B, m, K * m]);
  return tf.matMul(wide, right);
}

/**
 * `𝓛ρ`, Hermitian whatever ρ is. Of a part of ρ that is not, which rounding leaves, the gain alone would come through,
 * without the loss that balances it, and grow exponentially.
 */
export function derivative({ A, jumps }: Generator, rho: Tensor): Tensor {
  const drift = tf.matMul(A, rho);
  const Y = jumps === undefined ? drift : tf.add(drift, tf.mul(0.5, gain(jumps, rho)));
  return tf.add(Y, swapped(Y));
}
