// Complex matrices as real ones of twice the size, [[Re, −Im], [Im, Re]]: one product instead of four, and the adjoint
// is the transpose. Only the evolution works with them.

import * as tf from "@tensorflow/tfjs";
import { broadcastLead, sizeOf } from "../../complex/index.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Complex } from "../../complex/index.js";

/** `[..., n, n]` to `[..., 2n, 2n]`. */
export function doubled({ re, im }: Complex): Tensor {
  return tf.tidy(() => tf.concat([tf.concat([re, tf.neg(im)], -1), tf.concat([im, re], -1)], -2));
}

/** The reverse, from the left half, which is all that a product of doubled matrices needs. */
export function halved(x: Tensor): Complex {
  const n = x.shape.at(-1)! / 2;
  const lead = x.shape.slice(0, -2);
  const begin = lead.map(() => 0);
  const part = (row: number): Tensor => tf.slice(x, [...begin, row, 0], [...lead, n, n]);
  return { re: part(0), im: part(n) };
}

/** An operator on a flat batch: leading axes repeated to `lead`, then merged: `[B, n, n]`. */
export function flattened(A: Complex, lead: readonly number[]): Complex {
  const { re, im } = broadcastLead(A, lead);
  const flat = (part: Tensor): Tensor => tf.reshape(part, [sizeOf(lead), ...part.shape.slice(-2)]);
  return { re: flat(re), im: flat(im) };
}

/** The last two axes swapped: the adjoint. */
export function swapped(x: Tensor): Tensor {
  const rank = x.rank;
  return tf.transpose(x, [...Array(rank - 2).keys(), rank - 1, rank - 2]);
}
