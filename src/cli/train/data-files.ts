// The data files a configuration names: their text for the model, their checksums for the manifest.

import { existsSync, readdirSync, readFileSync, statSync, type Stats } from "node:fs";
import { join, resolve } from "node:path";
import { DATA_SETS, dataFolder, dataSetFolder, pathOf } from "../../data/files/data-sets.js";
import { fileText } from "../../data/files/file-text.js";
import { readImageFolder } from "../../data/files/image-folder.js";
import { mnistSet } from "../../data/files/mnist-file.js";
import { mnistText } from "../../data/files/mnist-text.js";
import { isPackedImages, packImages } from "../../data/packed-images.js";
import { DataError } from "../../errors.js";
import type { DataFiles } from "../../models/model.js";
import { sha256 } from "../../runs/files.js";
import type { DataSource } from "../../runs/manifest.js";
import { EXIT } from "../exit-codes.js";
import type { Io } from "../io.js";
import { CliError } from "../problem.js";

/** Texts by the path as written, and where they came from. */
export type LoadedData = { readonly files: DataFiles; readonly sources: readonly DataSource[] };

function valueAt(config: unknown, key: string): unknown {
  return key
    .split(".")
    .reduce<unknown>(
      (value, part) =>
        typeof value === "object" && value !== null
          ? (value as Record<string, unknown>)[part]
          : undefined,
      config,
    );
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function read(path: string, file: string, key: string): Buffer {
  refuseStreams(path, file, key);
  try {
    return readFileSync(file);
  } catch (error) {
    const code = codeOf(error);
    const reason =
      code === "ENOENT"
        ? "does not exist"
        : `cannot be read (${code === "EISDIR" ? "it is a folder" : code})`;
    throw new CliError(EXIT.missing, {
      message: `file ${path} ${reason}`,
      where: { path: key },
      hint: `looked for ${file}; relative paths start at the current directory`,
    });
  }
}

/** Reading a pipe or a device may never end, not even by Ctrl-C; and a run reads its data again when it goes on. */
function isStream(file: string): boolean {
  try {
    const entry = statSync(file);
    return !entry.isFile() && !entry.isDirectory();
  } catch {
    return false;
  }
}

function refuseStreams(path: string, file: string, key: string): void {
  if (!isStream(file)) return;
  throw new CliError(EXIT.data, {
    message: `file ${path} is a pipe or a device: a run reads its data again when it is continued or sampled`,
    where: { path: key },
    hint: "write the data to a file and name that",
  });
}

function textOf(bytes: Buffer, path: string, key: string, images: Taken["images"]): string {
  try {
    return fileText(bytes, path);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new CliError(EXIT.data, {
      message: error.message,
      where: { path: key },
      ...(images !== undefined && { hint: "for images, name the folder they are in" }),
    });
  }
}

/** Which data a model takes beside files of text. */
type Taken = { readonly dataKeys: readonly string[]; readonly images?: "columns" | "pixels" };

/** What decides how folders of images are read, beside the folder. */
type Reading = {
  readonly config: unknown;
  readonly io: Pick<Io, "cwd" | "env">;
  /** The folder as it is written. */
  readonly path: string;
};

const MNIST = DATA_SETS["mnist"]!;

/** The place of data: a path, or the cache of data sets for "mnist" where nothing in `cwd` has that name. */
function placeOf(path: string, { images }: Taken, { cwd, env }: Pick<Io, "cwd" | "env">): string {
  const file = resolve(cwd, path);
  return images !== undefined && path === MNIST.name && !existsSync(file)
    ? resolve(cwd, dataSetFolder(MNIST, env))
    : file;
}

/** What lies at a path; nothing where there is none. */
function entryAt(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    throw new CliError(EXIT.missing, {
      message: `${file} cannot be looked at (${codeOf(error)})`,
      hint: "change the permissions of the folders above it, or name another place",
    });
  }
}

function isFile(file: string): boolean {
  return entryAt(file)?.isFile() ?? false;
}

function isFolder(file: string): boolean {
  return entryAt(file)?.isDirectory() ?? false;
}

