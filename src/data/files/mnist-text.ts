// MNIST at few pixels as CSV text, the form in which models take data files. Node only.

import { areaAverage } from "../images.js";
import { readMnist } from "./mnist-file.js";
import type { MnistSplit } from "../mnist.js";

/** Digits after the point of an intensity: its smallest step is 2e-5. */
const DIGITS = 6;

/**
 * Both splits of MNIST, averaged to `side` × `side` pixels: columns p0, p1, … of intensities, row by row, and `split`, 0 for
 * training and 1 for test rows.
 *
 * @param path - folder of the files; default `mnist` in the cache of data sets
 * @param side - pixels of a side. Default 6
 * @throws DataError if a file is missing or not the one it should be
 */
export function mnistText(path?: string, side = 6): string {
  const names = Array.from({ length: side * side }, (_, i) => `p${i}`);
  const lines = [[...names, "split"].join(",")];
  (["train", "test"] satisfies MnistSplit[]).forEach((split, part) => {
    const { images } = readMnist(split, { ...(path !== undefined && { path }) });
    const { values, rows } = areaAverage(images, side);
    for (let row = 0; row < rows; row++) {
      const pixels = values.subarray(row * side * side, (row + 1) * side * side);
      lines.push(`${Array.from(pixels, short).join(",")},${part}`);
    }
  });
  return `${lines.join("\n")}\n`;
}

function short(value: number): string {
  return value === 0 ? "0" : String(Number(value.toFixed(DIGITS)));
}
