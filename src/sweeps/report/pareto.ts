// Several metrics at once: the points that no other one beats, and the volume they dominate. Draws nothing.

/** A point of costs: smaller is better in every coordinate. */
export type Point = readonly number[];

function dominates(a: Point, b: Point): boolean {
  return a.every((x, d) => x <= b[d]!) && a.some((x, d) => x < b[d]!);
}

function byCoordinates(a: Point, b: Point): number {
  const d = a.findIndex((x, i) => x !== b[i]);
  return d < 0 ? 0 : a[d]! - b[d]!;
}

/**
 * Indices of the points that no other one dominates, ascending by the first coordinate. Of equal points, the first.
 * Sorted first, so that a point can only be dominated by one before it; O(n log n + n · front).
 */
export function paretoFront(points: readonly Point[]): readonly number[] {
  const order = points.map((_, i) => i).sort((a, b) => byCoordinates(points[a]!, points[b]!));
  const front: number[] = [];
  for (const i of order) {
    const point = points[i]!;
    const isBeaten = front.some((j) => {
      const other = points[j]!;
      return dominates(other, point) || byCoordinates(other, point) === 0;
    });
    if (!isBeaten) front.push(i);
  }
  return front;
}

/** Volume between a front and a reference point, slice by slice along the last coordinate. */
function volume(front: readonly Point[], reference: Point): number {
  const d = reference.length - 1;
  if (d === 0) return Math.max(0, reference[0]! - Math.min(...front.map((point) => point[0]!)));
  const sorted = [...front].sort((a, b) => a[d]! - b[d]!);
  return sorted.reduce((sum, point, i) => {
    const upper = Math.min(sorted[i + 1]?.[d] ?? reference[d]!, reference[d]!);
    const height = upper - point[d]!;
    if (height <= 0) return sum;
    const below = sorted.slice(0, i + 1).map((one) => one.slice(0, d));
    const kept = paretoFront(below).map((j) => below[j]!);
    return sum + height * volume(kept, reference.slice(0, d));
  }, 0);
}

/**
 * The hypervolume of points: how much of the box up to the reference point at least one of them dominates.
 *
 * @param reference - a point that is worse; points beyond it add nothing
 */
export function hypervolume(points: readonly Point[], reference: Point): number {
  const inside = points.filter((point) => point.every((x, d) => x < reference[d]!));
  const front = paretoFront(inside).map((i) => inside[i]!);
  return front.length === 0 ? 0 : volume(front, reference);
}
