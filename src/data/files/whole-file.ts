// Files that are written whole or not at all. Node only; run folders and stores of sweeps add their own errors.

import {
  closeSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";

/**
 * Writes `part`, to the disk, and renames it to `path`: readers see the old file or the new one. Where anything fails, the
 * partial file is removed.
 *
 * @param write - writes into the open file
 */
export function writeAside(path: string, part: string, write: (file: number) => void): void {
  try {
    const file = openSync(part, "w");
    try {
      write(file);
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

/** Writes into `<path>.<pid>.part`, to the disk, then renames: writers at the same time do not meet. */
export function writeWhole(path: string, data: string | Uint8Array): void {
  writeAside(path, `${path}.${process.pid}.part`, (file) => {
    writeFileSync(file, data);
  });
}

const CHUNK = 1 << 20;

function writeAll(file: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(file, bytes, done);
}

/** Writes pieces into an open file; many short texts go together. */
export function writePieces(file: number, pieces: Iterable<string | Uint8Array>): void {
  let held = "";
  for (const piece of pieces) {
    if (typeof piece === "string") {
      held += piece;
      if (held.length < CHUNK) continue;
    }
    writeAll(file, Buffer.from(held));
    held = "";
    if (typeof piece !== "string") writeAll(file, piece);
  }
  writeAll(file, Buffer.from(held));
}
