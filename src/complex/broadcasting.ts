// Broadcasting of leading axes, aligned at the right as in NumPy, with a gradient of any order at any rank; and what
// leading axes have in common, aligned at either side.

import * as tf from "@tensorflow/tfjs";
import { shapeText } from "../checks.js";
import { ShapeError } from "../errors.js";
import { mapParts, shapeOf } from "./complex.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Complex } from "./complex.js";

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** A shape with axes of size 1 added at the left. */
function padded(shape: readonly number[], rank: number): number[] {
  return [...new Array<number>(rank - shape.length).fill(1), ...shape];
}

/**
 * The leading axes to which all of these broadcast.
 *
 * @param where - function named in the error
 * @param leads - leading axes by the name of their argument
 * @param side - on which side axes of the same rank meet: `right` as in NumPy, `left` where the population is
 * @throws ShapeError if two of them differ and neither is 1
 */
export function commonLead(
  where: string,
  leads: Readonly<Record<string, readonly number[]>>,
  side: "left" | "right" = "right",
): number[] {
  const rank = Math.max(0, ...Object.values(leads).map((lead) => lead.length));
  const common = new Array<number>(rank).fill(1);
  for (const [name, lead] of Object.entries(leads)) {
    const ones = new Array<number>(rank - lead.length).fill(1);
    const aligned = side === "left" ? [...lead, ...ones] : [...ones, ...lead];
    aligned.forEach((size, axis) => {
      if (size === 1 || size === common[axis]) return;
      if (common[axis] !== 1) {
        throw new ShapeError(
          `${where}: the leading axes of argument \`${name}\`, ${shapeText(lead)}, must agree with those of the others, ${shapeText(common)}, or be 1. Axes are aligned at the ${side}.`,
        );
      }
      common[axis] = size;
    });
  }
  return common;
}

/** Adjacent axes that are both repeated, or both kept, as one: few axes, whatever the rank. */
function merged(own: readonly number[], to: readonly number[]): [own: number[], to: number[]] {
  const [small, large]: [number[], number[]] = [[], []];
  let last: boolean | undefined;
  own.forEach((size, axis) => {
    const repeated = size !== to[axis];
    if (repeated === last) {
      small.push(small.pop()! * size);
      large.push(large.pop()! * to[axis]!);
    } else {
      small.push(size);
      large.push(to[axis]!);
    }
    last = repeated;
  });
  return [small, large];
}

/**
 * Repeats a tensor along its axes of size 1.
 *
 * @param x - axes are aligned with those of `shape` at the right
 * @param shape - to which the shape of x broadcasts
 */
export function broadcastTo(x: Tensor, shape: readonly number[]): Tensor {
  const own = padded(x.shape, shape.length);
  if (own.every((size, axis) => size === shape[axis])) return tf.reshape(x, [...shape]);
  const [small, large] = merged(own, shape);
  const axes = small.flatMap((size, axis) => (size === large[axis] ? [] : [axis]));
  // The gradients of stock tfjs end at rank 4 (broadcastTo) or fail on an empty axis (mul).
  const repeat = tf.customGrad((t) => ({
    value: tf.reshape(tf.mul(tf.reshape(t as Tensor, small), tf.ones(large)), [...shape]),
    // Over an empty axis the sum on wasm is whatever the memory held.
    gradFunc: (dy: Tensor) =>
      dy.size === 0 ? tf.zeros(x.shape) : tf.reshape(tf.sum(tf.reshape(dy, large), axes), x.shape),
  }));
  return repeat(x);
}

/** A complex tensor with its leading axes repeated to `lead`; its last `tail` axes stay. */
export function broadcastLead(a: Complex, lead: readonly number[], tail = 2): Complex {
  const shape = [...lead, ...shapeOf(a).slice(-tail)];
  return mapParts(a, (part) => broadcastTo(part, shape));
}

/** The leading axes of a tensor whose last `tail` axes are not. */
export function leadOf(shape: readonly number[], tail = 2): number[] {
  return shape.slice(0, shape.length - tail);
}
