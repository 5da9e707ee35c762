// Sheets of the images that a model draws while it is trained, one PNG at every measurement.

import { join } from "node:path";
import { imageGrid } from "../../figures/image-grid.js";
import type { ImageSheet } from "../../models/model.js";
import { makeFolder, writeAtomically } from "../../runs/files.js";
import { runFiles } from "../../runs/folder.js";

/** Sheets are shown at least so wide, pixels. */
const WIDTH = 400;

/** Writes `sheets/step-000250.png`: names sort by step. */
export function writeSheet(folder: string, { values, shape }: ImageSheet, step: number): void {
  const { sheets } = runFiles(folder);
  makeFolder(sheets);
  const [n, , width] = shape;
  const scale = Math.max(1, Math.ceil(WIDTH / (Math.ceil(Math.sqrt(n)) * width)));
  const file = join(sheets, `step-${String(step).padStart(6, "0")}.png`);
  writeAtomically(file, imageGrid(values, shape, { scale }));
}
