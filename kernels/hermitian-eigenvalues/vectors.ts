// The gradient of eigenvalues and eigenvectors together, dv_j = Σ_i v_i (v_i† dA v_j) / (λ_j - λ_i), i ≠ j. It is made of
// the kernel itself and on the tape, so that it can be differentiated to any order.

import * as tf from "@tensorflow/tfjs";
import { defineGradient, runKernel } from "../runtime/define.js";
import { adjoint, product } from "./composed.js";
import { eigenvectorsContract } from "./contract.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Pair } from "./composed.js";

/** Gap, relative to the largest |eigenvalue|, below which two count as one. */
const COINCIDE = 1e-6;

function pairOf(x: Tensor): Pair {
  const [re, im] = tf.unstack(x, 1) as [Tensor, Tensor];
  return { re, im };
}

/** `1 / (λ_j - λ_i)`, 0 where they coincide: `[B, n, n]`. */
function inverseGaps(values: Tensor): Tensor {
  const gaps = tf.sub(tf.expandDims(values, 1), tf.expandDims(values, 2));
  const scale = tf.expandDims(tf.max(tf.abs(values), 1, true), 2);
  const apart = tf.greater(tf.abs(gaps), tf.mul(COINCIDE, scale));
  const safe = tf.where(apart, gaps, tf.onesLike(gaps));
  return tf.mul(tf.cast(apart, "float32"), tf.reciprocal(safe));
}

/** `Ā`, the Hermitian part of `V (diag(λ̄) + F ∘ V†V̄) V†`. */
function pulledBack(a: Tensor, dvalues: Tensor, dvectors: Tensor): Tensor {
  const [values, vectors] = runKernel(eigenvectorsContract, { a }, {}) as [Tensor, Tensor];
  const V = pairOf(vectors);
  const F = inverseGaps(values);
  const turned = product(V, pairOf(dvectors), true);
  const diagonal = tf.mul(tf.expandDims(dvalues, 2), tf.eye(values.shape[1]!));
  const inner = { re: tf.add(tf.mul(F, turned.re), diagonal), im: tf.mul(F, turned.im) };
  const whole = product(product(V, inner), adjoint(V));
  const other = adjoint(whole);
  const parts = [tf.add(whole.re, other.re), tf.add(whole.im, other.im)];
  return tf.mul(0.5, tf.stack(parts, 1));
}

/** Registers the gradient. */
export function defineEigenvectorsGradient(): void {
  defineGradient(eigenvectorsContract, (dys, [a]) => ({
    a: () => {
      const [dvalues, dvectors] = dys as [Tensor, Tensor];
      // tfjs fails on products without matrices.
      return a!.size === 0 ? tf.zeros(a!.shape) : pulledBack(a!, dvalues, dvectors);
    },
  }));
}
