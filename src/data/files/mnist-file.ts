// Finds the four files of MNIST in a folder or in the cache of data sets, and verifies them. Node only; nothing is downloaded.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { DataError } from "../../errors.js";
import { parseIdx } from "../idx.js";
import { labelledImages, MNIST_FILES, type MnistFile, type MnistSplit } from "../mnist.js";
import { readUncompressed } from "./idx-file.js";
import type { Images } from "../images.js";

/** Where copies can be had. */
const MIRRORS = [
  "https://ossci-datasets.s3.amazonaws.com/mnist/",
  "https://storage.googleapis.com/cvdf-datasets/mnist/",
];

/** Options of {@link readMnist}. */
export type MnistOptions = {
  /** Folder of the files, with or without `.gz`. Default: `mnist` in {@link dataFolder}. */
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
 * The folder of data sets: `ZENOFLOW_DATA_DIR`, else `$XDG_CACHE_HOME/zenoflow/datasets`, else
 * `~/.cache/zenoflow/datasets`.
 */
export function dataFolder(env: Readonly<Record<string, string | undefined>>): string {
  const own = env["ZENOFLOW_DATA_DIR"];
  if (own !== undefined && own !== "") return own;
  const cache = env["XDG_CACHE_HOME"];
  const base =
    cache !== undefined && cache !== "" ? cache : join(env["HOME"] ?? homedir(), ".cache");
  return join(base, "zenoflow", "datasets");
}

/**
 * Reads one split of MNIST and verifies the SHA-256 of its uncompressed contents.
 *
 * @param split - `"train"`, 60,000 images, or `"test"`, 10,000
 * @returns images of 28 × 28 bytes, with labels
 * @throws DataError if a file is missing (names it, its sum, and where to put a good copy) or not the one it should be
 */
export function readMnist(split: MnistSplit, options: MnistOptions = {}): Mnist {
  const { env = process.env } = options;
  const folder = options.path ?? join(dataFolder(env), "mnist");
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

type Verified = { readonly path: string; readonly bytes: Uint8Array; readonly sha256: string };

function verified(folder: string, file: MnistFile): Verified {
  const path = found(folder, file);
  const bytes = readUncompressed(path);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (sha256 === file.sha256) return { path, bytes, sha256 };
  throw new DataError(
    `${path}: must hold ${file.bytes} bytes with SHA-256 ${file.sha256} (uncompressed), but holds ${bytes.length} bytes ` +
      `with ${sha256}. Replace it by a good copy from ${MIRRORS.join(" or ")}.`,
  );
}

function found(folder: string, { name, sha256 }: MnistFile): string {
  const path = [name, `${name}.gz`].map((file) => join(folder, file)).find(existsSync);
  if (path !== undefined) return path;
  throw new DataError(
    `${join(folder, name)}: must exist, compressed (.gz) or not, but does not. Nothing is downloaded: put a copy there from ` +
      `${MIRRORS.join(" or ")} (SHA-256 of the uncompressed file: ${sha256}), or set ZENOFLOW_DATA_DIR.`,
  );
}
