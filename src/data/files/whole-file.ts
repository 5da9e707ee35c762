// Files that are written whole or not at all. Node only; run folders have their own way, with their own errors.

import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** Writes into `<path>.<pid>.part`, to the disk, then renames: readers and writers at the same time see one file or the other. */
export function writeWhole(path: string, data: string | Uint8Array): void {
  const part = `${path}.${process.pid}.part`;
  try {
    const file = openSync(part, "w");
    try {
      writeFileSync(file, data);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}
