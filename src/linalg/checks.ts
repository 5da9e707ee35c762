// What the functions of Hermitian matrices demand of their argument.

import { checkFloat, shapeText } from "../checks.js";
import { shapeOf } from "../complex/index.js";
import { ShapeError } from "../errors.js";
import type { Complex } from "../complex/index.js";

/** The number of rows of square matrices `[...batch, n, n]`. */
export function checkSquare(where: string, name: string, A: Complex): number {
  checkFloat(where, name, A.re);
  const shape = shapeOf(A);
  const [n, m] = shape.slice(-2);
  if (shape.length >= 2 && n === m) return n!;
  throw new ShapeError(
    `${where}: argument \`${name}\` must have shape [...batch, n, n], but has shape ${shapeText(shape)}.`,
  );
}
