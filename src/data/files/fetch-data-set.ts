// Gets the files of a data set from mirrors or a folder: verified before they take their name, never half a file. Node only.

import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DataError } from "../../errors.js";
import {
  faultOf,
  fileState,
  uncompressed,
  type DataSet,
  type DataSetFile,
  type FileState,
} from "./data-sets.js";
import { locked } from "./lock.js";
import { makeFolders } from "./folders.js";
import { writeWhole } from "./whole-file.js";

/** Options of {@link fetchDataSet}. */
export type FetchOptions = {
  /** Where the files belong. */
  readonly folder: string;
  /** Addresses (http, https, file) or folders, tried in order; a folder's name need not end in "/". */
  readonly sources: readonly string[];
  /** Uses no network: addresses of http and https are passed over. Default false. */
  readonly offline?: boolean;
  /** A transfer that stands still for so long is given up. Default 30. */
  readonly stallSeconds?: number;
  /** How long to wait for another process that gets the same files. Default 600. */
  readonly lockSeconds?: number;
  /** Told what is tried, in a few words. */
  readonly onProgress?: (words: string) => void;
};

/** What became of one file. */
export type Fetched = FileState & {
  /** Where it came from; absent if it was there, or could not be had. */
  readonly source?: string;
  /** Why each source failed. */
  readonly failures: readonly string[];
};

/**
 * Brings a data set to the disk. Files that are there and whole are left alone; damaged ones are replaced. Each source is tried
 * with `<name>.gz` and `<name>`; what arrives is unpacked and must have the right size and SHA-256 before it is written.
 *
 * @returns what became of each file, in the order of the set
 * @throws DataError if another process holds the lock for too long; the system's error if a file cannot be written
 */
export async function fetchDataSet(set: DataSet, options: FetchOptions): Promise<Fetched[]> {
  const { folder, lockSeconds = 600 } = options;
  const states = set.files.map((file) => fileState(folder, file));
  if (states.every(({ state }) => state === "ok"))
    return states.map((state) => ({ ...state, failures: [] }));
  makeFolders(folder);
  return locked(join(folder, ".lock"), lockSeconds, async () => {
    const fetched: Fetched[] = [];
    for (const file of set.files) fetched.push(await fetchFile(file, options));
    return fetched;
  });
}

async function fetchFile(file: DataSetFile, options: FetchOptions): Promise<Fetched> {
  const { folder, sources, offline = false, onProgress } = options;
  // Again: while this process waited another may have got it.
  const before = fileState(folder, file);
  if (before.state === "ok") return { ...before, failures: [] };
  const failures: string[] = [];
  for (const address of sources.flatMap((source) => addressesOf(source, file))) {
    if (offline && isRemote(address)) continue;
    onProgress?.(`${file.name}: trying ${address}`);
    const got = await contentsAt(address, file, options);
    if (typeof got === "string") {
      failures.push(`${address} ${got}`);
      continue;
    }
    keep(folder, file, got);
    return { ...fileState(folder, file), source: address, failures };
  }
  return { ...before, failures };
}

/** Whether a source is reached by network. */
export function isRemote(address: string): boolean {
  return /^https?:/.test(address);
}

function addressesOf(source: string, { name }: DataSetFile): string[] {
  const base = source.startsWith("file:") ? fileURLToPath(source) : source;
  const names = [`${name}.gz`, name];
  if (isRemote(base)) return names.map((file) => (base.endsWith("/") ? base : `${base}/`) + file);
  return names.map((file) => join(base, file)).filter((path, i) => i === 1 || existsSync(path));
}

/** The verified contents, or what is wrong. */
async function contentsAt(
  address: string,
  file: DataSetFile,
  { stallSeconds = 30 }: FetchOptions,
): Promise<Uint8Array | string> {
  const most = file.bytes + 2 ** 20;
  const bytes = isRemote(address)
    ? await download(address, most, stallSeconds)
    : readLocal(address);
  if (typeof bytes === "string") return bytes;
  const contents = uncompressed(bytes, file);
  if (typeof contents === "string") return contents;
  return faultOf(contents, file) ?? contents;
}

function readLocal(path: string): Uint8Array | string {
  try {
    return readFileSync(path);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT"
      ? "does not exist"
      : `cannot be read: ${reasonOf(error)}`;
  }
}

async function download(
  address: string,
  most: number,
  stallSeconds: number,
): Promise<Uint8Array | string> {
  const control = new AbortController();
  const stall = (): NodeJS.Timeout =>
    setTimeout(() => {
      control.abort(new DataError(`stands still for ${stallSeconds} s`));
    }, 1000 * stallSeconds);
  let timer = stall();
  try {
    const response = await fetch(address, { signal: control.signal, redirect: "follow" });
    if (!response.ok) {
      await response.body?.cancel();
      return `answers ${response.status} ${response.statusText}`.trim();
    }
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of response.body ?? []) {
      clearTimeout(timer);
      timer = stall();
      pieces.push(piece);
      length += (piece as Uint8Array).length;
      if (length > most) return `sends more than ${most} bytes`;
    }
    return Buffer.concat(pieces);
  } catch (error) {
    return `cannot be reached: ${reasonOf(error)}`;
  } finally {
    clearTimeout(timer);
    control.abort();
  }
}

/** The innermost reason: `fetch` hides it behind "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message || error.name;
}

/** Writes the verified contents; a damaged compressed copy would hide behind the good one, and goes. */
function keep(folder: string, file: DataSetFile, contents: Uint8Array): void {
  writeWhole(join(folder, file.name), contents);
  rmSync(join(folder, `${file.name}.gz`), { force: true });
}
