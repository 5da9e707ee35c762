// Distances between many points at once, as products of matrices block by block: precision, recall, density and coverage
// of thousands of images, and the training images nearest to generated ones. For few points `nearestNeighbours` of the
// metrics says the same in float64.

import * as tf from "@tensorflow/tfjs";
import { ArgumentError, ShapeError } from "../../errors.js";
import type { ImageSplit } from "../../data/index.js";
import type { NeighbourMeasures, Points } from "../../metrics/index.js";
import type { Tensor2D } from "@tensorflow/tfjs";

/** Rows whose distances to a whole set are on the host at a time. */
const ROWS = 500;
/** Training images on the device at a time. */
const IMAGES = 2000;

/** The balls around the points of a set that reach to the k-th nearest neighbour of each in that set. */
export type NeighbourBalls = {
  readonly k: number;
  /** Squared radii, one a point. */
  readonly squared: Float32Array;
};

/**
 * Balls around points, for {@link neighbourMeasures}: those of real points are the same for every set held against them. Cost a
 * product of `n × width × n`.
 *
 * @throws ArgumentError unless 1 ≤ k < n
 */
export async function neighbourBalls(points: Points, k: number): Promise<NeighbourBalls> {
  checkNeighbour("neighbourBalls", k, points.values.length / points.width);
  const rows = rowsOf(points, meanOf(points));
  try {
    return { k, squared: await squaredRadii(rows, k) };
  } finally {
    disposeRows(rows);
  }
}

/**
 * Precision, recall, density and coverage as `nearestNeighbours` defines them, with squared distances
 * `|x|² + |y|² − 2 x·y` in float32 about the mean of the real points. Cost two products of `n × width × n`.
 *
 * @param real - n real points
 * @param generated - m generated points of the same width
 * @param balls - those of the real points; their k, or m − 1 if that is less, serves for the generated ones
 * @throws ShapeError if the widths or the number of balls differ
 */
export async function neighbourMeasures(
  real: Points,
  generated: Points,
  balls: NeighbourBalls,
): Promise<NeighbourMeasures> {
  check(real, generated, balls);
  const mean = meanOf(real);
  const [a, b] = [rowsOf(real, mean), rowsOf(generated, mean)];
  try {
    const radiiB = await squaredRadii(b, Math.min(balls.k, b.count - 1));
    return await count(a, b, { radiiA: balls.squared, radiiB, k: balls.k });
  } finally {
    disposeRows(a);
    disposeRows(b);
  }
}

function check(real: Points, generated: Points, { squared }: NeighbourBalls): void {
  const { width, values } = real;
  if (width !== generated.width) {
    throw new ShapeError(
      `neighbourMeasures: arguments \`real\` and \`generated\` must have the same width, but have ${width} and ${generated.width}.`,
    );
  }
  if (squared.length * width === values.length) return;
  throw new ShapeError(
    `neighbourMeasures: argument \`balls\` must have a radius for each of the ${values.length / width} real points, but has ${squared.length}.`,
  );
}

function checkNeighbour(where: string, k: number, points: number): void {
  if (Number.isInteger(k) && k >= 1 && k < points) return;
  throw new ArgumentError(
    `${where}: argument \`k\` must be an integer from 1 to the number of points less 1 (${points - 1}), but is ${k}.`,
  );
}

function meanOf({ values, width }: Points): Float64Array {
  const mean = new Float64Array(width);
  for (let at = 0; at < values.length; at++) mean[at % width]! += values[at]!;
  return mean.map((sum) => (sum * width) / values.length);
}

/** Points on the device in two forms, whose product is a matrix of squared distances. */
type Rows = {
  readonly count: number;
  /** `[−2 x, |x|², 1]`. */
  readonly left: Tensor2D;
  /** `[y, 1, |y|²]`. */
  readonly right: Tensor2D;
};

function rowsOf({ values, width }: Points, mean: Float64Array): Rows {
  const count = values.length / width;
  const centred = new Float32Array(values.length);
  for (let at = 0; at < centred.length; at++) centred[at] = values[at]! - mean[at % width]!;
  return tf.tidy(() => {
    const x = tf.tensor2d(centred, [count, width]);
    const squares: Tensor2D = tf.sum(tf.square(x), 1, true);
    const one = tf.onesLike(squares);
    const left = tf.concat2d([tf.mul(x, -2), squares, one], 1);
    return { count, left, right: tf.concat2d([x, one, squares], 1) };
  });
}

function disposeRows({ left, right }: Rows): void {
  tf.dispose([left, right]);
}

