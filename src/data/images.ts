// Labelled grey images as rows of intensities, and their reduction to fewer pixels by area averaging. Where they come from is
// in mnist.ts and digits.ts.

import { checkCount } from "./checks.js";
import { ShapeError } from "../errors.js";

/** Grey images of one size. */
export type Images = {
  /** Number of images. */
  readonly rows: number;
  readonly height: number;
  readonly width: number;
  /** `[rows, height, width]`, row-major; the intensity is the value over `white`. */
  readonly values: Uint8Array | Float64Array;
  /** The value of full intensity. */
  readonly white: number;
  /** `[rows]`. */
  readonly labels: Uint8Array;
};

/**
 * Reduces images by averaging: a pixel of the result is the mean intensity of the area it covers, where pixels on its
 * border count in part.
 *
 * @param images - at least as high and wide as the result
 * @param height - of the result
 * @param width - of the result; default `height`
 * @returns intensities in [0, 1] in float64
 * @throws ShapeError if the images are smaller than the result
 */
export function areaAverage(images: Images, height: number, width: number = height): Images {
  checkCount("areaAverage", "height", height, 1);
  checkCount("areaAverage", "width", width, 1);
  if (height > images.height || width > images.width) {
    throw new ShapeError(
      `areaAverage: argument \`images\` must have at least ${height} × ${width} pixels, but has ${images.height} × ${images.width}.`,
    );
  }
  const down = averaging(images.height, height);
  const across = averaging(images.width, width);
  const values = new Float64Array(images.rows * height * width);
  const lines = new Float64Array(height * images.width);
  for (let row = 0; row < images.rows; row++) {
    averageRows(images, row, down, lines);
    averageColumns(lines, images.width, across, values.subarray(row * height * width));
  }
  return { ...images, height, width, values, white: 1 };
}

/** Weights of the pixels `first` … `first + weights.length − 1` in one pixel of the result. */
type Part = { readonly first: number; readonly weights: Float64Array };

/** For each of `to` equal parts of `from` pixels the fractions of it that the pixels cover. */
function averaging(from: number, to: number): Part[] {
  return Array.from({ length: to }, (_, part) => {
    // Exact multiples of 1/to: no pixel is touched by rounding alone.
    const first = Math.floor((part * from) / to);
    const last = Math.ceil(((part + 1) * from) / to);
    const overlap = (pixel: number): number =>
      (Math.min((pixel + 1) * to, (part + 1) * from) - Math.max(pixel * to, part * from)) / from;
    return {
      first,
      weights: Float64Array.from({ length: last - first }, (__, k) => overlap(first + k)),
    };
  });
}

function averageRows(
  { values, height, width, white }: Images,
  row: number,
  parts: readonly Part[],
  out: Float64Array,
): void {
  out.fill(0);
  for (const [i, { first, weights }] of parts.entries()) {
    for (const [k, weight] of weights.entries()) {
      const from = (row * height + first + k) * width;
      for (let x = 0; x < width; x++) out[i * width + x]! += (weight / white) * values[from + x]!;
    }
  }
}

function averageColumns(
  lines: Float64Array,
  from: number,
  parts: readonly Part[],
  out: Float64Array,
): void {
  for (let i = 0; i * from < lines.length; i++) {
    for (const [j, { first, weights }] of parts.entries()) {
      let sum = 0;
      for (const [k, weight] of weights.entries()) sum += weight * lines[i * from + first + k]!;
      out[i * parts.length + j] = sum;
    }
  }
}
