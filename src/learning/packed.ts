// Lists of tensors as one vector, and back: an optimiser's step on a vector is a few operations, on a list a few for each tensor.

import * as tf from "@tensorflow/tfjs";
import type { Tensor, Tensor1D } from "@tensorflow/tfjs";

/** The elements of all tensors, one after the other, `[n]`. */
export function packTensors(tensors: readonly Tensor[]): Tensor1D {
  return tf.tidy(() =>
    tf.concat1d(tensors.map((x) => (x.rank === 1 ? x : tf.reshape(x, [-1])) as Tensor1D)),
  );
}

/** The tensors of a vector, by shape: the inverse of {@link packTensors}. */
export function unpackTensors(vector: Tensor1D, shapes: readonly (readonly number[])[]): Tensor[] {
  return tf.tidy(() => {
    let at = 0;
    return shapes.map((shape) => {
      const size = tf.util.sizeFromShape([...shape]);
      const part = tf.slice(vector, at, size);
      at += size;
      return shape.length === 1 ? part : tf.reshape(part, [...shape]);
    });
  });
}

/** The parts of an array on the host, as {@link unpackTensors}: copies. */
export function unpackArray(
  values: Float32Array,
  shapes: readonly (readonly number[])[],
): Float32Array[] {
  let at = 0;
  return shapes.map((shape) => values.slice(at, (at += tf.util.sizeFromShape([...shape]))));
}
