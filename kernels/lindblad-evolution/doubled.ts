// Complex matrices as real ones of twice the size, [[Re, −Im], [Im, Re]]: one product instead of four, and the adjoint
// is the transpose. Only the composed forms of the evolution work with them.

import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";

type Pair = { readonly re: Tensor; readonly im: Tensor };

/** `[..., n, n]` to `[..., 2n, 2n]`. */
export function doubled({ re, im }: Pair): Tensor {
  return tf.concat([tf.concat([re, tf.neg(im)], -1), tf.concat([im, re], -1)], -2);
}

/** The reverse, from the left half, for `[B, 2n, 2n]`. */
export function halved(x: Tensor): Pair {
  const [B, m] = x.shape as [number, number];
  const n = m / 2;
  const part = (row: number): Tensor => tf.slice(x, [0, row, 0], [B, n, n]);
  return { re: part(0), im: part(n) };
}

/** The last two axes swapped: the adjoint. */
export function swapped(x: Tensor): Tensor {
  return tf.transpose(x, [...Array(x.rank - 2).keys(), x.rank - 1, x.rank - 2]);
}

/** The Hermitian part of a doubled matrix. */
export function hermitianPart(x: Tensor): Tensor {
  return tf.mul(0.5, tf.add(x, swapped(x)));
}
