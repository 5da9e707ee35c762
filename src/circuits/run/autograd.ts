// Expectation values of a program whose first derivative is the kernel's and whose higher derivatives are those of tf
// operations: the fused gradient is tied to the composed one, which is computed only when it is differentiated.

import * as tf from "@tensorflow/tfjs";
import {
  circuitExpectation,
  circuitValueAndGradients,
  type CircuitInputs,
  type GateProgram,
  type PauliWord,
} from "../../../kernels/circuit/index.js";
import type { Tensor } from "@tensorflow/tfjs";

type List = readonly Tensor[];

/** The inputs that have entries as a list, and back: tfjs has no gradients by empty tensors. */
type Layout = {
  readonly list: readonly Tensor[];
  readonly inputsOf: (list: List) => CircuitInputs;
  /** Which of shared, sample, re, im are in the list. */
  readonly used: readonly number[];
};

function layoutOf({ shared, sample, initial }: CircuitInputs): Layout {
  const all = initial === undefined ? [shared, sample] : [shared, sample, initial.re, initial.im];
  const used = all.flatMap(({ size }, i) => (size > 0 ? [i] : []));
  const shapes = all.map(({ shape }) => shape);
  const inputsOf = (list: List): CircuitInputs => {
    // Empty ones are made anew: the backward pass comes when those given are gone.
    const [a, b, re, im] = shapes.map((shape, i) =>
      used.includes(i) ? list[used.indexOf(i)]! : tf.zeros(shape),
    );
    const start = re && im && { initial: { re, im } };
    return { shared: a!, sample: b!, ...start };
  };
  return { list: used.map((i) => all[i]!), inputsOf, used };
}

/** Tensors flat, one after another; and taken apart again. */
function packed(parts: List): Tensor {
  return tf.concat(parts.map((part) => tf.reshape(part, [part.size])));
}

function unpacked(flat: Tensor, like: List): Tensor[] {
  let start = 0;
  return like.map(({ shape, size }) => {
    const own = tf.slice(flat, [start], [size]);
    start += size;
    return tf.reshape(own, shape);
  });
}

/** The value, tied to tensors that it may not depend on: tfjs refuses gradients by these. */
function tied(value: Tensor, list: List): Tensor {
  const nothing = list.map((own) => tf.mul(0, tf.sum(own))).reduce((a, b) => tf.add(a, b));
  return tf.add(value, nothing);
}

type Save = (tensors: Tensor[]) => void;

/** What tf.customGrad gives its function: the tensors, and what keeps them for the backward pass. */
function given(args: readonly unknown[]): { readonly tensors: Tensor[]; readonly save: Save } {
  return { tensors: args.slice(0, -1) as Tensor[], save: args.at(-1) as Save };
}

/**
 * Differentiates inside of a backward pass. tfjs has one tape, which an inner pass without an outer function being
 * differentiated would empty and end.
 */
function onOwnTape<T>(differentiate: () => T): T {
  const { state } = tf.engine();
  const tape = state.activeTape;
  try {
    return differentiate();
  } finally {
    state.activeTape = tape;
  }
}

/** `⟨P_w⟩` for each word, `[P, B, words]`: fused value and first derivative, any further derivative composed. */
export function differentiableExpectation(
  inputs: CircuitInputs,
  program: GateProgram,
  words: readonly PauliWord[],
): Tensor {
  const { list: own, inputsOf, used } = layoutOf(inputs);
  const composed = (...list: Tensor[]): Tensor =>
    tied(circuitExpectation(inputsOf(list), program, words, "composed"), list);
  const fusedGradients = (list: List, dy: Tensor): Tensor[] => {
    const { shared, sample, initial } = circuitValueAndGradients(inputsOf(list), dy, program, words); // prettier-ignore
    const all = [shared, sample, initial.re, initial.im];
    return used.map((i) => all[i]!);
  };
  const composedGradients = (...all: Tensor[]): Tensor => {
    const list = all.slice(0, -1);
    return tied(packed(tf.grads(composed)(list, all.at(-1))), all);
  };
  const gradients = tf.customGrad((...args) => {
    const { tensors, save } = given(args);
    save(tensors);
    return {
      value: packed(fusedGradients(tensors.slice(0, -1), tensors.at(-1)!)),
      gradFunc: (dy: Tensor, saved: Tensor[]) =>
        onOwnTape(() => tf.grads(composedGradients)(saved, dy)),
    };
  });
  const value = tf.customGrad((...args) => {
    const { tensors, save } = given(args);
    save(tensors);
    return {
      value: circuitExpectation(inputsOf(tensors), program, words, "fused"),
      gradFunc: (dy: Tensor, saved: Tensor[]) => unpacked(gradients(...saved, dy), saved),
    };
  });
  return own.length === 0 ? circuitExpectation(inputs, program, words, "fused") : value(...own);
}
