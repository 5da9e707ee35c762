// Steady states in tf operations and the linear solve: any order of derivative, and any Liouvillian. Complex tensors
// are pairs here, of `[B, n, n]` or `[B, d, d]`, d = n².

import * as tf from "@tensorflow/tfjs";
import { linearSolve } from "../linear-solve/index.js";
import { constant } from "../runtime/constant.js";
import { composedGradients } from "../runtime/gpu/composed.js";
import { LINDBLAD_INPUTS } from "./contract.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { ComposedForm } from "../runtime/composed-form.js";
import type { LindbladAttrs } from "./contract.js";

type Pair = { readonly re: Tensor; readonly im: Tensor };

/** rho `[B, 2, n, n]` and report `[B, 3]`, as of the kernel. */
export type SteadyStates = { readonly rho: Tensor; readonly report: Tensor };

const pair = (re: Tensor, im: Tensor): Pair => ({ re, im });
const product = (a: Tensor, b: Tensor): Tensor => tf.matMul(a, b);

/** Real tensor ⊗ real tensor, both `[B, n, n]`. */
function kron(a: Tensor, b: Tensor): Tensor {
  const [B, n, m] = [a.shape[0], a.shape[1]!, b.shape[1]!];
  const c = tf.mul(tf.reshape(a, [B, n, 1, n, 1]), tf.reshape(b, [b.shape[0], 1, m, 1, m]));
  return tf.reshape(c, [B, n * m, n * m]);
}

/** Coordinates in the Hermitian basis → vec of the matrix, columns stacked: `[d, d]`, as plain numbers. */
function basis(n: number): { re: Float32Array; im: Float32Array } {
  const d = n * n;
  const [re, im] = [new Float32Array(d * d), new Float32Array(d * d)];
  let column = n;
  for (let i = 0; i < n; i++) {
    re[(i + n * i) * d + i] = 1;
    for (let j = i + 1; j < n; j++, column += 2) {
      const [upper, lower] = [(i + n * j) * d, (j + n * i) * d];
      re[upper + column] = re[lower + column] = Math.SQRT1_2;
      im[upper + column + 1] = Math.SQRT1_2;
      im[lower + column + 1] = -Math.SQRT1_2;
    }
  }
  return { re, im };
}

/** The basis as real tensor `[2 d, d]`: real parts over imaginary parts. */
function basisTensor(n: number): Tensor {
  const { re, im } = basis(n);
  const d = n * n;
  return tf.concat([tf.tensor2d(re, [d, d]), tf.tensor2d(im, [d, d])], 0);
}

/** One matrix `[k, l]` for each of B samples: stock tfjs has no gradient for a product that broadcasts. */
function repeated(x: Tensor, B: number): Tensor {
  return tf.tile(tf.expandDims(x, 0), [B, 1, 1]);
}

/** `Re(U† 𝓛 U)` `[B, d, d]` for U the Hermitian basis; 𝓛 must keep Hermitian matrices Hermitian. */
function realForm(L: Pair, U: Tensor): Tensor {
  const B = L.re.shape[0];
  const both = tf.concat([tf.concat([L.re, tf.neg(L.im)], 2), tf.concat([L.im, L.re], 2)], 1);
  const V = repeated(U, B);
  return tf.matMul(V, product(both, V), true, false);
}

const swapped = (x: Tensor): Tensor => tf.transpose(x, [0, 2, 1]);
const plus = (a: Pair, b: Pair): Pair => pair(tf.add(a.re, b.re), tf.add(a.im, b.im));

/** `(X + X†) / 2`. */
function symmetrised({ re, im }: Pair): Pair {
  return pair(tf.mul(0.5, tf.add(re, swapped(re))), tf.mul(0.5, tf.sub(im, swapped(im))));
}

/** `-½ L†L`. */
function lossOf({ re, im }: Pair): Pair {
  const square = (a: Tensor, b: Tensor): Tensor => tf.mul(-0.5, tf.matMul(a, b, true, false));
  return pair(tf.add(square(re, re), square(im, im)), tf.sub(square(re, im), square(im, re)));
}

/** `L* ⊗ L`. */
function gainOf({ re, im }: Pair): Pair {
  return pair(tf.add(kron(re, re), kron(im, im)), tf.sub(kron(re, im), kron(im, re)));
}

/** `I ⊗ K + K* ⊗ I`. */
function bothSides({ re, im }: Pair): Pair {
  const one = repeated(tf.eye(re.shape[1]!), re.shape[0]);
  return pair(tf.add(kron(one, re), kron(re, one)), tf.sub(kron(one, im), kron(im, one)));
}

/** `I ⊗ K + K* ⊗ I + Σ L* ⊗ L` with `K = -iH - ½ Σ L†L`. */
function liouvillian(H: Tensor, jumps: Tensor): Pair {
  const [B, K, , n] = jumps.shape as [number, number, 2, number, number];
  const part = (x: Tensor, at: number): Tensor =>
    tf.reshape(tf.slice(x, [0, at], [B, 1]), [B, n, n]);
  const flat = tf.reshape(jumps, [B, 2 * K, n * n]);
  const operators = Array.from({ length: K }, (_, k) =>
    pair(part(flat, 2 * k), part(flat, 2 * k + 1)),
  );
  const { re, im } = symmetrised(pair(part(H, 0), part(H, 1)));
  const generator = operators.map(lossOf).reduce(plus, pair(im, tf.neg(re)));
  return operators.map(gainOf).reduce(plus, bothSides(generator));
}

