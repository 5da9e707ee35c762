// Exponentials of matrices.

import * as tf from "@tensorflow/tfjs";
import { matrixExponential } from "../../kernels/matrix-exponential/index.js";
import { checkChoice, checkFloat, shapeText } from "../checks.js";
import { leadOf, sizeOf } from "../complex/index.js";
import { ShapeError } from "../errors.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Complex } from "../complex/index.js";

/** Options of {@link expm}. */
export type ExpmOptions = {
  /** `fused`: the kernel, float64 inside (default). `composed`: tf operations, float32. Both any order of derivative. */
  readonly method?: "fused" | "composed";
};

function isComplex(x: Tensor | Complex): x is Complex {
  return "im" in x;
}

function checkMatrix(a: Tensor): void {
  checkFloat("expm", "A", a);
  const [rows, columns] = a.shape.slice(-2);
  if (a.rank >= 2 && rows === columns) return;
  throw new ShapeError(
    `expm: argument \`A\` must have shape [...batch, n, n], but has shape ${shapeText(a.shape)}.`,
  );
}

function expmReal(a: Tensor, method: "fused" | "composed"): Tensor {
  const flat = tf.reshape(a, [sizeOf(leadOf(a.shape)), ...a.shape.slice(-2)]);
  return tf.reshape(matrixExponential(flat, method), a.shape);
}

/**
 * `exp(A) = Σ_k A^k / k!`, by scaling and squaring in float64 between float32 tensors.
 *
 * @param A - `[...batch, n, n]`, real or complex
 * @returns the same shape; any order of derivative
 * @throws ShapeError, ArgumentError
 * @remarks Cost: some 30 n³ operations a matrix, eight times as many for a complex one and for a gradient.
 * @see N. J. Higham, Functions of Matrices (2008), chapter 10
 */
export function expm(A: Tensor, options?: ExpmOptions): Tensor;
/** The same for complex tensors. */
export function expm(A: Complex, options?: ExpmOptions): Complex;
export function expm(A: Tensor | Complex, options: ExpmOptions = {}): Tensor | Complex {
  const { method = "fused" } = options;
  checkChoice("expm", "method", method, ["fused", "composed"]);
  if (!isComplex(A)) {
    checkMatrix(A);
    return tf.tidy(() => expmReal(A, method));
  }
  checkMatrix(A.re);
  return tf.tidy(() => {
    const { re, im } = A;
    const n = re.shape.at(-1)!;
    // The left half of exp [[Re, −Im], [Im, Re]] has both parts.
    const rows = tf.concat([tf.concat([re, tf.neg(im)], -1), tf.concat([im, re], -1)], -2);
    const flat = tf.reshape(rows, [sizeOf(leadOf(re.shape)), 2 * n, 2 * n]);
    const both = matrixExponential(flat, method);
    const part = (row: number): Tensor =>
      tf.reshape(tf.slice(both, [0, row, 0], [both.shape[0], n, n]), re.shape);
    return { re: part(0), im: part(n) };
  });
}
