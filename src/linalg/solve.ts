// Batched linear systems, real and complex.

import * as tf from "@tensorflow/tfjs";
import { linearSolve } from "../../kernels/linear-solve/index.js";
import { checkChoice, checkFloat, shapeText } from "../checks.js";
import { broadcastTo, commonLead, leadOf, sizeOf } from "../complex/index.js";
import { ShapeError } from "../errors.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Complex } from "../complex/index.js";

/** Options of {@link solve}. */
export type SolveOptions = {
  /** `fused`: the kernel, any order of derivative (default). `composed`: tf operations, float32, two orders. */
  readonly method?: "fused" | "composed";
};

/** The solution, and how far the system was from singular. */
export type Solution<T> = {
  /** `[...batch, n, m]`. */
  readonly x: T;
  /** `1 / (‖A‖₁ ‖A⁻¹‖₁)`, estimated, `[...batch]`; 0 where A is singular, and x then not to be used. No gradient. */
  readonly rcond: Tensor;
};

function isComplex(x: Tensor | Complex): x is Complex {
  return "im" in x;
}

/** `[[Re, −Im], [Im, Re]]`. */
function realOf({ re, im }: Complex): Tensor {
  return tf.concat([tf.concat([re, tf.neg(im)], -1), tf.concat([im, re], -1)], -2);
}

function checkShapes(a: Tensor, b: Tensor): void {
  checkFloat("solve", "A", a);
  checkFloat("solve", "b", b);
  const [rows, columns] = a.shape.slice(-2);
  if (a.rank < 2 || rows !== columns) {
    throw new ShapeError(
      `solve: argument \`A\` must have shape [...batch, n, n], but has shape ${shapeText(a.shape)}.`,
    );
  }
  if (b.rank < 2 || b.shape.at(-2) !== rows) {
    throw new ShapeError(
      `solve: argument \`b\` must have shape [...batch, ${String(rows)}, m], but has shape ${shapeText(b.shape)}.`,
    );
  }
}

function solveReal(a: Tensor, b: Tensor, method: "fused" | "composed"): Solution<Tensor> {
  const lead = commonLead("solve", { A: leadOf(a.shape), b: leadOf(b.shape) });
  const flat = (t: Tensor): Tensor => {
    const tail = t.shape.slice(-2);
    return tf.reshape(broadcastTo(t, [...lead, ...tail]), [sizeOf(lead), ...tail]);
  };
  const { x, rcond } = linearSolve(flat(a), flat(b), { method });
  return { x: tf.reshape(x, [...lead, ...b.shape.slice(-2)]), rcond: tf.reshape(rcond, lead) };
}

/**
 * The solution of `A x = b`, by LU with partial pivoting in float64 between float32 tensors.
 *
 * @param A - `[...batch, n, n]`, real or complex
 * @param b - `[...batch, n, m]`, of the same kind; leading axes broadcast, aligned at the right
 * @returns solution and condition; a complex system is solved as a real one of twice the size, whose rcond it reports
 * @throws ShapeError, ArgumentError
 */
export function solve(A: Tensor, b: Tensor, options?: SolveOptions): Solution<Tensor>;
/** The same for complex tensors. */
export function solve(A: Complex, b: Complex, options?: SolveOptions): Solution<Complex>;
export function solve(
  A: Tensor | Complex,
  b: Tensor | Complex,
  options: SolveOptions = {},
): Solution<Tensor> | Solution<Complex> {
  const { method = "fused" } = options;
  checkChoice("solve", "method", method, ["fused", "composed"]);
  if (!isComplex(A) || !isComplex(b)) {
    checkShapes(A as Tensor, b as Tensor);
    return tf.tidy(() => solveReal(A as Tensor, b as Tensor, method));
  }
  checkShapes(A.re, b.re);
  return tf.tidy(() => {
    const stacked = tf.concat([b.re, b.im], -2);
    const { x, rcond } = solveReal(realOf(A), stacked, method);
    const [re, im] = tf.split(x, 2, x.rank - 2) as [Tensor, Tensor];
    return { x: { re, im }, rcond };
  });
}
