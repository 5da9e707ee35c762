// Eigenvalues in tf operations: perturbation theory in the basis that the kernel of the eigenvectors finds, off the tape.
// There λ_i = D_ii + Σ_j |D_ij|² / (D_ii - D_jj): the second term is 0, its second derivative is not.

import * as tf from "@tensorflow/tfjs";
import { constant, constantOf } from "../runtime/constant.js";
import { runKernel } from "../runtime/define.js";
import { eigenvectorsContract } from "./contract.js";
import type { Tensor } from "@tensorflow/tfjs";

/** Real and imaginary part, `[B, n, n]`. */
export type Pair = { readonly re: Tensor; readonly im: Tensor };

const swapped = (x: Tensor): Tensor => tf.transpose(x, [0, 2, 1]);

/** `A B`, or `A† B`. */
export function product(a: Pair, b: Pair, adjoint = false): Pair {
  const mm = (x: Tensor, y: Tensor): Tensor => tf.matMul(x, y, adjoint, false);
  const [rr, ii, ri, ir] = [mm(a.re, b.re), mm(a.im, b.im), mm(a.re, b.im), mm(a.im, b.re)];
  return adjoint
    ? { re: tf.add(rr, ii), im: tf.sub(ri, ir) }
    : { re: tf.sub(rr, ii), im: tf.add(ri, ir) };
}

/** `A†`. */
export const adjoint = ({ re, im }: Pair): Pair => ({ re: swapped(re), im: tf.neg(swapped(im)) });

/** `V† A V`. */
function inBasis(A: Pair, V: Pair): Pair {
  return product(V, product(A, V), true);
}

/** Part `at` of `[B, 2, n, n]`. */
function partOf(a: Tensor, at: number): Tensor {
  const [B, , n] = a.shape as [number, 2, number, number];
  return tf.reshape(tf.slice(a, [0, at], [B, 1]), [B, n, n]);
}

/** The Hermitian part of `[B, 2, n, n]`. */
export function hermitianPart(a: Tensor): Pair {
  const [x, y] = [partOf(a, 0), partOf(a, 1)];
  return { re: tf.mul(0.5, tf.add(x, swapped(x))), im: tf.mul(0.5, tf.sub(y, swapped(y))) };
}

/** Eigenvalues `[B, n]` of matrices `[B, 2, n, n]`, the smallest first; two orders of derivative where they differ. */
export function eigenvaluesComposed(a: Tensor): Tensor {
  const n = a.shape.at(-1)!;
  const A = hermitianPart(a);
  const basis = constantOf(a, (x) => runKernel(eigenvectorsContract, { a: x }, {})[1]!);
  const V = { re: partOf(basis, 0), im: partOf(basis, 1) };
  const D = inBasis(A, V);
  const identity = tf.eye(n).expandDims(0);
  const values = tf.sum(tf.mul(D.re, identity), 2);
  const gaps = tf.sub(values.expandDims(2), values.expandDims(1));
  const apart = tf.cast(tf.greater(tf.abs(constant(gaps)), 1e-6), "float32");
  const inverse = tf.mul(apart, tf.reciprocal(tf.add(gaps, tf.sub(1, apart))));
  const squares = tf.add(tf.square(D.re), tf.square(D.im));
  const corrected = tf.add(values, tf.sum(tf.mul(squares, inverse), 2));
  return sorted(corrected);
}

/** In rising order. */
function sorted(values: Tensor): Tensor {
  return tf.sum(tf.mul(orderOf(values), values.expandDims(1)), 2);
}

/** The permutation matrices that sort rows, `[B, n, n]`, without a gradient: stock tfjs has none of a sort. */
function orderOf(values: Tensor): Tensor {
  const [, n] = values.shape as [number, number];
  const fixed = constant(values);
  const [row, column] = [fixed.expandDims(2), fixed.expandDims(1)];
  const before = tf.range(0, n).expandDims(0).less(tf.range(0, n).expandDims(1));
  const tied = tf.logicalAnd(tf.equal(column, row), before);
  const rank = tf.sum(tf.cast(tf.logicalOr(tf.less(column, row), tied), "float32"), 2);
  return tf.cast(tf.equal(rank.expandDims(1), tf.range(0, n).expandDims(1)), "float32");
}
