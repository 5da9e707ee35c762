// Counts over a square grid, and grids as pictures: what stands for marks where these are too many.

import { pngUrl } from "../../figures/png-bytes.js";
import type { Spec } from "../../figures/spec.js";
import { SEQUENTIAL } from "../../figures/theme.js";
import type { Scale } from "./scales.js";

/** Cells along each axis. */
export const CELLS = 64;
/** Above this many trials, pictures of counts stand for marks. */
export const MOST_MARKS = 2000;

const DOTS = 6;

/** Numbers on the grid; the cell along x counts rows, NaN is an empty cell. */
export type Cells = Float64Array;

/** Cell of a place, or -1 outside. */
export function cellAt(place: number): number {
  return place >= 0 && place <= 1 ? Math.min(CELLS - 1, Math.floor(place * CELLS)) : -1;
}

/** Rows by cell. */
export function countCells(x: Scale, y: Scale, rows: Int32Array): Cells {
  const cells = new Float64Array(CELLS * CELLS);
  for (const row of rows) {
    const [i, j] = [cellAt(x.place(row)), cellAt(y.place(row))];
    if (i >= 0 && j >= 0) cells[i * CELLS + j]!++;
  }
  return cells;
}

const PAINTS = SEQUENTIAL.map((hex) =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)),
);

/** The colour of a part from 0 (paper) to 1 (darkest). */
export function paint(part: number): readonly number[] {
  const at = Math.min(1, Math.max(0, part)) * (PAINTS.length - 1);
  const [a, b] = [PAINTS[Math.floor(at)]!, PAINTS[Math.ceil(at)]!];
  return a.map((channel, c) => Math.round(channel + (at - Math.floor(at)) * (b[c]! - channel)));
}

/** A picture of numbers over the square of cells, the y axis upwards; NaN stays paper. */
function picture(
  valueAt: (x: number, y: number) => number,
  part: (value: number) => number,
): string {
  const size = CELLS * DOTS;
  const bytes = new Uint8Array(3 * size * size).fill(255);
  for (let line = 0; line < size; line++) {
    const y = CELLS - (line + 0.5) / DOTS;
    for (let column = 0; column < size; column++) {
      const value = valueAt((column + 0.5) / DOTS, y);
      if (!Number.isNaN(value)) bytes.set(paint(part(value)), 3 * (line * size + column));
    }
  }
  return pngUrl({ width: size, height: size, channels: 3, bytes });
}

/** A picture of the grid; `part` gives the darkness of a number from 0 to 1, NaN stays paper. */
export function cellsUrl(cells: Cells, part: (value: number) => number): string {
  return picture((x, y) => cells[Math.floor(x) * CELLS + Math.floor(y)]!, part);
}

/** The number between cells, linear from centre to centre; empty cells say nothing. */
function between(cells: Cells, x: number, y: number): number {
  const corner = (at: number): readonly [number, number] => {
    const low = Math.min(CELLS - 2, Math.max(0, Math.floor(at - 0.5)));
    return [low, Math.min(1, Math.max(0, at - 0.5 - low))];
  };
  const [i, s] = corner(x);
  const [j, t] = corner(y);
  const at = (di: number, dj: number): number => cells[(i + di) * CELLS + j + dj]!;
  return (1 - s) * ((1 - t) * at(0, 0) + t * at(0, 1)) + s * ((1 - t) * at(1, 0) + t * at(1, 1));
}

/** A picture of a smooth field on the grid, interpolated; else as {@link cellsUrl}. */
export function fieldUrl(cells: Cells, part: (value: number) => number): string {
  return picture((x, y) => between(cells, x, y), part);
}

/** A picture over the whole of a panel. */
export function pictureLayer(
  url: string,
  size: { readonly width: number; readonly height: number },
): Spec {
  return {
    data: { values: [{}] },
    mark: {
      type: "image",
      url,
      ...size,
      align: "left",
      baseline: "top",
      aspect: false,
    },
    encoding: { x: { value: 0 }, y: { value: 0 } },
  };
}

/** Counts as a picture; the square root shows where few rows are. */
export function countLayer(
  x: Scale,
  y: Scale,
  rows: Int32Array,
  size: { readonly width: number; readonly height: number },
): Spec {
  const cells = countCells(x, y, rows);
  const top = cells.reduce((a, b) => Math.max(a, b), 1);
  return pictureLayer(
    cellsUrl(cells, (count) => (count === 0 ? 0 : 0.08 + 0.72 * Math.sqrt(count / top))),
    size,
  );
}
