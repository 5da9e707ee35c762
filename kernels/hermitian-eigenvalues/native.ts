// Eigenvalues and eigenvectors on the backend `tensorflow` where tensors lie on a GPU: TensorFlow's own, in complex float64.

import * as tf from "@tensorflow/tfjs";
import { withOperations } from "../runtime/tensorflow/operations.js";
import { adjoint, hermitianPart, product } from "./composed.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { NativeForm } from "../runtime/tensorflow/define.js";
import type { Pair } from "./composed.js";
import type { EigenvaluesAttrs } from "./contract.js";

const REAL = { T: "complex128", Tout: "float64" } as const;

/** Eigenvalues `[B, n]` in rising order and, where wanted, eigenvectors as columns `[B, n, n]`, of finite matrices. */
function eigenvectorsOf({ re, im }: Pair, vectors: boolean): Tensor[] {
  return withOperations(({ of, run, tensor }) => {
    const [A] = run("Complex", { T: "float64", Tout: "complex128" }, [of(re), of(im)]);
    const [values, columns] = run(
      "SelfAdjointEigV2",
      { compute_v: vectors, T: "complex128" },
      [A!],
      2,
    );
    const parts = [run("Real", REAL, [values!])];
    if (vectors) parts.push(run("Real", REAL, [columns!]), run("Imag", REAL, [columns!]));
    return parts.map(([id]) => tensor(id!));
  });
}

/** What is added to a result, `[B]`: 0, or not-a-number where a matrix has an entry that is not finite. */
function brokenOf(a: Tensor): Tensor {
  return tf.sum(tf.mul(0, a), [1, 2, 3]);
}

/** The same for any matrices `[B, 2, n, n]`: the library refuses a batch with one that is not finite. */
function eigen(a: Tensor, vectors: boolean): { readonly values: Tensor; readonly V: Pair | null } {
  const broken = brokenOf(a);
  const finite = tf.reshape(tf.equal(broken, 0), [-1, 1, 1]);
  const A = hermitianPart(a);
  const kept = (x: Tensor): Tensor => tf.where(finite, x, tf.zerosLike(x));
  const [values, re, im] = eigenvectorsOf({ re: kept(A.re), im: kept(A.im) }, vectors);
  const marked = (x: Tensor): Tensor => tf.add(x, tf.reshape(broken, [-1, 1, 1]));
  return {
    values: tf.add(values!, tf.expandDims(broken, 1)),
    V: vectors ? { re: marked(re!), im: marked(im!) } : null,
  };
}

/** Squared components of the same size up to rounding count as one, as on the host. */
const TIED = 1 - 1e-9;

/** Columns times phases that make the first of their largest components real and positive. */
function withPhases({ re, im }: Pair): Pair {
  const n = re.shape[1]!;
  const size = tf.add(tf.square(re), tf.square(im));
  const large = tf.greaterEqual(size, tf.mul(TIED, tf.max(size, 1, true)));
  // The first has the largest rank of them.
  const ranks = Array.from({ length: n }, (_, i) => n - i);
  const rank = tf.mul(tf.cast(large, "float32"), tf.tensor3d(ranks, [1, n, 1]));
  const first = tf.cast(tf.equal(rank, tf.max(rank, 1, true)), "float32");
  const chosen = (x: Tensor): Tensor => tf.sum(tf.mul(first, x), 1, true);
  const [x, y] = [chosen(re), chosen(im)];
  const length = tf.sqrt(tf.add(tf.square(x), tf.square(y)));
  const [c, s] = [tf.div(x, length), tf.div(y, length)];
  return {
    re: tf.add(tf.mul(re, c), tf.mul(im, s)),
    im: tf.sub(tf.mul(im, c), tf.mul(re, s)),
  };
}

const stacked = ({ re, im }: Pair): Tensor => tf.stack([re, im], 1);

/** Form of `ZenoHermitianEigenvalues`. */
export const eigenvaluesNative: NativeForm<EigenvaluesAttrs> = {
  by: "native",
  double: true,
  run: ({ a }) => [eigen(a!, false).values],
};

/** Form of `ZenoHermitianEigenvaluesGrad`. */
export const eigenvaluesGradNative: NativeForm<EigenvaluesAttrs> = {
  by: "native",
  double: true,
  run: ({ a, dvalues }) => {
    const V = eigen(a!, true).V!;
    const weight = tf.expandDims(dvalues!, 1);
    const weighted = { re: tf.mul(V.re, weight), im: tf.mul(V.im, weight) };
    return [stacked(product(weighted, adjoint(V)))];
  },
};

/** Form of `ZenoHermitianEigenvectors`. */
export const eigenvectorsNative: NativeForm<EigenvaluesAttrs> = {
  by: "native",
  double: true,
  run: ({ a }) => {
    const { values, V } = eigen(a!, true);
    return [values, stacked(withPhases(V!))];
  },
};
