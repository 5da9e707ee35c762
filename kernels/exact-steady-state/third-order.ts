// The steady state with one order in 1/Γ more than the effective equation, in tf operations: the sum of README.md,
// "Third order", which ends after its second term. An estimate of what the effective equation misses, for any number of inputs.

import * as tf from "@tensorflow/tfjs";
import {
  coefficients,
  couplingVectors,
  cross,
  dot,
  oneOrNaN,
  rateOf,
  scaledEquation,
  solved,
} from "../effective-steady-state/index.js";
import { COMPONENTS } from "../effective-steady-state/contract.js";
import type { Tensor } from "@tensorflow/tfjs";
import type {
  EffectiveCoefficients,
  EffectiveInputs,
  Triple,
} from "../effective-steady-state/index.js";
import type { ExactAttrs } from "./contract.js";

const { add, div, mul, sub } = tf;

const times = (t: Triple, factor: Tensor | number): Triple => [
  mul(t[0], factor),
  mul(t[1], factor),
  mul(t[2], factor),
];
const plus = (first: Triple, ...rest: Triple[]): Triple =>
  rest.reduce((x, y) => [add(x[0], y[0]), add(x[1], y[1]), add(x[2], y[2])], first);

/** One input beside the output: the rows a, -b, d twice, z, and the rotation z Σ 2d by the other inputs. */
type Coupled = {
  readonly a: Triple;
  readonly g: Triple;
  readonly d: Triple;
  readonly z: Tensor | number;
  readonly others: Triple;
};

function coupled(inputs: EffectiveInputs, attrs: ExactAttrs): Coupled {
  const rate = rateOf(inputs.polarization, attrs.polarization);
  const z = typeof rate === "number" ? rate : tf.expandDims(rate, -1);
  const { a, b, d } = couplingVectors(inputs);
  const twice = times(d, 2);
  const others = twice.map((x) => mul(z, sub(tf.sum(x, -1, true), x)));
  return { a: times(a, 2), g: times(b, -2), d: twice, z, others: others as never as Triple };
}

/** The inputs' excited components of order 1 / Γ: what they share with the output, and e1 and e2 alone (e3 is 0). */
type Excited = {
  readonly v1: Triple;
  readonly v2: Triple;
  readonly v3: Triple;
  readonly e1: Tensor;
  readonly e2: Tensor;
};

/** D⁻¹ K_QP of an output with Bloch vector r. */
function excitedBy(r: Triple, { a, g, d, z }: Coupled): Excited {
  return {
    v1: times(cross(a, r), 2),
    v2: times(cross(g, r), 2),
    v3: times(cross(d, r), sub(1, tf.square(z))),
    e1: mul(mul(2, z), dot(g, r)),
    e2: mul(mul(-2, z), dot(a, r)),
  };
}

/** D⁻¹ K_QP of the constant. */
function excitedByOne({ a, g, z }: Coupled): Excited {
  const none = tf.zerosLike(a[0]);
  return {
    v1: times(g, mul(2, z)),
    v2: times(a, mul(-2, z)),
    v3: [none, none, none],
    e1: none,
    e2: none,
  };
}

/** K_PQ D⁻¹ K_QQ of these components, summed over the inputs. */
function returned({ v1, v2, v3, e1, e2 }: Excited, { a, g, d, z, others }: Coupled): Triple {
  const turned = plus(cross(a, v1), cross(g, v2), cross(d, v3));
  const y1 = plus(times(d, tf.neg(e2)), cross(others, v1));
  const y2 = plus(times(d, e1), cross(others, v2));
  const exchanged = plus(times(a, e2), times(g, tf.neg(e1)));
  const y3 = plus(exchanged, times(turned, tf.neg(z)), cross(others, v3));
  const all = plus(times(plus(cross(a, y1), cross(g, y2)), 2), cross(d, y3));
  return [tf.sum(all[0], -1), tf.sum(all[1], -1), tf.sum(all[2], -1)];
}

/** What the third order adds to M, beta and w, times Γ. */
function corrections(
  inputs: EffectiveInputs,
  attrs: ExactAttrs,
): Pick<EffectiveCoefficients, "M" | "beta"> & { readonly w: Triple } {
  const one = coupled(inputs, attrs);
  // Column j of what the output's Bloch vector gives, for j = x, y, z on a first axis.
  const unit = (j: number): Tensor =>
    tf.tensor(
      [0, 1, 2].map((k) => (k === j ? 1 : 0)),
      [3, 1, 1, 1, 1],
    );
  const rows = returned(excitedBy([unit(0), unit(1), unit(2)], one), one).map((t) => tf.unstack(t));
  const [x, y, z] = [0, 1, 2].map((j) => rows.map((row) => row[j]!)) as unknown as [
    Triple,
    Triple,
    Triple,
  ];
  const mean = (p: Tensor, q: Tensor): Tensor => div(add(p, q), 2);
  const turn = (p: Tensor, q: Tensor): Tensor => div(sub(p, q), 2);
  return {
    M: [x[0], mean(x[1], y[0]), mean(x[2], z[0]), y[1], mean(y[2], z[1]), z[2]],
    w: [turn(y[2], z[1]), turn(z[0], x[2]), turn(x[1], y[0])],
    beta: returned(excitedByOne(one), one),
  };
}

/** Bloch vectors `[P, B, M, 3]` to third order in 1/Γ, or the component observed; NaN where they are not unique. */
export function thirdOrder(inputs: EffectiveInputs, attrs: ExactAttrs): Tensor {
  return tf.tidy(() => {
    const gamma = rateOf(inputs.gamma, attrs.gamma);
    const scaled = scaledEquation(coefficients(inputs, attrs), gamma);
    const unique = oneOrNaN(tf.neg(solved(scaled).den));
    const more = corrections(inputs, attrs);
    const share = div(scaled.factor, gamma);
    const M = scaled.M.map((t, i) => add(t, mul(more.M[i]!, share)));
    const { r } = solved({
      M: M as never as EffectiveCoefficients["M"],
      w: plus(scaled.w, times(more.w, share)),
      beta: plus(scaled.beta, times(more.beta, share)),
    });
    const checked = r.map((t) => mul(unique, t));
    return attrs.observe === null
      ? tf.stack(checked, -1)
      : checked[COMPONENTS.indexOf(attrs.observe)]!;
  });
}
