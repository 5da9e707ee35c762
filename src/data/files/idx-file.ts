// Reads IDX files from disk, compressed or not. Node only.

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { DataError } from "../../errors.js";
import { parseIdx, type IdxArray } from "../idx.js";

/**
 * Reads an IDX file; gzip is recognised by its first bytes, not by the name.
 *
 * @param path - of the file
 * @throws DataError, naming the path, if it cannot be read or is no IDX file
 */
export function readIdx(path: string): IdxArray {
  return parseIdx(readUncompressed(path), path);
}

/** The bytes of a file, uncompressed. */
export function readUncompressed(path: string): Uint8Array {
  try {
    const bytes = readFileSync(path);
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DataError(`${path}: must be readable, but is not: ${why}`, { cause: error });
  }
}
