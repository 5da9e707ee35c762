// Reductions over any axes as a chain of reductions over axes that follow each other: what the sums of wasm and of webgpu have
// in common. Sums nothing itself.

import * as tf from "@tensorflow/tfjs";
import type { TensorInfo } from "@tensorflow/tfjs";

/** Axes `from` to `to`, exclusive. */
export type AxisGroup = { readonly from: number; readonly to: number };

/** The axes that a call names, ascending. */
export function axesOf(axis: number | number[], { shape }: TensorInfo): number[] {
  return tf.util.parseAxisParam(axis, shape).sort((a, b) => a - b);
}

/** Sizes of what lies before a group, of the group, and behind it; and the shape that is left without it. */
export function groupSizes(
  { shape }: TensorInfo,
  { from, to }: AxisGroup,
): { outer: number; terms: number; inner: number; left: number[] } {
  const [before, after] = [shape.slice(0, from), shape.slice(to)];
  const size = (part: number[]): number => tf.util.sizeFromShape(part);
  const [outer, terms, inner] = [size(before), size(shape.slice(from, to)), size(after)];
  return { outer, terms, inner, left: [...before, ...after] };
}

/** The last of the summed axes that follow each other without a gap. */
export function lastGroup(axes: readonly number[]): AxisGroup {
  let i = axes.length - 1;
  while (i > 0 && axes[i - 1] === axes[i]! - 1) i--;
  return { from: axes[i]!, to: axes.at(-1)! + 1 };
}

/**
 * Reduces one group of axes after the other, the last one first.
 *
 * @param axes - ascending, at least one
 * @param reduce - reduces a group to a tensor without its axes
 * @param dispose - of a result between two groups
 */
export function reduceGroups(
  x: TensorInfo,
  axes: number[],
  keepDims: boolean,
  reduce: (x: TensorInfo, group: AxisGroup) => TensorInfo,
  dispose: (between: TensorInfo) => void,
): TensorInfo {
  let result = x;
  for (let left = axes; left.length > 0;) {
    const group = lastGroup(left);
    const next = reduce(result, group);
    if (result !== x) dispose(result);
    result = next;
    left = left.filter((axis) => axis < group.from);
  }
  const shape = keepDims ? tf.backend_util.expandShapeToKeepDim(result.shape, axes) : result.shape;
  return { ...result, shape };
}
