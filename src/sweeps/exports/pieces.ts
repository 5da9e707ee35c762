// Writing an export piece by piece, whole or not at all.

import { writeAside, writePieces } from "../../data/files/whole-file.js";
import { storing } from "../store/exclusive.js";

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
