// Synthetic digits: ten bitmap glyphs, shifted, turned, scaled and blurred at random. For tests and trials without MNIST.

import { uniformArray, type Stream } from "../random.js";
import { areaAverage, type Images } from "./images.js";
import { checkCount } from "./checks.js";
import { GLYPHS, GLYPH_HEIGHT, GLYPH_WIDTH } from "./glyphs.js";

/** Options of {@link syntheticDigits}. */
export type DigitOptions = {
  /** Pixels of a side. Default 28. */
  readonly side?: 28 | 8;
  /** Digits are 0, 1, …, 9, 0, 1, … in this order if true, else random. Default false. */
  readonly ordered?: boolean;
};

/** All lengths are those of 28 × 28 pixels, where a glyph is about as large as MNIST's digits. */
const SIDE = 28;
const CELL = 20 / GLYPH_HEIGHT;
const LARGEST_SHIFT = 2;
const LARGEST_ANGLE = (10 * Math.PI) / 180;
const SCALES = [0.85, 1.15] as const;
const BLURS = [0.4, 0.9] as const;

/** Uniforms per image: digit, shift right and down, angle, scale, blur, and two spare ones, for whole blocks. */
const DRAWS = 8;

/** Points per pixel and direction at which a glyph is looked up, against jagged edges. */
const POINTS = 3;

/** The glyphs as numbers, 1 for ink. */
const INK: readonly Float64Array[] = GLYPHS.map((lines) =>
  Float64Array.from(lines.join(""), (cell) => (cell === "#" ? 1 : 0)),
);

/** How one digit lies: lengths in pixels of 28 × 28, the angle in radians. */
export type Pose = {
  readonly digit: number;
  readonly right: number;
  readonly down: number;
  readonly angle: number;
  readonly scale: number;
  readonly blur: number;
};

/**
 * Draws digits: shifts up to ±2 pixels, rotations up to ±10°, scales from 0.85 to 1.15, a little blur. At 8 × 8 they are the
 * same images, averaged.
 *
 * @param from - a stream of purpose `"data"`; image r uses its words 8 r … 8 r + 7, so that more images begin with the same
 * @param rows - images wanted
 * @returns intensities in [0, 1] and labels
 * @throws ArgumentError if `rows` is no count
 */
export function syntheticDigits(from: Stream, rows: number, options: DigitOptions = {}): Images {
  const { side = SIDE, ordered = false } = options;
  checkCount("syntheticDigits", "rows", rows, 0);
  const poses = digitPoses(from, rows).map((pose, row) =>
    ordered ? { ...pose, digit: row % 10 } : pose,
  );
  return digitsOf(poses, side);
}

/** How the images of {@link syntheticDigits} lie: cheap, where painting them is not. */
export function digitPoses(from: Stream, rows: number): Pose[] {
  const u = uniformArray(from, rows * DRAWS);
  return Array.from({ length: rows }, (_, row) =>
    poseOf(u.subarray(row * DRAWS, (row + 1) * DRAWS)),
  );
}

/** Digits in given poses, `side` pixels a side. */
export function digitsOf(poses: readonly Pose[], side: 28 | 8): Images {
  const values = new Float64Array(poses.length * SIDE * SIDE);
  for (const [row, pose] of poses.entries())
    values.set(blurred(rendered(pose), pose.blur), row * SIDE * SIDE);
  const labels = Uint8Array.from(poses, ({ digit }) => digit);
  const images = { rows: poses.length, height: SIDE, width: SIDE, values, white: 1, labels };
  return side === SIDE ? images : areaAverage(images, side);
}

function poseOf(u: Float32Array): Pose {
  const between = (at: number, lo: number, hi: number): number => lo + (hi - lo) * u[at]!;
  return {
    digit: Math.floor(10 * u[0]!),
    right: between(1, -LARGEST_SHIFT, LARGEST_SHIFT),
    down: between(2, -LARGEST_SHIFT, LARGEST_SHIFT),
    angle: between(3, -LARGEST_ANGLE, LARGEST_ANGLE),
    scale: between(4, ...SCALES),
    blur: between(5, ...BLURS),
  };
}

/** The glyph at every pixel: the fraction of points in it whose cell of the shifted, turned and scaled glyph has ink. */
function rendered({ digit, right, down, angle, scale }: Pose): Float64Array {
  const ink = INK[digit]!;
  const c = Math.cos(angle) / (scale * CELL);
  const s = Math.sin(angle) / (scale * CELL);
  const out = new Float64Array(SIDE * SIDE);
  for (let py = 0; py < SIDE * POINTS; py++) {
    const y = (py + 0.5) / POINTS - SIDE / 2 - down;
    for (let px = 0; px < SIDE * POINTS; px++) {
      const x = (px + 0.5) / POINTS - SIDE / 2 - right;
      const column = Math.floor(c * x + s * y + GLYPH_WIDTH / 2);
      const line = Math.floor(c * y - s * x + GLYPH_HEIGHT / 2);
      if (column < 0 || column >= GLYPH_WIDTH || line < 0 || line >= GLYPH_HEIGHT) continue;
      const pixel = Math.floor(py / POINTS) * SIDE + Math.floor(px / POINTS);
      out[pixel]! += ink[line * GLYPH_WIDTH + column]! / (POINTS * POINTS);
    }
  }
  return out;
}

/** Convolution with a Gaussian of standard deviation `sigma` pixels, in both directions. */
function blurred(image: Float64Array, sigma: number): Float64Array {
  const reach = 3;
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.exp(-((k - reach) ** 2) / (2 * sigma * sigma)),
  );
  const total = weights.reduce((a, b) => a + b, 0);
  const along = (from: Float64Array, step: number): Float64Array => {
    const to = new Float64Array(from.length);
    for (let at = 0; at < from.length; at++) {
      const place = Math.floor(at / step) % SIDE;
      const last = Math.min(SIDE - 1 - place, reach);
      let sum = 0;
      for (let k = Math.max(-place, -reach); k <= last; k++) {
        sum += weights[k + reach]! * from[at + k * step]!;
      }
      to[at] = sum / total;
    }
    return to;
  };
  return along(along(image, 1), SIDE);
}
