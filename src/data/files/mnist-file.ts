// Reads the four files of MNIST and verifies them. Node only; getting them is in fetch-data-set.ts.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "../../errors.js";
import { parseIdx } from "../idx.js";
import { labelledImages, MNIST_FILES, type MnistFile, type MnistSplit } from "../mnist.js";
import { DATA_SETS, dataSetFolder, faultOf, pathOf, uncompressed } from "./data-sets.js";
import type { ImageBytes, ImageSet } from "../image-set.js";
import type { Images } from "../images.js";

/** Options of {@link readMnist}. */
export type MnistOptions = {
  /** Folder of the files, with or without `.gz`. Default: see `dataSetFolder`. */
  readonly path?: string;
  /** Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
};

/** MNIST and where it came from. */
export type Mnist = {
  readonly images: Images;
  /** Path and SHA-256 of the uncompressed contents, for the manifest of a run. */
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
};

/**
 * Reads one split of MNIST and verifies the SHA-256 of its uncompressed contents.
 *
 * @param split - `"train"`, 60,000 images, or `"test"`, 10,000
 * @returns images of 28 × 28 bytes, with labels
 * @throws DataError if a file is missing (names it, its sum, and where to put a good copy) or not the one it should be
 */
export function readMnist(split: MnistSplit, options: MnistOptions = {}): Mnist {
  const { env = process.env } = options;
  const folder = options.path ?? dataSetFolder(DATA_SETS["mnist"]!, env);
  const { images, labels } = MNIST_FILES[split];
  const [image, label] = [images, labels].map((file) => verified(folder, file));
  return {
    images: labelledImages(
      parseIdx(image!.bytes, image!.path),
      parseIdx(label!.bytes, label!.path),
      folder,
    ),
    files: [image!, label!].map(({ path, sha256 }) => ({ path, sha256 })),
  };
}

/** Both splits of MNIST as a set of images, for `imageSource`. */
export function mnistSet(options: MnistOptions = {}): ImageSet {
  const [train, test] = (["train", "test"] as const).map((split): ImageBytes => {
    const { images } = readMnist(split, options);
    return { pixels: Uint8Array.from(images.values), labels: Uint16Array.from(images.labels) };
  });
  return {
    ...{ name: "mnist", height: 28, width: 28, channels: 1, classNames: Array.from("0123456789") },
    report: ["60,000 digits of MNIST for training, 10,000 for the test."],
    ...{ train: train!, test: test! },
  };
}

type Verified = { readonly path: string; readonly bytes: Uint8Array; readonly sha256: string };

function verified(folder: string, file: MnistFile): Verified {
  const path = pathOf(folder, file);
  if (path === null) {
    throw new DataError(
      `${join(folder, file.name)}: must exist, compressed (.gz) or not, but does not. Run \`zenoflow data get mnist\`, or put ` +
        `a copy there (SHA-256 of the uncompressed file: ${file.sha256}), or name its folder in ZENOFLOW_MNIST.`,
    );
  }
  const bytes = contentsOf(path, file);
  const fault = typeof bytes === "string" ? bytes : faultOf(bytes, file);
  if (typeof bytes !== "string" && fault === null) return { path, bytes, sha256: file.sha256 };
  throw new DataError(
    `${path}: must be ${file.name} of MNIST, but ${fault!}. Run \`zenoflow data get mnist\`, or replace it by a good copy.`,
  );
}

/** The uncompressed contents, or what keeps them from being read. */
function contentsOf(path: string, file: MnistFile): Uint8Array | string {
  try {
    return uncompressed(readFileSync(path), file);
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
