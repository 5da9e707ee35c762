// The data files a configuration names: their text for the model, their checksums for the manifest.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { DataFiles } from "../../models/model.js";
import { sha256 } from "../../runs/files.js";
import type { DataSource } from "../../runs/manifest.js";
import { EXIT } from "../exit-codes.js";
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

/**
 * Reads the data files of a configuration.
 *
 * @param keys - dotted keys that name files; null or missing ones are skipped
 * @param cwd - where relative paths start
 * @throws CliError where a file is missing
 */
export function loadData(config: unknown, keys: readonly string[], cwd: string): LoadedData {
  const files: Record<string, string> = {};
  const sources: DataSource[] = [];
  for (const key of keys) {
    const path = valueAt(config, key);
    if (typeof path !== "string") continue;
    const file = resolve(cwd, path);
    const bytes = read(path, file, key);
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
    const bytes = read(path, file, "data");
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
