// Stochastic binarisation: intensities as probabilities of spins +1, with the exact moments that fresh draws have on average.

import { ShapeError } from "../errors.js";
import { uniformArray, type Stream } from "../random.js";

/** Rows of d intensities in [0, 1], row-major. */
export type Intensities = { readonly values: ArrayLike<number>; readonly width: number };

/** Data moments of spins. */
export type SpinMoments = {
  /** `[d]`, `⟨z_i⟩`. */
  readonly mean: Float64Array;
  /** One `⟨z_i z_j⟩` per pair asked for. */
  readonly pairs: Float64Array;
};

/** Half a step of the uniforms, so that probability 0 never and probability 1 always is up. */
const HALF_STEP = 2 ** -24;

/**
 * Draws each spin anew: +1 with the probability that is its intensity.
 *
 * @param intensities - rows of d intensities
 * @param from - a stream of purpose `"binarisation"`, another event for each use
 * @returns `[rows, d]`, spins ±1
 */
export function binarize({ values }: Intensities, from: Stream): Int8Array {
  const u = uniformArray(from, values.length);
  return Int8Array.from(u, (value, i) => (value + HALF_STEP < values[i]! ? 1 : -1));
}

/**
 * The moments of binarised data averaged over all draws: `⟨z_i⟩ = mean (2 p_i − 1)`, and for i ≠ j
 * `⟨z_i z_j⟩ = mean (2 p_i − 1)(2 p_j − 1)`, since pixels are drawn independently.
 *
 * @param intensities - rows of d intensities
 * @param edges - pairs i, j, flat, for example the edges of a graph
 * @throws ShapeError if there is no row or a pair is not one of two different pixels
 */
export function exactMoments(
  { values, width }: Intensities,
  edges: ArrayLike<number>,
): SpinMoments {
  const rows = values.length / width;
  checkPairs(edges, width, rows);
  const mean = new Float64Array(width);
  const pairs = new Float64Array(edges.length / 2);
  const z = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < width; i++) {
      z[i] = 2 * values[row * width + i]! - 1;
      mean[i]! += z[i]! / rows;
    }
    for (let e = 0; e < pairs.length; e++) {
      pairs[e]! += (z[edges[2 * e]!]! * z[edges[2 * e + 1]!]!) / rows;
    }
  }
  return { mean, pairs };
}

function checkPairs(edges: ArrayLike<number>, width: number, rows: number): void {
  if (rows < 1 || !Number.isInteger(rows)) {
    throw new ShapeError(
      `exactMoments: argument \`intensities\` must hold rows of ${width} values, but has ${rows} rows.`,
    );
  }
  for (let e = 0; 2 * e < edges.length; e++) {
    const [i, j] = [edges[2 * e]!, edges[2 * e + 1]!];
    if (i !== j && i >= 0 && j >= 0 && i < width && j < width) continue;
    throw new ShapeError(
      `exactMoments: argument \`edges\` must join two different pixels from 0 to ${width - 1}, but edge ${e} is ${i}-${j}.`,
    );
  }
}
