// The critic of one replica over the range of the data, for figures: how real it takes each place to be.

import * as tf from "@tensorflow/tfjs";
import { criticOf } from "./critic.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { ModelConfig } from "./config.js";

/** Places along the axis of one column, and along each axis of two. */
const POINTS = { 1: 201, 2: 61 } as const;

/** Places from lo to hi, both included. */
function grid([lo, hi]: readonly [number, number], count: number): number[] {
  return Array.from({ length: count }, (_, i) => lo + ((hi - lo) * i) / (count - 1));
}

/**
 * D over a grid of one or two columns, row-major with the first column in the rows; without its mean, since a critic is
 * defined up to a constant. Nothing for more columns.
 *
 * @param critics - parameters of the population, `[P, K]`
 */
export async function landscape(
  critics: Tensor,
  p: number,
  model: ModelConfig,
  d: number,
  range: readonly [number, number],
): Promise<{ readonly places: readonly number[]; readonly values: readonly number[] }> {
  if (d !== 1 && d !== 2) return { places: [], values: [] };
  const places = grid(range, POINTS[d]);
  const rows = d === 1 ? places.map((x) => [x]) : places.flatMap((x) => places.map((y) => [x, y]));
  const output = tf.tidy(() => {
    const own = tf.slice(critics, [p, 0], [1, critics.shape[1]!]);
    const values = criticOf(model, d).values(own, tf.tensor3d([rows]));
    return tf.sub(values, tf.mean(values));
  });
  const values = Array.from(await output.data<"float32">());
  output.dispose();
  return { places, values };
}
