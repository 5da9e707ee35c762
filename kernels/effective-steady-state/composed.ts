// The effective steady state in tf operations: correct on every backend and differentiable to any order.
// The vectors are triples of tensors [P, B, M, N] or, summed over the inputs, [P, B, M].

import * as tf from "@tensorflow/tfjs";
import { COMPONENTS, sizesOf } from "./contract.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { EffectiveAttrs } from "./contract.js";

/** Inputs in the canonical shapes of the contract. */
export type EffectiveInputs = {
  readonly theta: Tensor;
  readonly phi?: Tensor | undefined;
  readonly J: Tensor;
  readonly gamma?: Tensor | undefined;
  readonly polarization?: Tensor | undefined;
};

/** A vector, component by component. */
export type Triple = readonly [Tensor, Tensor, Tensor];

/** h, beta, and the upper triangle of M as xx, xy, xz, yy, yz, zz; each `[P, B, M]`. */
export type EffectiveCoefficients = {
  readonly h: Triple;
  readonly beta: Triple;
  readonly M: readonly [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
};

const { add, mul, neg, sub } = tf;
/** a · b. */
export const dot = (a: Triple, b: Triple): Tensor =>
  add(add(mul(a[0], b[0]), mul(a[1], b[1])), mul(a[2], b[2]));
const minor = (a: Tensor, b: Tensor, c: Tensor, d: Tensor): Tensor => sub(mul(a, d), mul(b, c));
/** a × b. */
export const cross = (a: Triple, b: Triple): Triple => [
  minor(a[1], a[2], b[1], b[2]),
  minor(a[2], a[0], b[2], b[0]),
  minor(a[0], a[1], b[0], b[1]),
];
const map2 = (a: Triple, b: Triple, f: (x: Tensor, y: Tensor) => Tensor): Triple => [
  f(a[0], b[0]),
  f(a[1], b[1]),
  f(a[2], b[2]),
];
const scaled = (a: Triple, s: Tensor | number): Triple => [
  mul(a[0], s),
  mul(a[1], s),
  mul(a[2], s),
];

/** Component l of row k of J, with axes [P, B or 1, M, N]. */
function entry(J: Tensor, k: number, l: number): Tensor {
  const lead = J.shape.slice(0, -2);
  const one = tf.slice(J, [...lead.map(() => 0), k, l], [...lead, 1, 1]);
  const shape = lead.length === 3 ? [lead[0]!, 1, lead[1]!, lead[2]!] : lead;
  return tf.reshape(one, shape);
}

function row(J: Tensor, k: number): Triple {
  return [entry(J, k, 0), entry(J, k, 1), entry(J, k, 2)];
}

/** A rate with axes that broadcast against [P, B, M], or a number. */
export function rateOf(tensor: Tensor | undefined, value: number | null): Tensor | number {
  return tensor === undefined ? (value ?? 1) : tf.expandDims(tensor, 2);
}

/** a, b and d of every input, with axes that broadcast against [P, B, M, N]. */
export function couplingVectors(inputs: EffectiveInputs): {
  readonly a: Triple;
  readonly b: Triple;
  readonly d: Triple;
} {
  const { P, B, N } = sizesOf({ theta: inputs.theta.shape, J: inputs.J.shape });
  const angle = (t: Tensor): Tensor => tf.reshape(t, [P, B, 1, N]);
  const [st, ct] = [tf.sin(angle(inputs.theta)), tf.cos(angle(inputs.theta))];
  const [r1, r2, r3] = [row(inputs.J, 0), row(inputs.J, 1), row(inputs.J, 2)];
  let [e, b] = [r1, r2];
  if (inputs.phi !== undefined) {
    const [sp, cp] = [tf.sin(angle(inputs.phi)), tf.cos(angle(inputs.phi))];
    e = map2(r1, r2, (x, y) => add(mul(cp, x), mul(sp, y)));
    b = map2(r1, r2, (x, y) => sub(mul(cp, y), mul(sp, x)));
  }
  const d = map2(e, r3, (x, y) => add(mul(st, x), mul(ct, y)));
  const a = map2(e, r3, (x, y) => sub(mul(st, y), mul(ct, x)));
  return { a, b, d };
}

/** The coefficients of the effective equation. */
export function coefficients(
  inputs: EffectiveInputs,
  attrs: Pick<EffectiveAttrs, "polarization">,
): EffectiveCoefficients {
  const z = rateOf(inputs.polarization, attrs.polarization);
  const { a, b, d } = couplingVectors(inputs);
  const total = (t: Tensor): Tensor => tf.sum(t, -1);
  const mixed = mul(4, sub(1, tf.square(z)));
  // Diagonals of P(x) as y² + z²: |x|² - x² would cancel.
  const diagonal = (i: 1 | 2 | 0, j: 1 | 2 | 0): Tensor => {
    const part = (x: Triple): Tensor => add(tf.square(x[i]), tf.square(x[j]));
    return neg(add(mul(8, total(add(part(a), part(b)))), mul(mixed, total(part(d)))));
  };
  const off = (i: 0 | 1, j: 1 | 2): Tensor => {
    const part = (x: Triple): Tensor => mul(x[i], x[j]);
    return add(mul(8, total(add(part(a), part(b)))), mul(mixed, total(part(d))));
  };
  const axb = cross(a, b);
  return {
    h: scaled([total(d[0]), total(d[1]), total(d[2])], z),
    beta: scaled([total(axb[0]), total(axb[1]), total(axb[2])], mul(-16, z)),
    M: [diagonal(1, 2), off(0, 1), off(0, 2), diagonal(0, 2), off(1, 2), diagonal(0, 1)],
  };
}

/** M x. */
export function applyM([xx, xy, xz, yy, yz, zz]: EffectiveCoefficients["M"], x: Triple): Triple {
  return [dot([xx, xy, xz], x), dot([xy, yy, yz], x), dot([xz, yz, zz], x)];
}

/** What float32 can tell from 0 of the uniqueness u; host.as.ts has the same. */
const LEAST_UNIQUENESS = 1e-5;

/** 1, or NaN where u is too small: a sample without a unique steady state is never answered with a number. */
export function oneOrNaN(u: Tensor): Tensor {
  // Of its full shape: tfjs broadcasts nothing to an empty one.
  return tf.where(tf.greater(u, LEAST_UNIQUENESS), tf.onesLike(u), tf.fill(u.shape, NaN));
}

/** The value alone: its derivatives are 0. For factors that drop out of the result. */
const constant: (x: Tensor) => Tensor = tf.customGrad((x) => ({
  value: tf.clone(x as Tensor),
  gradFunc: (dy: Tensor) => tf.zerosLike(dy),
}));

const m = (M: EffectiveCoefficients["M"]): Tensor => mul(-0.5, add(add(M[0], M[3]), M[5]));

/** M and beta with -tr(M) / 2 = 1, and the factor that does it. */
function normalised({
  beta,
  M,
}: EffectiveCoefficients): Omit<EffectiveCoefficients, "h"> & { factor: Tensor } {
  const factor = constant(tf.div(1, m(M)));
  const [xx, xy, xz, yy, yz, zz] = M.map((t) => mul(t, factor)) as [...EffectiveCoefficients["M"]];
  return { factor, beta: scaled(beta, factor), M: [xx, xy, xz, yy, yz, zz] };
}

/** Bloch vectors `[P, B, M, 3]` of the steady state, or the component observed, `[P, B, M]`. */
export function effectiveComposed(inputs: EffectiveInputs, attrs: EffectiveAttrs): Tensor {
  const c = coefficients(inputs, attrs);
  const r = attrs.limit ? limit(c) : closedForm(c, rateOf(inputs.gamma, attrs.gamma));
  return attrs.observe === null ? tf.stack([...r], -1) : r[COMPONENTS.indexOf(attrs.observe)]!;
}

// r does not change if (M, beta, w) or, in the limit, h are multiplied by a factor. The factors below make the
// denominators -u with u in (0, 1]: fourth powers of them, as in second derivatives, stay inside float32.

function limit(c: EffectiveCoefficients): Triple {
  const { beta, M } = normalised(c);
  const h = scaled(c.h, constant(tf.rsqrt(dot(c.h, c.h))));
  const den = dot(h, applyM(M, h));
  return scaled(h, mul(oneOrNaN(neg(den)), neg(tf.div(dot(h, beta), den))));
}

function closedForm(c: EffectiveCoefficients, gamma: Tensor | number): Triple {
  const { r, den } = solved(scaledEquation(c, gamma));
  const unique = oneOrNaN(neg(den));
  return [mul(unique, r[0]), mul(unique, r[1]), mul(unique, r[2])];
}

/** (M + [w]×) r = -beta, all multiplied by a constant factor. */
export type ScaledEquation = Omit<EffectiveCoefficients, "h"> & {
  readonly w: Triple;
  readonly factor: Tensor;
};

/** The effective equation, scaled as said above. */
export function scaledEquation(c: EffectiveCoefficients, gamma: Tensor | number): ScaledEquation {
  const unit = normalised(c);
  const w = scaled(c.h, mul(mul(2, gamma), unit.factor));
  const cubeRoot = constant(tf.pow(add(1, dot(w, w)), -1 / 3));
  const M = unit.M.map((t) => mul(t, cubeRoot)) as [...EffectiveCoefficients["M"]];
  const factor = mul(unit.factor, cubeRoot);
  return { M, w: scaled(w, cubeRoot), beta: scaled(unit.beta, cubeRoot), factor };
}

/** r of such an equation, and den = det M + w·M w. */
export function solved({ M, w, beta }: Omit<ScaledEquation, "factor">): {
  readonly r: Triple;
  readonly den: Tensor;
} {
  const [xx, xy, xz, yy, yz, zz] = M;
  const Mw = applyM(M, w);
  const adjugate = [
    minor(yy, yz, yz, zz),
    minor(xz, xy, zz, yz),
    minor(xy, yy, xz, yz),
    minor(xx, xz, xz, zz),
    minor(xy, xx, yz, xz),
    minor(xx, xy, xy, yy),
  ] as const;
  const den = add(dot([xx, xy, xz], [adjugate[0], adjugate[1], adjugate[2]]), dot(w, Mw));
  const sum = map2(
    map2(applyM(adjugate, beta), scaled(w, dot(w, beta)), add),
    cross(Mw, beta),
    sub,
  );
  const part = (x: Tensor): Tensor => neg(tf.div(x, den));
  return { r: [part(sum[0]), part(sum[1]), part(sum[2])], den };
}
