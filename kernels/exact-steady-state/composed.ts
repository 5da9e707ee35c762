// The full steady state in tf operations and the linear solve: differentiable to any order, for N ≤ 3. The dense matrices
// of N = 4 would need gigabytes. Samples and outputs are one axis S here.

import * as tf from "@tensorflow/tfjs";
import {
  coefficients,
  couplingVectors,
  oneOrNaN,
  rateOf,
  scaledEquation,
  solved,
} from "../effective-steady-state/index.js";
import { COMPONENTS, sizesOf } from "../effective-steady-state/contract.js";
import { linearSolve } from "../linear-solve/index.js";
import { constant } from "../runtime/constant.js";
import { forEachPair, pauliMaps, rates } from "./superoperators.js";
import type { Tensor } from "@tensorflow/tfjs";
import type {
  EffectiveCoefficients,
  EffectiveInputs,
  Triple,
} from "../effective-steady-state/index.js";
import type { ExactAttrs } from "./contract.js";

const { add, div, mul, sub } = tf;

/**
 * Bloch vectors `[P, B, M, 3]` of the steady state, or the component observed, `[P, B, M]`.
 *
 * @param mostKappa - (2/Γ) Σ ‖J_n‖ in Frobenius norms beyond which the result is NaN
 */
export function exactComposed(
  inputs: EffectiveInputs,
  attrs: ExactAttrs,
  mostKappa: number = FLOAT32_KAPPA,
): Tensor {
  const { P, B, M } = sizesOf({ theta: inputs.theta.shape, J: inputs.J.shape });
  const shape = [P, B, M];
  const full = (t: Tensor): Tensor => tf.reshape(mul(t, tf.ones(shape)), [P * B * M]);
  const gamma = rateOf(inputs.gamma, attrs.gamma);
  const scaled = scaledEquation(coefficients(inputs, attrs), gamma);
  const unique = mul(oneOrNaN(tf.neg(solved(scaled).den)), weakOrNaN(inputs, gamma, mostKappa));
  const rate = typeof gamma === "number" ? tf.scalar(gamma) : full(gamma);
  const exact = schurComplement(inputs, attrs, rate, full);
  const factor = full(scaled.factor);
  const w = scaled.w.map((x, i) => add(full(x), mul(factor, exact.axis[i]!)));
  const M_ = exact.M.map((t) => mul(t, factor)) as [...EffectiveCoefficients["M"]];
  const beta = exact.beta.map((t) => mul(t, factor));
  const { r } = solved({ M: M_, w: w as never as Triple, beta: beta as never as Triple });
  const checked = r.map((x) => tf.reshape(mul(full(unique), x), shape));
  return attrs.observe === null
    ? tf.stack(checked, -1)
    : checked[COMPONENTS.indexOf(attrs.observe)]!;
}

/** Up to which float32 is trusted. */
const FLOAT32_KAPPA = 100;

/** 1, or NaN where the couplings are so much stronger than the damping that the precision says nothing. */
function weakOrNaN(inputs: EffectiveInputs, gamma: Tensor | number, most: number): Tensor {
  const { a, b, d } = couplingVectors(inputs);
  const squares = [...a, ...b, ...d].map((t) => tf.square(t)).reduce((x, y) => add(x, y));
  const kappa = div(mul(2, tf.sum(tf.sqrt(constant(squares)), -1)), gamma);
  return tf.where(tf.lessEqual(kappa, most), 1, NaN);
}

/** What all orders make of M and beta, and what they add to w; each `[S]`. */
type Schur = {
  readonly M: EffectiveCoefficients["M"];
  readonly beta: Triple;
  readonly axis: Triple;
};

