// How far the effective equation can be trusted, per sample and output. No gradients: these are verdicts.

import * as tf from "@tensorflow/tfjs";
import {
  applyM,
  coefficients,
  effectiveSteadyState,
} from "../../../kernels/effective-steady-state/index.js";
import { thirdOrder } from "../../../kernels/exact-steady-state/index.js";
import { broadcastTo } from "../../complex/index.js";
import { ArgumentError } from "../../errors.js";
import { canonical } from "./canonical.js";
import type { EffectiveCoefficients } from "../../../kernels/effective-steady-state/index.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { CanonicalNetwork, NetworkProblem } from "./canonical.js";

/** Verdicts on the effective equation; every tensor is `[...batch, M]`. */
export type Validity = {
  /** `(2/Γ) Σ ‖J_n‖₂`, the small parameter: trace distance to the full steady state ≤ 1.5 κ² (N = 1), ≤ 0.45 κ for 99.7 % of random networks (N ≥ 2, κ < 0.5). */
  readonly kappa: Tensor;
  /** `2 Γ |h| / ‖M‖₂`: the limit Γ → ∞ is a further 0.55/χ away at most. */
  readonly chi: Tensor;
  /**
   * Estimated trace distance of the effective equation to the full steady state: to third order in 1/Γ. Over the true one
   * 0.75 to 1.6 for N ≥ 2 and Γ ≥ 1000 |J|, 0.25 to 1.7 for N = 1 or Γ = 100 |J|; no estimate where κ is not small.
   */
  readonly error: Tensor;
  /** In (0, 1]; 0 where the steady state is not unique. */
  readonly uniqueness: Tensor;
  /** bool: κ < 0.1. */
  readonly valid: Tensor;
  /** bool: κ < 0.5. */
  readonly marginal: Tensor;
  /** bool: κ < 0.1 and χ > 50. */
  readonly limitValid: Tensor;
  /** bool: uniqueness ≥ 1e-5, what float32 can tell from 0. */
  readonly unique: Tensor;
};

type Symmetric = EffectiveCoefficients["M"];

const { add, div, mul, square, sub } = tf;
const sum3 = (a: Tensor, b: Tensor, c: Tensor): Tensor => add(add(a, b), c);

function determinant([xx, xy, xz, yy, yz, zz]: Symmetric): Tensor {
  const x = mul(xx, sub(mul(yy, zz), square(yz)));
  const y = mul(xy, sub(mul(xz, yz), mul(xy, zz)));
  return sum3(x, y, mul(xz, sub(mul(xy, yz), mul(xz, yy))));
}

/** Largest eigenvalue of symmetric 3 × 3 matrices by the trigonometric formula (Smith, CACM 4, 168, 1961). */
function largestEigenvalue([xx, xy, xz, yy, yz, zz]: Symmetric): Tensor {
  const mean = div(sum3(xx, yy, zz), 3);
  const [dx, dy, dz] = [sub(xx, mean), sub(yy, mean), sub(zz, mean)];
  const diagonal = sum3(square(dx), square(dy), square(dz));
  const off = sum3(square(xy), square(xz), square(yz));
  const p = tf.maximum(tf.sqrt(div(add(diagonal, mul(2, off)), 6)), 1e-30);
  const over = (t: Tensor): Tensor => div(t, p);
  const half = div(determinant([over(dx), over(xy), over(xz), over(dy), over(yz), over(dz)]), 2);
  const angle = div(tf.acos(tf.clipByValue(half, -1, 1)), 3);
  return add(mean, mul(2, mul(p, tf.cos(angle))));
}

/** Spectral norms of matrices `[..., 3, 3]`. */
function spectralNorm(J: Tensor): Tensor {
  const gram = tf.matMul(J, J, true, false);
  const lead = gram.shape.slice(0, -2);
  const at = (i: number, j: number): Tensor =>
    tf.reshape(tf.slice(gram, [...lead.map(() => 0), i, j], [...lead, 1, 1]), lead);
  return tf.sqrt(largestEigenvalue([at(0, 0), at(0, 1), at(0, 2), at(1, 1), at(1, 2), at(2, 2)]));
}

