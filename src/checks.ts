// Checks of arguments at the public door, with errors in the user's words.

import { ArgumentError, ShapeError } from "./errors.js";
import type { Tensor } from "@tensorflow/tfjs";

/** A shape as written in messages. */
export function shapeText(shape: readonly (number | string)[]): string {
  return `[${shape.join(", ")}]`;
}

/** Throws unless the last axes of `shape` are `tail`; a string in `tail` stands for any size. */
export function checkTail(
  where: string,
  name: string,
  shape: readonly number[],
  tail: readonly (number | string)[],
): void {
  const own = shape.slice(shape.length - tail.length);
  const fits =
    shape.length >= tail.length &&
    tail.every((want, i) => typeof want === "string" || want === own[i]);
  if (fits) return;
  throw new ShapeError(
    `${where}: argument \`${name}\` must have shape ${shapeText(["...batch", ...tail])}, but has shape ${shapeText(shape)}.`,
  );
}

/** Throws unless the tensor is float32. */
export function checkFloat(where: string, name: string, tensor: Tensor): void {
  if (tensor.dtype === "float32") return;
  throw new ArgumentError(
    `${where}: argument \`${name}\` must be a float32 tensor, but is ${tensor.dtype}. Use tf.cast(${name}, "float32").`,
  );
}

/** Throws unless `value` is one of `allowed`. */
export function checkChoice<T extends string>(
  where: string,
  name: string,
  value: string,
  allowed: readonly T[],
): asserts value is T {
  if ((allowed as readonly string[]).includes(value)) return;
  const list = allowed.map((item) => `"${item}"`).join(", ");
  throw new ArgumentError(
    `${where}: argument \`${name}\` must be one of ${list}, but is "${value}".`,
  );
}

/** Throws unless `value` is an integer from `lo` to `hi`. */
export function checkInteger(
  where: string,
  name: string,
  value: number,
  lo: number,
  hi: number,
): void {
  if (Number.isInteger(value) && value >= lo && value <= hi) return;
  throw new ArgumentError(
    `${where}: argument \`${name}\` must be an integer from ${String(lo)} to ${String(hi)}, but is ${String(value)}.`,
  );
}