/** Whether a folder has files of MNIST, rather than pictures. */
function holdsMnist(folder: string): boolean {
  return MNIST.files.some((file) => pathOf(folder, file) !== null);
}

/** Whether "mnist" is meant and nothing is there, hidden files aside: so a download that failed leaves its folder. */
function lacksMnist(folder: string, path: string): boolean {
  if (path !== MNIST.name) return false;
  return !isFolder(folder) || readdirSync(folder).every((name) => name.startsWith("."));
}

/** The text of a folder of images in the form that the model takes. */
function imageText(folder: string, form: "columns" | "pixels", how: Reading): string {
  const { config, io, path } = how;
  if (form === "columns") return mnistText(folder);
  if (holdsMnist(folder) || lacksMnist(folder, path)) return packImages(mnistSet({ path: folder }));
  const side = valueAt(config, "data.side");
  const seed = valueAt(config, "data.seed");
  const set = readImageFolder(folder, {
    ...(typeof side === "number" && { side }),
    ...(typeof seed === "number" && { seed }),
    cache: join(resolve(io.cwd, dataFolder(io.env)), "folders"),
  });
  return packImages(set);
}

/** Data files are missing, or there and unusable. */
function readImages(folder: string, key: string, form: "columns" | "pixels", how: Reading): Buffer {
  try {
    return Buffer.from(imageText(folder, form, how));
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const missing = form === "columns" ? !holdsMnist(folder) : lacksMnist(folder, how.path);
    const exit = missing ? EXIT.missing : EXIT.data;
    const arePictures = form === "columns" && missing && how.path !== MNIST.name;
    throw new CliError(exit, {
      message: error.message,
      where: { path: key },
      ...(arePictures && {
        hint: "this model takes a CSV file or the files of MNIST, no pictures",
      }),
    });
  }
}

/** Of the data alone: the first line of packed images is words, which may change when the images do not. */
function contentSum(bytes: Buffer): string {
  const start = isPackedImages(bytes.toString("utf8", 0, 64)) ? bytes.indexOf("\n") : 0;
  return sha256(bytes.subarray(start));
}

/**
 * Reads the data files of a configuration.
 *
 * @param config - names the files
 * @param entry - dotted keys that name files, null or missing ones are skipped; and the form in which folders of images are taken
 * @param io - where relative paths start, and where the cache of data sets is
 * @throws CliError where a file is missing or of no use
 */
export function loadData(config: unknown, entry: Taken, io: Pick<Io, "cwd" | "env">): LoadedData {
  const files: Record<string, string> = {};
  const sources: DataSource[] = [];
  for (const key of entry.dataKeys) {
    const path = valueAt(config, key);
    if (typeof path !== "string") continue;
    const file = placeOf(path, entry, io);
    const { images } = entry;
    const areImages =
      images !== undefined && (isFolder(file) || path === MNIST.name) && !isFile(file);
    const bytes = areImages
      ? readImages(file, key, images, { config, io, path })
      : read(path, file, key);
    files[path] = areImages ? bytes.toString("utf8") : textOf(bytes, path, key, images);
    sources.push({ path, file, bytes: bytes.length, sha256: contentSum(bytes) });
  }
  return { files, sources };
}

/**
 * Reads the data files a run was trained with again.
 *
 * @param sources - of the run's manifest
 * @param config - of the run
 * @param entry - of its model
 * @param io - where the cache of data sets is
 * @throws CliError where one is missing or has changed since
 */
export function reloadData(
  sources: readonly DataSource[],
  config: unknown,
  { images = "columns" }: Pick<Taken, "images">,
  io: Pick<Io, "cwd" | "env">,
): DataFiles {
  const files: Record<string, string> = {};
  for (const { path, file, sha256: wanted } of sources) {
    const areImages = isFolder(file);
    const bytes = areImages
      ? readImages(file, "data", images, { config, io, path })
      : read(path, file, "data");
    if (contentSum(bytes) !== wanted) {
      throw new CliError(EXIT.data, {
        message: `file ${file} has changed since the run was trained with it`,
        hint: `restore the file with SHA-256 ${wanted}`,
      });
    }
    files[path] = areImages ? bytes.toString("utf8") : textOf(bytes, path, "data", images);
  }
  return files;
}
