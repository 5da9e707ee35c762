// Training batches from a fixed table: rows drawn with replacement, every replica by its own stream.

import * as tf from "@tensorflow/tfjs";
import { checkBatch } from "./checks.js";
import { uniform, type Stream } from "../random.js";

/** A table on the device from which batches are drawn. */
export type FixedRows = {
  /** `[P, n, d]` rows drawn with replacement; see `AngleSource.batch`. */
  readonly batch: (streams: readonly Stream[], n: number) => tf.Tensor3D;
  /** Frees the table; the next batch uploads it again. */
  readonly dispose: () => void;
};

/**
 * A table to draw from. It is uploaded at the first batch and kept until `dispose`.
 *
 * The uniforms have 23 bits: beyond 2²³ rows some are never drawn, and at a million rows the chances of
 * two rows differ by up to 12 %, at random, which does not bias a table in random order.
 *
 * @param values - rows in random order, row-major
 * @param width - numbers in a row, d
 * @returns the batches and their disposal
 */
export function fixedRows(values: Float32Array, width: number): FixedRows {
  const rows = values.length / width;
  let table: tf.Tensor2D | null = null;
  return {
    batch(streams, n) {
      checkBatch("batch", streams, n);
      table ??= tf.keep(tf.tensor2d(values, [rows, width]));
      const kept = table;
      return tf.tidy(() => tf.gather<tf.Tensor>(kept, rowIndices(streams, n, rows)) as tf.Tensor3D);
    },
    dispose() {
      table?.dispose();
      table = null;
    },
  };
}

/** `⌊u · rows⌋` (casting truncates) in [0, rows): u ≤ 1 − 2⁻²³ keeps even the rounded product below `rows`. */
function rowIndices(streams: readonly Stream[], n: number, rows: number): tf.Tensor {
  return uniform(streams, [n]).mul(rows).toInt();
}
