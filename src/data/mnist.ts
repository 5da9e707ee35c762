// MNIST: what its four files must be, and labelled images of their contents. Finding and reading the files is in files/.

import { DataError } from "../errors.js";
import type { IdxArray } from "./idx.js";
import type { Images } from "./images.js";

/** The two parts of MNIST. */
export type MnistSplit = "train" | "test";

/** One of the four files, uncompressed. */
export type MnistFile = {
  readonly name: string;
  readonly bytes: number;
  /** Of the uncompressed file, in hexadecimal; compressed ones differ from mirror to mirror. */
  readonly sha256: string;
};

/** Images and labels of each split. */
export const MNIST_FILES: Readonly<
  Record<MnistSplit, { readonly images: MnistFile; readonly labels: MnistFile }>
> = {
  train: {
    images: {
      name: "train-images-idx3-ubyte",
      bytes: 47040016,
      sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    },
    labels: {
      name: "train-labels-idx1-ubyte",
      bytes: 60008,
      sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    },
  },
  test: {
    images: {
      name: "t10k-images-idx3-ubyte",
      bytes: 7840016,
      sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    },
    labels: {
      name: "t10k-labels-idx1-ubyte",
      bytes: 10008,
      sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    },
  },
};

/**
 * Joins images and labels in the form of MNIST; others of that form, such as Fashion-MNIST, do as well.
 *
 * @param images - bytes, `[rows, height, width]` (magic number 2051)
 * @param labels - bytes, `[rows]` (magic number 2049)
 * @param name - of the data, for errors
 * @returns the images; values are shared with `images`
 * @throws DataError if types or shapes are others
 */
export function labelledImages(images: IdxArray, labels: IdxArray, name = "images"): Images {
  const [rows, height, width] = images.shape;
  if (images.shape.length !== 3 || !(images.values instanceof Uint8Array)) {
    throw new DataError(
      `${name}: images must be bytes of shape [rows, height, width] (magic number 2051), but are ${described(images)}.`,
    );
  }
  if (labels.shape.length !== 1 || !(labels.values instanceof Uint8Array)) {
    throw new DataError(
      `${name}: labels must be bytes of shape [rows] (magic number 2049), but are ${described(labels)}.`,
    );
  }
  if (labels.shape[0] !== rows) {
    throw new DataError(
      `${name}: must have a label for each of the ${rows!} images, but has ${labels.shape[0]!} labels.`,
    );
  }
  const { values } = images;
  return { rows: rows!, height: height!, width: width!, values, white: 255, labels: labels.values };
}

function described({ shape, values }: IdxArray): string {
  return `${values.constructor.name} of shape [${shape.join(", ")}]`;
}
