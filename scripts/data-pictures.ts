// Draws the pictures of docs/data.md into docs/images/: synthetic digits, and synthetic rooms, one of each class.

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { digitImages, roomImages, type ImageSource } from "../src/data/index.js";
import { imageGrid, type ImageGridOptions } from "../src/figures/index.js";
import { useBackend } from "../src/index.js";

/** The first test images of each class, class by class. */
function rowsOf({ test, classes }: ImageSource, each: number): number[] {
  const labels = Array.from(test.labels!);
  return Array.from({ length: classes! }, (_, label) =>
    labels.flatMap((one, row) => (one === label ? [row] : [])).slice(0, each),
  ).flat();
}

async function draw(
  name: string,
  source: ImageSource,
  rows: readonly number[],
  options: ImageGridOptions,
): Promise<void> {
  const images = source.test.at(rows);
  const png = imageGrid(await images.data(), images.shape, options);
  images.dispose();
  writeFileSync(fileURLToPath(new URL(`../docs/images/${name}.png`, import.meta.url)), png);
}

await useBackend("cpu");
const digits = digitImages();
const pairs = rowsOf(digits, 2);
const lines = [0, 1].flatMap((line) => pairs.filter((_, i) => i % 2 === line));
await draw("data-digits", digits, lines, { columns: 10, scale: 2 });
const small = roomImages();
await draw("data-rooms", small, rowsOf(small, 1), { columns: 8, scale: 2 });
const large = roomImages({ side: 64 });
const some = rowsOf(large, 1).filter((_, i) => i % 5 === 0);
await draw("data-rooms-64", large, some, { columns: 7 });
