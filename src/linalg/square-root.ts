// Square roots of positive matrices.

import * as tf from "@tensorflow/tfjs";
import { adjoint, add, mapParts, matMul, scale } from "../complex/index.js";
import { checkSquare } from "./checks.js";
import { eigh } from "./eigenvectors.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Complex } from "../complex/index.js";

/** Times n and the largest eigenvalue: below it an eigenvalue of a float32 matrix is rounding, and counts as 0. */
const ROUNDING = 2 ** -23;

const stacked = ({ re, im }: Complex): Tensor => tf.stack([re, im]);
function unstacked(x: Tensor): Complex {
  const [re, im] = tf.unstack(x) as [Tensor, Tensor];
  return { re, im };
}

/** Eigenvalues that are rounding, or negative, as 0: `[...batch, n]`. */
function positive(values: Tensor): Tensor {
  const least = tf.mul(ROUNDING * values.shape.at(-1)!, tf.max(values, -1, true));
  return tf.where(tf.greater(values, least), values, tf.zerosLike(values));
}

/** `V X V†`. */
function outOf(V: Complex, X: Complex): Complex {
  return matMul(matMul(V, X), adjoint(V));
}

/** The square root, with a gradient that is made of itself: `S dS + dS S = dA`. */
function rootOf(a: Tensor): Tensor {
  const root = tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([x as Tensor]);
    const { values, vectors } = eigh(unstacked(x as Tensor));
    const roots = tf.expandDims(tf.sqrt(positive(values)), -2);
    const value = stacked(
      matMul(
        mapParts(vectors, (part) => tf.mul(part, roots)),
        adjoint(vectors),
      ),
    );
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor =>
      sylvester(rootOf(saved[0]!), hermitianPart(dy));
    return { value, gradFunc };
  });
  return root(a);
}

function hermitianPart(x: Tensor): Tensor {
  const A = unstacked(x);
  return stacked(scale(add(A, adjoint(A)), 0.5));
}

/** The Hermitian X with `S X + X S = C` within the range of S, which is positive; its gradient is made of itself. */
function sylvester(s: Tensor, c: Tensor): Tensor {
  const solution = tf.customGrad((first, second, save) => {
    const [S, C] = [first as Tensor, second as Tensor];
    (save as tf.GradSaveFunc)([S, C]);
    const { values, vectors } = eigh(unstacked(S));
    const roots = positive(values);
    const sums = tf.add(tf.expandDims(roots, -1), tf.expandDims(roots, -2));
    const inRange = tf.greater(sums, 0);
    const inner = matMul(adjoint(vectors), matMul(unstacked(C), vectors));
    const divided = mapParts(inner, (part) =>
      tf.where(
        inRange,
        tf.div(part, tf.where(inRange, sums, tf.onesLike(sums))),
        tf.zerosLike(sums),
      ),
    );
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
      const [root, right] = saved as [Tensor, Tensor];
      const cBar = sylvester(root, hermitianPart(dy));
      const product = matMul(unstacked(cBar), unstacked(sylvester(root, right)));
      // The other order is the adjoint of this one.
      return [tf.mul(-2, hermitianPart(stacked(product))), cBar];
    };
    return { value: stacked(outOf(vectors, divided)), gradFunc };
  });
  return solution(s, c);
}

/**
 * `√A`, the positive square root of positive Hermitian matrices.
 *
 * @param A - `[...batch, n, n]`; only the Hermitian part counts. Eigenvalues below `2^-23 n` of the largest count as 0
 * @returns the same shape; any order of derivative, also where eigenvalues coincide
 * @throws ShapeError, ArgumentError
 * @remarks Where an eigenvalue is 0 the derivative is that within the range of A: the slope of √λ at 0 is infinite.
 * @see N. J. Higham, Functions of Matrices (2008), chapter 6
 */
export function sqrtm(A: Complex): Complex {
  checkSquare("sqrtm", "A", A);
  // Without matrices tfjs fails on axes of size 0.
  if (A.re.size === 0) return mapParts(A, (part) => tf.clone(part));
  return tf.tidy(() => unstacked(rootOf(stacked(A))));
}
