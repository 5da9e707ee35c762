// What every source of training images offers: random batches, and the images of both splits. Types only.

import type { Tensor4D } from "@tensorflow/tfjs";
import type { Stream } from "../random.js";

/** One split of a source, in a fixed order. */
export type ImageSplit = {
  /** Number of images. */
  readonly count: number;
  /** `[count]`, class 0 … classes − 1 of each image; null where the images have none. Not to be written to. */
  readonly labels: Uint16Array | null;
  /**
   * Images by their rows, in any order, repeated or not.
   *
   * @param rows - 0 … count − 1
   * @returns `[rows.length, height, width, channels]` in [−1, 1]; the caller's to dispose
   * @throws ArgumentError if a row is out of range
   */
  at(rows: ArrayLike<number>): Tensor4D;
  /**
   * A stretch of images.
   *
   * @param from - first row
   * @param n - images wanted; fewer come back where the split ends before
   * @returns `[≤ n, height, width, channels]` in [−1, 1]; the caller's to dispose
   * @throws ArgumentError if `from` is not a row of the split
   */
  range(from: number, n: number): Tensor4D;
  /**
   * The bytes of a stretch of images, as they are stored: byte b is the value 2 b / 255 − 1.
   *
   * @param from - first row
   * @param n - images wanted; fewer come back where the split ends before
   * @returns row-major, `[≤ n, height, width, channels]`; may share memory with the source and is not to be written to
   */
  bytes(from: number, n: number): Uint8Array;
};

/** Images of one size. Training images and test images never share one. */
export type ImageSource = {
  /** A word for tables and errors: "digits", "rooms", "mnist", a folder's name. */
  readonly name: string;
  readonly height: number;
  readonly width: number;
  /** 1 for grey, 3 for red, green, blue. */
  readonly channels: number;
  /** Number of classes; null where the images have no labels. */
  readonly classes: number | null;
  /** Names of the classes, in the order of the labels; null where the images have no labels. */
  readonly classNames: readonly string[] | null;
  readonly train: ImageSplit;
  readonly test: ImageSplit;
  /**
   * The rows of a random training batch, with replacement; labels are `train.labels[row]`.
   *
   * @param from - for example `stream(seed, "data", step)`
   * @param n - rows wanted
   * @returns `[n]`, the same for the same stream, and the first of them for smaller n
   */
  draw(from: Stream, n: number): Int32Array;
  /**
   * A random training batch: the images of `draw(from, n)`.
   *
   * @returns `[n, height, width, channels]` in [−1, 1]; the caller's to dispose
   */
  batch(from: Stream, n: number): Tensor4D;
  /** What the images are, and what was cropped, resized and left out, in sentences. */
  readonly report: readonly string[];
};
