// One probe for each patch of tfjs: a derivative with a closed form that stock tfjs gets wrong or refuses when this
// one patch is missing. Used with and without the patches, so it imports none of them.

import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";

/** A derivative and its closed form. */
export type Probe = {
  /** Kernel name of the patched gradient. */
  readonly patch: string;
  readonly what: string;
  /** The derivative by the active backend; called inside a tidy. */
  compute(): Tensor;
  readonly expected: readonly number[];
};

/** Points away from every kink. */
const X = [0.3, 0.7, -0.4];

type Scalar = (x: Tensor) => Tensor;

const second = (f: Scalar) => (): Tensor =>
  tf.grad((x: Tensor) => tf.sum(tf.grad((y: Tensor) => tf.sum(f(y)))(x)))(tf.tensor1d(X));

const first = (f: Scalar) => (): Tensor => tf.grad((x: Tensor) => tf.sum(f(x)))(tf.tensor1d(X));

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** d²/dx² of S(x²), S the logistic function. */
function sigmoidOfSquare(x: number): number {
  const s = sigmoid(x * x);
  return s * (1 - s) * (2 + 4 * x * x * (1 - 2 * s));
}

function tanhOfSquare(x: number): number {
  const t = Math.tanh(x * x);
  return (1 - t * t) * (2 - 8 * x * x * t);
}

const { square, stack, unstack, where, zerosLike } = tf;

/** Second derivatives, which stock tfjs takes of an output that it has saved. */
const savedOutputs: readonly Probe[] = [
  {
    patch: "Exp",
    what: "second derivative of x exp(x)",
    compute: second((x) => tf.mul(x, tf.exp(x))),
    expected: X.map((x) => (2 + x) * Math.exp(x)),
  },
  {
    patch: "Tanh",
    what: "second derivative of tanh(x²)",
    compute: second((x) => tf.tanh(square(x))),
    expected: X.map(tanhOfSquare),
  },
  {
    patch: "Sigmoid",
    what: "second derivative of sigmoid(x²)",
    compute: second((x) => tf.sigmoid(square(x))),
    expected: X.map(sigmoidOfSquare),
  },
  {
    patch: "Elu",
    what: "second derivative of elu(-x²)",
    compute: second((x) => tf.elu(tf.neg(square(x)))),
    expected: X.map((x) => (4 * x * x - 2) * Math.exp(-x * x)),
  },
  {
    patch: "Softmax",
    what: "second derivative of the first of softmax(x², 0)",
    compute: second((x) => unstack(tf.softmax(stack([square(x), zerosLike(x)], 1), 1), 1)[0]!),
    expected: X.map(sigmoidOfSquare),
  },
  {
    patch: "Pow",
    what: "second derivative of 2 to the x²",
    compute: second((x) => tf.pow(tf.onesLike(x).mul(2), square(x))),
    expected: X.map((x) => Math.LN2 * 2 ** (x * x) * (2 + 4 * x * x * Math.LN2)),
  },
];

/** First derivative of x² where the condition holds and 3 x elsewhere. */
function choice(patch: string, condition: Scalar, holds: (x: number) => boolean): Probe {
  return {
    patch,
    what: `derivative of a choice by ${patch}`,
    compute: first((x) => where(condition(x), square(x), tf.mul(3, x))),
    expected: X.map((x) => (holds(x) ? 2 * x : 3)),
  };
}

const limit = (): Tensor => tf.tensor1d([0.3, 0.5, 0.5]);
const [above, below] = [
  (x: Tensor): Tensor => tf.greater(x, 0),
  (x: Tensor): Tensor => tf.less(x, 0.5),
];

/** Choices by comparisons, which have no gradient in stock tfjs. */
const comparisons: readonly Probe[] = [
  choice(
    "Greater",
    (x) => tf.greater(x, 0),
    (x) => x > 0,
  ),
  choice(
    "Less",
    (x) => tf.less(x, 0.5),
    (x) => x < 0.5,
  ),
  choice(
    "LessEqual",
    (x) => tf.lessEqual(x, 0.5),
    (x) => x <= 0.5,
  ),
  choice(
    "Equal",
    (x) => tf.equal(x, limit()),
    (x) => x === 0.3,
  ),
  choice(
    "NotEqual",
    (x) => tf.notEqual(x, limit()),
    (x) => x !== 0.3,
  ),
  choice(
    "LogicalAnd",
    (x) => tf.logicalAnd(above(x), below(x)),
    (x) => x > 0 && x < 0.5,
  ),
  choice(
    "LogicalOr",
    (x) => tf.logicalOr(above(x), below(x)),
    () => true,
  ),
  choice(
    "LogicalNot",
    (x) => tf.logicalNot(above(x)),
    (x) => x <= 0,
  ),
];

