// Sample grids: many small images in one picture, as a PNG. The panel that shows one in a figure is in image-panel.ts.

import { ArgumentError, ShapeError } from "../errors.js";
import { encodePng, type Pixels } from "./png-bytes.js";

/** Options of {@link imageGrid}. */
export type ImageGridOptions = {
  /** Images a row. Default: ⌈√n⌉. */
  readonly columns?: number;
  /** Each pixel is shown as `scale` × `scale`. Default 1. */
  readonly scale?: number;
  /** Pixels between images, after scaling. Default 2. */
  readonly gap?: number;
  /** Intensity of the gaps, 0 … 255. Default 255. */
  readonly paper?: number;
};

/** Shape of images: number, height, width, channels. */
export type ImageShape = readonly [n: number, height: number, width: number, channels: number];

/**
 * Images in rows, in reading order; the last row may be short. No blur: pixels are repeated.
 *
 * @param values - `[n, height, width, channels]` in [−1, 1], row-major, for example `await images.data()`; values outside
 *   are clipped, NaN is black
 * @param shape - of the images, for example `images.shape`; 1 or 3 channels
 * @returns the bytes of a PNG
 * @throws ShapeError if values and shape do not fit, ArgumentError if an option is no count
 */
export function imageGrid(
  values: ArrayLike<number>,
  shape: ImageShape,
  options: ImageGridOptions = {},
): Uint8Array {
  return encodePng(gridPixels(values, shape, options));
}

/** The pixels of {@link imageGrid}. */
export function gridPixels(
  values: ArrayLike<number>,
  shape: ImageShape,
  options: ImageGridOptions,
): Pixels {
  const [n, height, width, channels] = shape;
  const { columns = Math.ceil(Math.sqrt(n)), scale = 1, gap = 2, paper = 255 } = options;
  check(values, shape, { columns, scale, gap });
  const across = Math.min(columns, n);
  const sheet = {
    width: across * (width * scale + gap) - gap,
    height: Math.ceil(n / across) * (height * scale + gap) - gap,
  };
  const bytes = new Uint8Array(sheet.width * sheet.height * channels).fill(paper);
  for (let i = 0; i < n; i++) {
    const left = (i % across) * (width * scale + gap);
    const top = Math.floor(i / across) * (height * scale + gap);
    for (let y = 0; y < height * scale; y++) {
      const line = i * height + Math.floor(y / scale);
      for (let x = 0; x < width * scale; x++) {
        const from = (line * width + Math.floor(x / scale)) * channels;
        const to = ((top + y) * sheet.width + left + x) * channels;
        for (let c = 0; c < channels; c++) bytes[to + c] = byteOf(values[from + c]!);
      }
    }
  }
  return { ...sheet, channels, bytes };
}

function byteOf(value: number): number {
  return Math.round(Math.min(255, Math.max(0, 127.5 * (value + 1))));
}

function check(
  values: ArrayLike<number>,
  shape: ImageShape,
  counts: Readonly<Record<"columns" | "scale" | "gap", number>>,
): void {
  const [n, height, width, channels] = shape;
  const size = n * height * width * channels;
  if (![1, 3].includes(channels) || values.length !== size || size === 0) {
    throw new ShapeError(
      `imageGrid: argument \`shape\` must be [n, height, width, 1 or 3] of ${values.length} values, but is [${shape.join(", ")}].`,
    );
  }
  for (const [name, value] of Object.entries(counts)) {
    const least = name === "gap" ? 0 : 1;
    if (Number.isSafeInteger(value) && value >= least) continue;
    throw new ArgumentError(
      `imageGrid: argument \`${name}\` must be an integer of at least ${least}, but is ${value}.`,
    );
  }
}