/** Squared distances of rows from `from` on to all points of another set; a hair below 0 for equal ones. */
async function squaredDistances(of: Rows, from: number, to: Rows): Promise<Float32Array> {
  const block = tf.tidy(() => {
    const rows = tf.slice(of.left, [from, 0], [Math.min(ROWS, of.count - from), -1]);
    return tf.matMul(rows, to.right, false, true);
  });
  const values = await block.data<"float32">();
  block.dispose();
  return values;
}

/** Squared distance of every point to its k-th nearest neighbour in the same set. */
async function squaredRadii(points: Rows, k: number): Promise<Float32Array> {
  const radii = new Float32Array(points.count);
  const nearest = new Float32Array(k);
  for (let from = 0; from < points.count; from += ROWS) {
    const squared = await squaredDistances(points, from, points);
    for (let row = 0; row * points.count < squared.length; row++) {
      nearest.fill(Infinity);
      const start = row * points.count;
      for (let j = 0; j < points.count; j++) {
        // Few points come so close: the list is looked at for those only.
        if (squared[start + j]! < nearest[k - 1]! && j !== from + row)
          keepSmallest(nearest, squared[start + j]!);
      }
      radii[from + row] = nearest[k - 1]!;
    }
  }
  return radii;
}

/** Inserts a value that is below the last of an ascending list of fixed length, which falls out. */
function keepSmallest(ascending: Float32Array, value: number): void {
  let place = ascending.length - 1;
  for (; place > 0 && ascending[place - 1]! > value; place--) {
    ascending[place] = ascending[place - 1]!;
  }
  ascending[place] = value;
}

type Balls = {
  readonly radiiA: Float32Array;
  readonly radiiB: Float32Array;
  readonly k: number;
};

async function count(a: Rows, b: Rows, { radiiA, radiiB, k }: Balls): Promise<NeighbourMeasures> {
  const [aIsInside, aIsCovered] = [new Uint8Array(a.count), new Uint8Array(a.count)];
  const bIsInside = new Uint8Array(b.count);
  let hits = 0;
  for (let from = 0; from < a.count; from += ROWS) {
    const squared = await squaredDistances(a, from, b);
    for (let row = 0; row * b.count < squared.length; row++) {
      const [i, start] = [from + row, row * b.count];
      for (let j = 0; j < b.count; j++) {
        if (squared[start + j]! <= radiiB[j]!) aIsInside[i] = 1;
        if (squared[start + j]! > radiiA[i]!) continue;
        hits++;
        aIsCovered[i] = bIsInside[j] = 1;
      }
    }
  }
  const fraction = (flags: Uint8Array): number => flags.reduce((x, y) => x + y, 0) / flags.length;
  return {
    precision: fraction(bIsInside),
    recall: fraction(aIsInside),
    density: hits / (k * b.count),
    coverage: fraction(aIsCovered),
  };
}

/** The image of a split that is nearest to each of some images. */
export type NearestImages = {
  /** Rows of the split. */
  readonly rows: Int32Array;
  /** Root mean square difference of pixels in [−1, 1]. */
  readonly distances: Float64Array;
};

/**
 * The nearest images of a split, pixel by pixel.
 *
 * @param images - row-major pixels in [−1, 1]
 * @param size - pixels (times channels) of an image
 * @param split - where to look
 */
export async function nearestImages(
  images: Float32Array,
  size: number,
  split: ImageSplit,
): Promise<NearestImages> {
  const n = images.length / size;
  const rows = new Int32Array(n);
  const least = new Float64Array(n).fill(Infinity);
  const queries = tf.tensor2d(images.slice(), [n, size]);
  for (let from = 0; from < split.count; from += IMAGES) {
    const squared = tf.tidy(() => {
      const bytes = new Float32Array(split.bytes(from, IMAGES));
      // Byte b is the value 2 b/255 − 1.
      const x = tf.sub(tf.mul(tf.tensor2d(bytes, [bytes.length / size, size]), 2 / 255), 1);
      const lengths = tf.reshape(tf.sum(tf.square(x), 1), [1, -1]);
      return tf.add(tf.mul(tf.matMul(queries, x, false, true), -2), lengths);
    });
    keepNearest(await squared.data<"float32">(), from, rows, least);
    squared.dispose();
  }
  queries.dispose();
  // |q|² is the same for all and comes last.
  const distances = least.map((value, q) => {
    const own = images.subarray(q * size, (q + 1) * size).reduce((sum, p) => sum + p * p, 0);
    return Math.sqrt(Math.max(0, value + own) / size);
  });
  return { rows, distances };
}

function keepNearest(
  squared: Float32Array,
  from: number,
  rows: Int32Array,
  least: Float64Array,
): void {
  const width = squared.length / rows.length;
  squared.forEach((value, at) => {
    const q = Math.floor(at / width);
    if (value >= least[q]!) return;
    least[q] = value;
    rows[q] = from + (at % width);
  });
}
