// What every source of training data offers: rows of angles, for training and held out. Types only.

import type { Tensor3D } from "@tensorflow/tfjs";
import type { Stream } from "../random.js";

/**
 * The held-out samples: `"validation"` chooses between replicas, `"test"` scores the chosen one, and
 * `"floor"` is a second real sample, for the distance between two real samples.
 */
export type Split = "validation" | "test" | "floor";

/** Rows of d angles in radians. Training rows and the held-out splits never share a row. */
export type AngleSource = {
  /** Names of the d columns. */
  readonly columns: readonly string[];
  /**
   * A training batch.
   *
   * @param streams - one stream per replica, P of them
   * @param n - rows per replica
   * @returns `[P, n, d]`, radians; the caller's to dispose
   */
  batch(streams: readonly Stream[], n: number): Tensor3D;
  /**
   * Real rows that training never draws: the same rows for the same split, n and seed.
   *
   * @param n - rows wanted
   * @returns `k × d`, row-major, radians; k = n, or all rows of the split if it has fewer
   */
  held(split: Split, n: number, seed: number): Float32Array;
  /** Row-major angles in the units of the data: the inverse of the scaling, without clipping. */
  toUnits(angles: Float32Array): Float32Array;
  /** What was dropped, ignored, scaled and clipped, in sentences. */
  readonly report: readonly string[];
  /** Frees the tensors that the source keeps. It can be called at any time and more than once. */
  dispose(): void;
};
