// The data files a configuration names: their text for the model, their checksums for the manifest.

import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { dataFolder } from "../../data/files/mnist-file.js";
import { mnistText } from "../../data/files/mnist-text.js";
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

function read(path: string, file: string, key: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const reason = code === "ENOENT" ? "does not exist" : `cannot be read (${code})`;
    throw new CliError(EXIT.missing, {
      message: `file ${path} ${reason}`,
      where: { path: key },
      hint: `looked for ${file}; relative paths start at the current directory`,
    });
  }
}

/** Which data a model takes beside files of text. */
type Taken = { readonly dataKeys: readonly string[]; readonly images?: boolean };

/** The place of data: a path, or the cache of data sets for "mnist" where nothing in `cwd` has that name. */
function placeOf(path: string, images: boolean, { cwd, env }: Pick<Io, "cwd" | "env">): string {
  const file = resolve(cwd, path);
  return images && path === "mnist" && !existsSync(file) ? join(dataFolder(env), path) : file;
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** A folder with the files of MNIST as text, its pixels averaged. */
function readImages(file: string, key: string): Buffer {
  try {
    return Buffer.from(mnistText(file));
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new CliError(EXIT.missing, { message: error.message, where: { path: key } });
  }
}

/**
 * Reads the data files of a configuration.
 *
 * @param config - names the files
 * @param entry - dotted keys that name files, null or missing ones are skipped; and whether folders of images will do
 * @param io - where relative paths start, and where the cache of data sets is
 * @throws CliError where a file is missing
 */
export function loadData(config: unknown, entry: Taken, io: Pick<Io, "cwd" | "env">): LoadedData {
  const { dataKeys, images = false } = entry;
  const files: Record<string, string> = {};
  const sources: DataSource[] = [];
  for (const key of dataKeys) {
    const path = valueAt(config, key);
    if (typeof path !== "string") continue;
    const file = placeOf(path, images, io);
    const isImages = images && (isFolder(file) || path === "mnist") && !isFile(file);
    const bytes = isImages ? readImages(file, key) : read(path, file, key);
    files[path] = bytes.toString("utf8");
    sources.push({ path, file, bytes: bytes.length, sha256: sha256(bytes) });
  }
  return { files, sources };
}

/**
 * Reads the data files a run was trained with again.
 *
 * @throws CliError where one is missing or has changed since
 */
export function reloadData(sources: readonly DataSource[]): DataFiles {
  const files: Record<string, string> = {};
  for (const { path, file, sha256: wanted } of sources) {
    const bytes = isFolder(file) ? readImages(file, "data") : read(path, file, "data");
    if (sha256(bytes) !== wanted) {
      throw new CliError(EXIT.data, {
        message: `file ${file} has changed since the run was trained with it`,
        hint: `restore the file with SHA-256 ${wanted}`,
      });
    }
    files[path] = bytes.toString("utf8");
  }
  return files;
}
