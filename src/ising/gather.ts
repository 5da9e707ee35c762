// Gathering along the last axis with a gradient of any order on every backend: the adjoint of a gather is a sum of gathers.
// The stock gradient needs UnsortedSegmentSum, which the wasm backend does not have.

import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";

/** For each entry gathered, its place along the last axis; −1 gathers a zero. */
export type Places = Int32Array;

/**
 * `y[..., m] = x[..., places[m]]`.
 *
 * @param x - `[a, b, size]`
 * @returns `[a, b, places.length]`
 */
export function gatherLast(x: Tensor, places: Places): Tensor {
  const size = x.shape.at(-1)!;
  if (places.length === 0) return tf.zeros([...x.shape.slice(0, -1), 0]);
  const gather = tf.customGrad((t) => ({
    value: plainGather(t as Tensor, places),
    gradFunc: (dy: Tensor) => sumInto(dy, places, size),
  }));
  return gather(x);
}

function plainGather(x: Tensor, places: Places): Tensor {
  const size = x.shape.at(-1)!;
  if (!places.includes(-1)) return tf.gather(x, tf.tensor1d(places, "int32"), x.rank - 1);
  const padded = tf.concat([x, tf.zeros([...x.shape.slice(0, -1), 1])], x.rank - 1);
  const index = places.map((at) => (at === -1 ? size : at));
  return tf.gather(padded, tf.tensor1d(index, "int32"), x.rank - 1);
}

/** The adjoint: `x[..., j] = Σ y[..., m]` over the m with `places[m] = j`. */
function sumInto(y: Tensor, places: Places, size: number): Tensor {
  const { slots, width } = inverse(places, size);
  const lead = y.shape.slice(0, -1);
  if (width === 0) return tf.zeros([...lead, size]);
  return tf.sum(tf.reshape(gatherLast(y, slots), [...lead, size, width]), -1);
}

/** For each place, the entries gathered from it, filled up with −1 to the same number. */
function inverse(places: Places, size: number): { slots: Places; width: number } {
  const count = new Int32Array(size);
  for (const at of places) if (at >= 0) count[at]! += 1;
  const width = count.reduce((a, b) => Math.max(a, b), 0);
  const slots = new Int32Array(size * width).fill(-1);
  count.fill(0);
  places.forEach((at, m) => {
    if (at >= 0) slots[at * width + count[at]!++] = m;
  });
  return { slots, width };
}