const ROWS = [
  [0.1, 0.9, -0.2],
  [0.5, 0.2, -0.6],
];

/** Derivative by x of `Σ f(rows, x)`, x shared by the rows. */
function shared(
  patch: string,
  f: (rows: Tensor, x: Tensor) => Tensor,
  slope: (row: number, x: number) => number,
): Probe {
  return {
    patch,
    what: `derivative of ${patch} by an operand that is broadcast`,
    compute: first((x) => f(tf.tensor2d(ROWS), x)),
    expected: X.map((x, i) => ROWS.reduce((sum, row) => sum + slope(row[i]!, x), 0)),
  };
}

type Matrix = readonly (readonly number[])[];

const MATRICES: readonly Matrix[] = [
  [
    [1, -2, 0.5],
    [0.25, 3, -1],
  ],
  [
    [0.5, 1, 2],
    [-3, 0.75, 1],
  ],
  [
    [2, -1, 0.25],
    [1, 1.5, -2],
  ],
];
const OTHER: Matrix = [
  [0.5, -1, 2],
  [1, 0.25, -0.5],
  [3, -2, 1.5],
];

/** Entry [i][j] is the derivative of the sum of all entries of A X, A over the matrices: Σ A[.][i], for every j. */
const productSlopes = OTHER.flatMap((row, i) =>
  row.map(() => MATRICES.flat().reduce((sum, a) => sum + a[i]!, 0)),
);

/** The product in the four ways to transpose, all of the same value. */
function product(p: boolean, q: boolean): Probe {
  const a = (): Tensor => {
    const t = tf.tensor3d(MATRICES as number[][][]);
    return p ? tf.transpose(t, [0, 2, 1]) : t;
  };
  return {
    patch: "BatchMatMul",
    what: `derivative of matMul by one matrix for a batch, transposed ${String(p)}, ${String(q)}`,
    compute: () => {
      const x = tf.tensor3d([OTHER as number[][]]);
      const f = (t: Tensor): Tensor =>
        tf.sum(tf.matMul(a(), q ? tf.transpose(t, [0, 2, 1]) : t, p, q));
      return tf.grad(f)(x);
    },
    expected: productSlopes,
  };
}

/** Gradients of operands that are broadcast, which stock tfjs gives the wrong shape and then refuses. */
const broadcasting: readonly Probe[] = [
  shared("Maximum", tf.maximum, (row, x) => (x > row ? 1 : 0)),
  shared("Minimum", tf.minimum, (row, x) => (x < row ? 1 : 0)),
  shared("SquaredDifference", tf.squaredDifference, (row, x) => 2 * (x - row)),
  ...[false, true].flatMap((p) => [false, true].map((q) => product(p, q))),
];

/** A stack of one tensor, whose gradient is an unstack with one output. */
const unstacking: readonly Probe[] = [
  {
    patch: "Unpack",
    what: "derivative of unstack with one output",
    compute: first((x) => unstack(stack([square(x)], 0), 0)[0]!),
    expected: X.map((x) => 2 * x),
  },
];

/** Σ (k x)² as a convolution with a filter of one weight k: its second derivative is 2 Σ x². */
const convolution: Probe = {
  patch: "Conv2DBackpropFilter",
  what: "second derivative of conv2d by its filter",
  compute: () => {
    const image = tf.tensor4d(X, [1, 3, 1, 1]);
    const f = (filter: Tensor): Tensor =>
      tf.sum(square(tf.conv2d(image, filter as tf.Tensor4D, 1, "valid")));
    const slope = tf.grad(f);
    return tf.reshape(
      tf.grad((k: Tensor) => tf.sum(slope(k)))(tf.tensor4d([0.7], [1, 1, 1, 1])),
      [1],
    );
  },
  expected: [2 * X.reduce((total, x) => total + x * x, 0)],
};

/** All probes. */
export const probes: readonly Probe[] = [
  ...savedOutputs,
  ...comparisons,
  ...broadcasting,
  convolution,
  ...unstacking,
];
