// Batched linear systems in tf operations, differentiable to any order: tfjs has no solve.

import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";

const { add, matMul, mul, sub } = tf;

/** Enough for condition numbers up to about 1e4: the first half of them brings A V near 1, the rest squares the error. */
const ITERATIONS = 28;

/** Relative residual above which a solution is not one. */
const RESIDUAL = 1e-4;

/**
 * X of A X = B for matrices A `[S, n, n]` and B `[S, n, m]`. The derivative is two further solutions, so that it can be
 * differentiated itself. NaN for samples that are too ill-conditioned for float32.
 */
export function solve(A: Tensor, B: Tensor): Tensor {
  return solveWith(inverse(A), A, B);
}

/** The same where the inverse is known; it decides how exact the result is, not what it is. */
function solveWith(V: Tensor, A: Tensor, B: Tensor): Tensor {
  const onTape = tf.customGrad((...args: (Tensor | tf.GradSaveFunc)[]) => {
    const [v, a, b, save] = args as [Tensor, Tensor, Tensor, tf.GradSaveFunc];
    save([v, a, b]);
    return {
      value: tf.tidy(() => refined(v, a, b)),
      gradFunc: (dX: Tensor, saved: Tensor[]) => {
        const [v2, a2, b2] = saved as [Tensor, Tensor, Tensor];
        const bBar = solveWith(transposed(v2), transposed(a2), dX);
        const aBar = tf.neg(matMul(bBar, solveWith(v2, a2, b2), false, true));
        return [tf.zerosLike(v2), aBar, bBar];
      },
    };
  });
  return onTape(V, A, B);
}

const transposed = (A: Tensor): Tensor => tf.transpose(A, [0, 2, 1]);

/** V ≈ A⁻¹ off the tape. */
function inverse(A: Tensor): Tensor {
  const offTape = tf.customGrad((a) => ({
    value: newtonSchulz(a as Tensor),
    gradFunc: () => tf.zerosLike(a as Tensor),
  }));
  return offTape(A);
}

/** V ← V + V (1 - A V), which converges from Aᵀ/(‖A‖₁ ‖A‖∞) for every A. */
function newtonSchulz(A: Tensor): Tensor {
  const norm = (axis: number): Tensor => tf.max(tf.sum(tf.abs(A), axis), 1);
  const bound = tf.reshape(mul(norm(1), norm(2)), [-1, 1, 1]);
  let V: Tensor = tf.div(transposed(A), bound);
  const one = tf.eye(A.shape[1]!);
  for (let i = 0; i < ITERATIONS; i++) {
    const next = tf.tidy(() => add(V, matMul(V, sub(one, matMul(A, V)))));
    V.dispose();
    V = next;
  }
  return V;
}

/** V B and two refinements, or NaN. */
function refined(V: Tensor, A: Tensor, B: Tensor): Tensor {
  const left = (X: Tensor): Tensor => sub(B, matMul(A, X));
  let X = matMul(V, B);
  for (let i = 0; i < 2; i++) X = add(X, matMul(V, left(X)));
  const largest = (t: Tensor): Tensor => tf.max(tf.abs(t), [1, 2], true);
  const solved = tf.lessEqual(largest(left(X)), mul(RESIDUAL, largest(B)));
  return mul(X, tf.where(solved, 1, NaN));
}
