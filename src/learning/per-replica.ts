// Settings that replicas may have in common or each for itself, and how they meet tensors of a population.

import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";

/** One number for all replicas, or a list of one for each. */
export type PerReplica = number | readonly number[];

/** The number of replica p. */
export function valueOf(values: PerReplica, p: number): number {
  return typeof values === "number" ? values : values[p]!;
}

/** f of every number, in the same form. */
export function mapped(values: PerReplica, f: (value: number) => number): PerReplica {
  return typeof values === "number" ? f(values) : values.map(f);
}

/**
 * What a tensor `[P, …]` is multiplied with: the number itself, which costs nothing more than it did, or `[P, 1, …]`.
 * Both give a replica the same bits.
 *
 * @param rank - of the tensor
 */
export function factor(values: PerReplica, rank: number): number | Tensor {
  if (typeof values === "number") return values;
  return tf.tensor([...values], [values.length, ...new Array<number>(rank - 1).fill(1)], "float32");
}
