// The sliced Wasserstein-1 distance of two sets of points: the mean over directions of the distance of their projections.

import { ArgumentError } from "../errors.js";
import { philoxArray } from "../../kernels/philox/index.js";
import { checkPoints, checkSameWidth, type Points } from "./samples.js";
import { wasserstein1 } from "./wasserstein.js";

/** Options of {@link slicedWasserstein1}. */
export type SlicedOptions = {
  /** Number of directions. Default 64. */
  readonly directions?: number;
};

/** Seed of the directions, so that a distance does not depend on chance. */
const SEED = 0;

/** Unit vectors: of the plane at equal angles, else normal vectors divided by their length, always the same ones. */
function unitVectors(count: number, width: number): number[][] {
  if (width === 1) return [[1]];
  if (width === 2) {
    const angles = Array.from({ length: count }, (_, k) => (k * Math.PI) / count);
    return angles.map((angle) => [Math.cos(angle), Math.sin(angle)]);
  }
  const z = philoxArray({ seeds: [[SEED, 0]], count: count * width, law: "normal", offset: 0, scale: 1, shift: 0 }); // prettier-ignore
  return Array.from({ length: count }, (_, k) => {
    const vector = Array.from(z.subarray(k * width, (k + 1) * width));
    const length = Math.hypot(...vector);
    return vector.map((x) => x / length);
  });
}

function projected({ values, width }: Points, direction: readonly number[]): Float64Array {
  return Float64Array.from({ length: values.length / width }, (_, i) =>
    direction.reduce((sum, c, k) => sum + c * values[i * width + k]!, 0),
  );
}

/**
 * Mean over directions of the Wasserstein-1 distance of the projections; in one dimension the distance itself. In the
 * plane the directions divide the half circle evenly; in more dimensions they are a fixed random choice.
 * Cost O(directions · n log n).
 *
 * @param x - n points
 * @param y - m points of the same width
 * @throws ShapeError if the widths differ; ArgumentError for an empty or non-finite set, or no direction
 */
export function slicedWasserstein1(x: Points, y: Points, options: SlicedOptions = {}): number {
  const { directions = 64 } = options;
  checkPoints("slicedWasserstein1", "x", x);
  checkPoints("slicedWasserstein1", "y", y);
  checkSameWidth("slicedWasserstein1", ["x", "y"], x, y);
  if (!Number.isInteger(directions) || directions < 1) {
    throw new ArgumentError(
      `slicedWasserstein1: argument \`directions\` must be a positive integer, but is ${directions}.`,
    );
  }
  const vectors = unitVectors(directions, x.width);
  const distances = vectors.map((v) => wasserstein1(projected(x, v), projected(y, v)));
  return distances.reduce((a, b) => a + b, 0) / vectors.length;
}
