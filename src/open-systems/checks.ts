// Checks of operators and states at the doors of this folder.

import { checkFloat, shapeText } from "../checks.js";
import { ShapeError } from "../errors.js";
import { shapeOf } from "../complex/index.js";
import type { Complex } from "../complex/index.js";

/** Throws unless A is `[...batch, n, n]`, with this n if one is given; returns n. */
export function checkOperator(where: string, name: string, A: Complex, n?: number): number {
  checkFloat(where, name, A.re);
  const shape = shapeOf(A);
  const [rows, columns] = shape.slice(-2);
  const fits = shape.length >= 2 && rows === columns && (n === undefined || rows === n);
  if (fits) return rows!;
  const want = n === undefined ? "n" : String(n);
  throw new ShapeError(
    `${where}: argument \`${name}\` must have shape [...batch, ${want}, ${want}], but has shape ${shapeText(shape)}.`,
  );
}

/** Throws unless the superoperator is `[...batch, n², n²]`; returns n. */
export function checkSuperoperator(where: string, name: string, L: Complex): number {
  const d = checkOperator(where, name, L);
  const n = Math.round(Math.sqrt(d));
  if (n * n === d) return n;
  throw new ShapeError(
    `${where}: argument \`${name}\` must have shape [...batch, n², n²], but has shape ${shapeText(shapeOf(L))}.`,
  );
}
