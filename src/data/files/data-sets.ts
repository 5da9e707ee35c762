// The data sets that are known by name: their files, where copies can be had, where they are kept, and whether they are whole.
// Nothing is downloaded here. Node only.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { MNIST_FILES, type MnistFile } from "../mnist.js";

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A file of a data set: its name, and size and SHA-256 of its uncompressed contents. */
export type DataSetFile = MnistFile;

/** A data set of files. */
export type DataSet = {
  readonly name: string;
  /** Of the contents; a part of the path. */
  readonly version: string;
  /** A few words for lists. */
  readonly title: string;
  readonly files: readonly DataSetFile[];
  /** Addresses that end in "/", before the names of the files. */
  readonly mirrors: readonly string[];
};

/** The data sets by name. */
export const DATA_SETS: Readonly<Record<string, DataSet>> = {
  mnist: {
    name: "mnist",
    version: "1",
    title: "60,000 + 10,000 handwritten digits, grey, 28 × 28",
    files: [MNIST_FILES.train, MNIST_FILES.test].flatMap(({ images, labels }) => [images, labels]),
    mirrors: [
      "https://ossci-datasets.s3.amazonaws.com/mnist/",
      "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ],
  },
};

/**
 * The folder of data sets: `ZENOFLOW_DATA_DIR`, else `$XDG_CACHE_HOME/zenoflow/datasets`, else
 * `~/.cache/zenoflow/datasets`.
 */
export function dataFolder(env: Environment): string {
  const own = env["ZENOFLOW_DATA_DIR"];
  if (own !== undefined && own !== "") return own;
  const cache = env["XDG_CACHE_HOME"];
  const base =
    cache !== undefined && cache !== "" ? cache : join(env["HOME"] ?? homedir(), ".cache");
  return join(base, "zenoflow", "datasets");
}

/**
 * Where the files of a data set are: the folder that `ZENOFLOW_<NAME>` names; else `<name>/<version>/raw` in the folder of data
 * sets, or `<name>` there, if files lie in it and not in the former.
 */
export function dataSetFolder({ name, version, files }: DataSet, env: Environment): string {
  const own = env[`ZENOFLOW_${name.toUpperCase()}`];
  if (own !== undefined && own !== "") return own;
  const flat = join(dataFolder(env), name);
  const raw = join(flat, version, "raw");
  const holds = (folder: string): boolean => files.some((file) => pathOf(folder, file) !== null);
  return !holds(raw) && holds(flat) ? flat : raw;
}

/** The path of a file in a folder, compressed or not; null where it is not there. */
export function pathOf(folder: string, { name }: DataSetFile): string | null {
  return [name, `${name}.gz`].map((file) => join(folder, file)).find(existsSync) ?? null;
}

/** The addresses of a data set's copies: those of `ZENOFLOW_MIRRORS`, separated by commas or blanks, else its own. */
export function mirrorsOf({ mirrors }: DataSet, env: Environment): readonly string[] {
  const own = (env["ZENOFLOW_MIRRORS"] ?? "").split(/[\s,]+/).filter((address) => address !== "");
  return own.length > 0 ? own : mirrors;
}

/** Whether `ZENOFLOW_OFFLINE` forbids the network. */
export function isOffline(env: Environment): boolean {
  return !["", "0", "false", undefined].includes(env["ZENOFLOW_OFFLINE"]);
}

/** A file of a data set as it is on the disk. */
export type FileState = {
  readonly file: DataSetFile;
  /** Where it is, or belongs. */
  readonly path: string;
  readonly state: "ok" | "missing" | "wrong";
  /** What is wrong, in words. */
  readonly reason?: string;
};

/** Looks at a file: `"ok"` is a SHA-256, never mere existence. */
export function fileState(folder: string, file: DataSetFile): FileState {
  const path = pathOf(folder, file);
  if (path === null) return { file, path: join(folder, file.name), state: "missing" };
  const reason = faultOf(readFileSync(path), file);
  return reason === null ? { file, path, state: "ok" } : { file, path, state: "wrong", reason };
}

/** Size of the files of a data set on the disk. */
export function bytesOnDisk(folder: string, { files }: DataSet): number {
  const sizes = files
    .map((file) => pathOf(folder, file))
    .map((path) => (path === null ? 0 : statSync(path).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** What is wrong with the bytes of a file, compressed or not; null where nothing is. */
export function faultOf(bytes: Uint8Array, file: DataSetFile): string | null {
  const contents = uncompressed(bytes, file);
  if (typeof contents === "string") return contents;
  const sum = createHash("sha256").update(contents).digest("hex");
  if (sum === file.sha256) return null;
  return `holds ${contents.length} bytes with SHA-256 ${sum} in place of ${file.bytes} with ${file.sha256}`;
}

/** The contents of a file that may be compressed, or what is wrong with the compression. Never many more than it should be. */
export function uncompressed(bytes: Uint8Array, file: DataSetFile): Uint8Array | string {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: file.bytes + 1 });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "ERR_BUFFER_TOO_LARGE") return `holds more than ${file.bytes} bytes`;
    return "is damaged or cut off: gzip cannot unpack it";
  }
}