/**
 * The validity figures of the effective equation for each sample and output.
 *
 * @param problem - as for {@link steadyState}; `gamma` must be given
 * @returns tensors `[...batch, M]`
 * @throws ShapeError, ArgumentError
 */
export function validity(problem: NetworkProblem): Validity {
  const where = "network.validity";
  if (problem.gamma === undefined) {
    throw new ArgumentError(`${where}: argument \`gamma\` must be given, but is missing.`);
  }
  return tf.tidy(() => {
    const { inputs, lead, outputs, gamma, polarization } = canonical(where, problem);
    const { h, M } = coefficients(inputs, { polarization });
    const rate =
      inputs.gamma === undefined ? tf.scalar(gamma ?? 1) : tf.expandDims(inputs.gamma, 2);
    const norms = tf.sum(spectralNorm(inputs.J), -1);
    // [P, M] for couplings shared by the samples, [P, B, M] otherwise
    const perSample = inputs.J.rank === 6 ? norms : tf.expandDims(norms, 1);
    const shape = [...lead, outputs];
    const full = (t: Tensor): Tensor => tf.reshape(broadcastTo(t, h[0].shape), shape);
    const kappa = full(mul(div(2, rate), perSample));
    const minus = M.map((t) => tf.neg(t)) as unknown as Symmetric;
    const length = tf.sqrt(sum3(square(h[0]), square(h[1]), square(h[2])));
    const chi = full(div(mul(mul(2, rate), length), largestEigenvalue(minus)));
    const error = tf.reshape(errorOf(inputs, rate, polarization), shape);
    const uniqueness = full(uniquenessOf(h, M, rate));
    const valid = tf.less(kappa, 0.1);
    return {
      kappa,
      chi,
      error,
      uniqueness,
      valid,
      marginal: tf.less(kappa, 0.5),
      limitValid: tf.logicalAnd(valid, tf.greater(chi, 50)),
      unique: tf.greaterEqual(uniqueness, 1e-5),
    };
  });
}

/** What is beyond every difference that float32 can show, and finite. */
const MOST_RATE = 1e12;

/** ½ |r - r'| for r of the effective equation and r' with the third order, `[P, B, M]`. */
function errorOf(
  inputs: CanonicalNetwork["inputs"],
  rate: Tensor,
  polarization: number | null,
): Tensor {
  const gamma = tf.reshape(
    tf.minimum(rate, MOST_RATE),
    rate.rank === 0 ? [1, 1] : rate.shape.slice(0, 2),
  );
  const attrs = { gamma: null, polarization, observe: null };
  const given = { ...inputs, gamma };
  const r = effectiveSteadyState(given, { ...attrs, limit: false }, "fused");
  return mul(0.5, tf.norm(sub(thirdOrder(given, attrs), r), "euclidean", -1));
}

/**
 * u = -den / (m (m² + |w|²)), m = -tr M / 2, divided by Γ² so that Γ may be infinite, and by m so that nothing
 * overflows; 0 where all of it vanishes.
 */
function uniquenessOf(h: EffectiveCoefficients["h"], M: Symmetric, gamma: Tensor): Tensor {
  const m = tf.neg(div(sum3(M[0], M[3], M[5]), 2));
  const scaled = M.map((t) => tf.divNoNan(t, m)) as unknown as Symmetric;
  const w = h.map((t) => mul(2, tf.divNoNan(t, m))) as unknown as EffectiveCoefficients["h"];
  const v = applyM(scaled, w);
  const c = square(div(1, gamma));
  const wMw = sum3(mul(w[0], v[0]), mul(w[1], v[1]), mul(w[2], v[2]));
  const den = add(mul(c, determinant(scaled)), wMw);
  return tf.divNoNan(tf.neg(den), add(c, sum3(square(w[0]), square(w[1]), square(w[2]))));
}
