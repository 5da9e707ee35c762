// Writing files so that a reader never sees half of one, and hashing. Node only.

import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolders } from "../data/files/folders.js";
import { writeAside, writePieces } from "../data/files/whole-file.js";
import { writing } from "./output-error.js";

// A rename is only durable once its folder is; some systems cannot open a folder, which is no error.
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, "r");
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    return;
  }
}

/** What a file is made of; a text that is longer than a string may be comes in pieces. */
export type FileData = string | Uint8Array | Iterable<string>;

/**
 * Writes a whole file: into `<path>.part`, to the disk, then renamed. A crash at any moment leaves the old
 * file or the new one.
 *
 * @throws OutputError where the file cannot be written; the partial file is removed
 */
export function writeAtomically(path: string, data: FileData): void {
  const pieces = typeof data === "string" || data instanceof Uint8Array ? [data] : data;
  writing(path, () => {
    writeAside(path, `${path}.part`, (file) => {
      writePieces(file, pieces);
    });
    syncFolder(dirname(path));
  });
}

/**
 * Makes a folder and its parents.
 *
 * @throws OutputError where it cannot be made
 */
export function makeFolder(path: string): void {
  writing(path, () => {
    makeFolders(path);
  });
}

/** SHA-256 of a text or of bytes, in hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
