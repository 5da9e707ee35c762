// Writing an export piece by piece, whole or not at all.

import { writeSync } from "node:fs";
import { writeAside } from "../../data/files/whole-file.js";
import { storing } from "../store/exclusive.js";

const CHUNK = 1 << 20;

function writeAll(file: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(file, bytes, done);
}

function writePieces(file: number, pieces: Iterable<string | Uint8Array>): void {
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

/**
 * Writes a file from pieces: into `<path>.part`, to the disk, then renamed.
 *
 * @throws DiskError where the disk is full; the partial file is removed
 */
export function writeFileInPieces(path: string, pieces: Iterable<string | Uint8Array>): void {
  storing(path, () => {
    writeAside(path, `${path}.part`, (file) => {
      writePieces(file, pieces);
    });
  });
}