const largest = (x: Tensor): Tensor => tf.max(tf.abs(x), [1, 2]);

/** `max|H - H†| / max|H|` `[B]`; NaN if anything is not finite. */
function defectOf(H: Pair, ...others: Tensor[]): Tensor {
  const off = tf.maximum(
    largest(tf.sub(H.re, swapped(H.re))),
    largest(tf.add(H.im, swapped(H.im))),
  );
  const size = tf.add(tf.maximum(largest(H.re), largest(H.im)), 1e-30);
  const rest = others.map((x) => tf.sum(tf.mul(0, tf.reshape(x, [x.shape[0], -1])), 1));
  return rest.reduce((a, b) => tf.add(a, b), tf.div(off, size));
}

/** `Re(U† 𝓛 U) + ω |σ)(1|` and its right-hand side ω σ; the solution does not depend on ω. */
function systemOf(A: Tensor, n: number): [system: Tensor, right: Tensor] {
  const d = n * n;
  const diagonal = tf.mul(constant(A), tf.eye(d));
  const weight = tf.expandDims(tf.mean(tf.sum(tf.abs(diagonal), 2), 1, true), 2);
  const ones = tf.concat([tf.ones([n, 1]), tf.zeros([d - n, 1])], 0);
  const sigma = tf.mul(weight, tf.expandDims(tf.div(ones, n), 0));
  return [tf.add(A, tf.mul(sigma, tf.reshape(ones, [1, 1, d]))), sigma];
}

/** `‖A x - b‖₁ / (‖A‖₁ ‖x‖₁)`, `[B]`. */
function residualOf(A: Tensor, x: Tensor, b: Tensor): Tensor {
  const size = (t: Tensor): Tensor => tf.max(tf.sum(tf.abs(t), 1), 1);
  return tf.div(size(tf.sub(product(A, x), b)), tf.mul(size(A), size(x)));
}

/** Steady states of superoperators `[B, d, d]`, columns stacked; NaN in the report where one is not finite. */
export function ofLiouvillian(L: Pair): SteadyStates {
  const [B, d] = L.re.shape as [number, number];
  const n = Math.round(Math.sqrt(d));
  const U = basisTensor(n);
  const A = realForm(L, U);
  const [system, right] = systemOf(A, n);
  const { x, rcond } = linearSolve(system, right);
  const stacked = tf.reshape(product(repeated(U, B), x), [B, 2, n, n]);
  // Columns are stacked: the row index is the fast one.
  const rho = tf.transpose(stacked, [0, 1, 3, 2]);
  const fixed = constant(x);
  const residual = residualOf(constant(system), fixed, constant(right));
  const report = tf.stack([residual, rcond, defectOfLiouvillian(L, U)], 1);
  return { rho, report: constant(report) };
}

/** How far 𝓛 is from keeping Hermitian matrices Hermitian: `max|Im(U† 𝓛 U)| / max|𝓛|`. */
function defectOfLiouvillian(L: Pair, U: Tensor): Tensor {
  const [re, im] = [constant(L.re), constant(L.im)];
  const V = repeated(U, re.shape[0]);
  const turned = tf.concat([tf.concat([im, re], 2), tf.concat([tf.neg(re), im], 2)], 1);
  const imaginary = tf.matMul(V, product(turned, V), true, false);
  const size = tf.add(tf.maximum(largest(re), largest(im)), 1e-30);
  const finite = tf.sum(tf.mul(0, tf.add(re, im)), [1, 2]);
  return tf.add(tf.div(largest(imaginary), size), finite);
}

/** Steady states of Lindblad equations, in the shapes of the contract. */
export function lindbladComposed(H: Tensor, jumps: Tensor): SteadyStates {
  const [B, , n] = H.shape as [number, 2, number, number];
  const { rho, report } = ofLiouvillian(liouvillian(H, jumps));
  const part = (at: number): Tensor =>
    tf.reshape(tf.slice(constant(H), [0, at], [B, 1]), [B, n, n]);
  const defect = defectOf(pair(part(0), part(1)), constant(H), constant(jumps));
  const columns = tf.concat([tf.slice(report, [0, 0], [B, 2]), tf.expandDims(defect, 1)], 1);
  return { rho, report: columns };
}

/** `ZenoLindbladSteadyState` by it. */
export const lindbladForm: ComposedForm<LindbladAttrs> = ({ H, jumps }) => {
  const { rho, report } = lindbladComposed(H!, jumps!);
  return [rho, report];
};

/** `ZenoLindbladSteadyStateGrad` by it. */
export const lindbladGradForm: ComposedForm<LindbladAttrs> = (inputs) =>
  composedGradients(
    ({ H, jumps }) => lindbladComposed(H!, jumps!).rho,
    inputs,
    LINDBLAD_INPUTS,
    inputs["drho"]!,
  ).gradients;
