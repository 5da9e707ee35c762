// Vector-Jacobian products of composed forms, in the form of a gradient kernel.

import * as tf from "@tensorflow/tfjs";
import { separateGradients } from "../nested-gradient.js";
import type { Tensor } from "@tensorflow/tfjs";

/** Tensors by name. */
export type Named = Readonly<Record<string, Tensor>>;

/** The tensors that have entries: one that a call leaves out is passed as an empty one. */
export function givenOf(inputs: Named): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(inputs).filter(([, { size }]) => size > 0));
}

/**
 * What a gradient kernel gives: the gradient of `Σ f · dy` by each input of `names`, in order, and the value of f. Zeros
 * and `dy` itself where there are no samples.
 *
 * @param f - takes the inputs that have entries, by name
 */
export function composedGradients(
  f: (inputs: Named) => Tensor,
  inputs: Named,
  names: readonly string[],
  dy: Tensor,
): { readonly value: Tensor; readonly gradients: readonly Tensor[] } {
  if (dy.size === 0)
    return { value: dy, gradients: names.map((name) => tf.zeros(inputs[name]!.shape)) };
  const given = names.filter((name) => inputs[name]!.size > 0);
  const found = separateGradients(
    (xs) => f(Object.fromEntries(given.map((name, i) => [name, xs[i]!]))),
    given.map((name) => inputs[name]!),
    dy,
  );
  const gradients = names.map((name) => {
    const at = given.indexOf(name);
    return at < 0 ? tf.zeros(inputs[name]!.shape) : found.gradients[at]!;
  });
  return { value: found.value, gradients };
}