/** K_PQ A⁻¹ K_QP with A = D_Q - K_QQ/Γ. */
function schurComplement(
  inputs: EffectiveInputs,
  attrs: ExactAttrs,
  gamma: Tensor,
  full: (t: Tensor) => Tensor,
): Schur {
  const K = generator(inputs, attrs, full);
  const [S, n] = K.shape as [number, number];
  const D = tf.diag(tf.tensor1d(rates(Math.log2(n) / 2 - 1).slice(4)));
  const QQ = tf.slice(K, [0, 4, 4], [S, n - 4, n - 4]);
  const A = sub(D, div(QQ, tf.reshape(gamma, [-1, 1, 1])));
  const { x: X } = linearSolve(A, tf.slice(K, [0, 4, 0], [S, n - 4, 4]));
  const product = tf.matMul(tf.slice(K, [0, 1, 4], [S, 3, n - 4]), X);
  const at = (i: number, j: number): Tensor =>
    tf.reshape(tf.slice(product, [0, i, j], [S, 1, 1]), [S]);
  const mean = (i: number, j: number): Tensor => div(add(at(i, j + 1), at(j, i + 1)), 2);
  const turn = (i: number, j: number): Tensor => div(sub(at(i, j + 1), at(j, i + 1)), 2);
  return {
    M: [mean(0, 0), mean(0, 1), mean(0, 2), mean(1, 1), mean(1, 2), mean(2, 2)],
    beta: [at(0, 0), at(1, 0), at(2, 0)],
    axis: [turn(2, 1), turn(0, 2), turn(1, 0)],
  };
}

/** K, `[S, 4^(N+1), 4^(N+1)]`: the rows a, -b, d of each input and, if z is a tensor, powers of z, times a table. */
function generator(
  inputs: EffectiveInputs,
  attrs: ExactAttrs,
  full: (t: Tensor) => Tensor,
): Tensor {
  const { P, B, N, M } = sizesOf({ theta: inputs.theta.shape, J: inputs.J.shape });
  const { a, b, d } = couplingVectors(inputs);
  const rows = [...a, ...b.map((t) => tf.neg(t)), ...d];
  // b does not depend on the angles, and has no batch axis, where phi is not given.
  const each = rows.map((t) => tf.reshape(mul(t, tf.ones([P, B, M, N])), [P * B * M, N]));
  const couplings = tf.reshape(tf.stack(each, 2), [P * B * M, 9 * N]);
  const n = 4 ** (N + 1);
  const product = (terms: Tensor, table: Float32Array): Tensor =>
    tf.reshape(tf.matMul(terms, tf.tensor2d(table, [terms.shape[1]!, n * n])), [P * B * M, n, n]);
  if (inputs.polarization === undefined)
    return product(couplings, tableAt(N, attrs.polarization ?? 1));
  const z = tf.reshape(full(rateOf(inputs.polarization, null) as Tensor), [-1, 1]);
  const terms = [couplings, mul(couplings, z), mul(couplings, mul(z, z))];
  return product(tf.concat(terms, 1), powersOfZ(N));
}

/** What a unit entry of each row gives to K: `[9 N, 4^(2N + 2)]`, rows by n, k, l. */
function tableAt(N: number, z: number): Float32Array {
  const [{ C, A }, unpolarized, n] = [pauliMaps(z), pauliMaps(0), 4 ** (N + 1)];
  const table = new Float32Array(9 * N * n * n);
  for (let input = 0; input < N; input++)
    for (let kl = 0; kl < 9; kl++) {
      const [k, l, start] = [Math.floor(kl / 3), kl % 3, (9 * input + kl) * n * n];
      forEachPair(N, 4 ** (N - input), (to, from, i, i2, o, o2) => {
        table[start + to * n + from] =
          C[k]![i]![i2]! * unpolarized.A[l]![o]![o2]! + A[k]![i]![i2]! * unpolarized.C[l]![o]![o2]!;
      });
    }
  return table;
}

/** The coefficients of 1, z and z² in that table, one after the other. */
function powersOfZ(N: number): Float32Array {
  const [zero, plus, minus] = [tableAt(N, 0), tableAt(N, 1), tableAt(N, -1)];
  const powers = new Float32Array(3 * zero.length);
  zero.forEach((x, at) => {
    powers[at] = x;
    powers[zero.length + at] = (plus[at]! - minus[at]!) / 2;
    powers[2 * zero.length + at] = (plus[at]! + minus[at]!) / 2 - x;
  });
  return powers;
}
