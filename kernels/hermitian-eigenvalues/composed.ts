// Eigenvalues in tf operations: Jacobi's rotations off the tape, n/2 pairs at a time, then perturbation theory on it. In
// the basis found, λ_i = D_ii + Σ_j |D_ij|² / (D_ii - D_jj): the second term is 0, its second derivative is not.

import * as tf from "@tensorflow/tfjs";
import { constant, constantOf } from "../runtime/constant.js";
import type { Tensor } from "@tensorflow/tfjs";

/** Real and imaginary part, `[B, n, n]`. */
export type Pair = { readonly re: Tensor; readonly im: Tensor };

/** Convergence is quadratic: float32 is reached in five to eight. */
const SWEEPS = 9;

const swapped = (x: Tensor): Tensor => tf.transpose(x, [0, 2, 1]);

/** `A B`, or `A† B`. */
export function product(a: Pair, b: Pair, adjoint = false): Pair {
  const mm = (x: Tensor, y: Tensor): Tensor => tf.matMul(x, y, adjoint, false);
  const [rr, ii, ri, ir] = [mm(a.re, b.re), mm(a.im, b.im), mm(a.re, b.im), mm(a.im, b.re)];
  return adjoint
    ? { re: tf.add(rr, ii), im: tf.sub(ri, ir) }
    : { re: tf.sub(rr, ii), im: tf.add(ri, ir) };
}

/** `V† A V`. */
function inBasis(A: Pair, V: Pair): Pair {
  return product(V, product(A, V), true);
}

/** The partner of each index in round k of a tournament; an odd one out plays itself. */
function partners(n: number, k: number): number[] {
  const even = n + (n % 2);
  const last = even - 1;
  return Array.from({ length: n }, (_, i) => {
    const other = i === last ? (k * (even / 2)) % last : (2 * last + k - i) % last;
    const met = i !== last && other === i ? last : other;
    return met < n ? met : i;
  });
}

/** One step for disjoint pairs: a unitary that makes the entry of each pair zero. */
function rotation(A: Pair, pairs: readonly number[]): Pair {
  const n = pairs.length;
  const at = (f: (i: number, j: number) => number): Tensor =>
    tf.tensor3d(
      pairs.flatMap((_, i) => pairs.map((__, j) => f(i, j))),
      [1, n, n],
    );
  const paired = at((i, j) => (i !== j && pairs[i] === j ? 1 : 0));
  const sign = at((i, j) => (pairs[i] === j ? Math.sign(j - i) : 0));
  const identity = tf.eye(n).expandDims(0);
  const diagonal = tf.sum(tf.mul(A.re, identity), 2, true);
  const [x, y] = [tf.mul(A.re, paired), tf.mul(A.im, paired)];
  const r = tf.sqrt(tf.add(tf.square(x), tf.square(y)));
  const safe = tf.maximum(r, 1e-30);
  // Entry [p, q], p < q, has θ = (A_qq - A_pp) / 2r; its mirror image has the same.
  const theta = tf.div(tf.mul(tf.sub(swapped(diagonal), diagonal), tf.mul(0.5, sign)), safe);
  const bounded = tf.minimum(tf.abs(theta), 1e15);
  const size = tf.div(1, tf.add(bounded, tf.sqrt(tf.add(1, tf.square(bounded)))));
  const t = tf.mul(
    tf.where(tf.less(theta, 0), tf.neg(size), size),
    tf.cast(tf.greater(r, 1e-30), "float32"),
  );
  const c = tf.div(paired, tf.sqrt(tf.add(1, tf.square(t))));
  const s = tf.mul(tf.mul(t, c), sign);
  const turned = tf.sum(paired, 2, true);
  const diagonalPart = tf.mul(tf.add(tf.sum(c, 2, true), tf.sub(1, turned)), identity);
  return {
    re: tf.add(diagonalPart, tf.mul(s, tf.div(x, safe))),
    im: tf.mul(s, tf.div(y, safe)),
  };
}

/** A basis in which A is diagonal. */
function eigenbasis(A: Pair): Pair {
  const [B, n] = A.re.shape as [number, number];
  let V: Pair = { re: tf.tile(tf.eye(n).expandDims(0), [B, 1, 1]), im: tf.zeros([B, n, n]) };
  const rounds = n + (n % 2) - 1;
  for (let i = 0; i < (n === 1 ? 0 : SWEEPS * rounds); i++)
    V = tf.tidy(() => product(V, rotation(inBasis(A, V), partners(n, i % rounds))));
  return V;
}

/** Part `at` of `[B, 2, n, n]`. */
function partOf(a: Tensor, at: number): Tensor {
  const [B, , n] = a.shape as [number, 2, number, number];
  return tf.reshape(tf.slice(a, [0, at], [B, 1]), [B, n, n]);
}

/** The Hermitian part of `[B, 2, n, n]`. */
function hermitianPart(a: Tensor): Pair {
  const [x, y] = [partOf(a, 0), partOf(a, 1)];
  return { re: tf.mul(0.5, tf.add(x, swapped(x))), im: tf.mul(0.5, tf.sub(y, swapped(y))) };
}

/** Eigenvalues `[B, n]` of matrices `[B, 2, n, n]`, the smallest first; two orders of derivative where they differ. */
export function eigenvaluesComposed(a: Tensor): Tensor {
  const n = a.shape.at(-1)!;
  const A = hermitianPart(a);
  const basis = constantOf(a, (x) => {
    const { re, im } = eigenbasis(hermitianPart(x));
    return tf.stack([re, im], 1);
  });
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

/** Columns times phases that make the largest component of each real and positive; of several the first. */
function withPhases({ re, im }: Pair): Pair {
  const n = re.shape[1]!;
  const squares = tf.add(tf.square(re), tf.square(im));
  const at = tf.argMax(squares, 1);
  const chosen = tf.transpose(tf.oneHot(tf.cast(at, "int32"), n), [0, 2, 1]);
  const part = (x: Tensor): Tensor => tf.sum(tf.mul(x, tf.cast(chosen, "float32")), 1, true);
  const [x, y] = [part(re), part(im)];
  const size = tf.sqrt(tf.add(tf.square(x), tf.square(y)));
  const [c, s] = [tf.div(x, size), tf.div(y, size)];
  return {
    re: tf.add(tf.mul(re, c), tf.mul(im, s)),
    im: tf.sub(tf.mul(im, c), tf.mul(re, s)),
  };
}

/** Eigenvalues `[B, n]`, the smallest first, and eigenvectors as columns `[B, 2, n, n]`; float32, without a gradient. */
export function eigenvectorsComposed(a: Tensor): [values: Tensor, vectors: Tensor] {
  const A = hermitianPart(a);
  const V = eigenbasis(A);
  const values = tf.sum(tf.mul(inBasis(A, V).re, tf.eye(a.shape.at(-1)!)), 2);
  const order = orderOf(values);
  const columns = (x: Tensor): Tensor => tf.matMul(x, order, false, true);
  const { re, im } = withPhases({ re: columns(V.re), im: columns(V.im) });
  return [sorted(values), tf.stack([re, im], 1)];
}
