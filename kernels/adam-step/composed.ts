// A step of Adam in tf operations: any backend, derivatives of any order.

import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";
import type { AdamRates, AdamStepAttrs } from "./contract.js";

/** A rate of all replicas as a number, rates of each as `[P, 1, …]` of the rank of the parameters. */
function factor(rates: readonly AdamRates[], name: keyof AdamRates, rank: number): number | Tensor {
  if (rates.length === 1) return rates[0]![name];
  const shape = [rates.length, ...new Array<number>(rank - 1).fill(1)];
  return tf.tensor(
    rates.map((each) => each[name]),
    shape,
    "float32",
  );
}

/** `x · rate`, without an operation where all rates are 1. */
function scaled(x: Tensor, rates: readonly AdamRates[], name: keyof AdamRates): Tensor {
  return rates.every((each) => each[name] === 1) ? x : tf.mul(x, factor(rates, name, x.rank));
}

/** Parameters and both means after a step, `[P, …]` each. */
export function adamStepComposed(
  inputs: Readonly<Record<string, Tensor>>,
  { rates }: AdamStepAttrs,
): [parameters: Tensor, m: Tensor, v: Tensor] {
  const { parameters, gradient, m: m0, v: v0 } = inputs;
  const m = tf.add(scaled(m0!, rates, "decay1"), scaled(gradient!, rates, "weight1"));
  const v = tf.add(scaled(v0!, rates, "decay2"), scaled(tf.square(gradient!), rates, "weight2"));
  const root = tf.sqrt(scaled(v, rates, "unbias2"));
  const direction = tf.div(
    scaled(m, rates, "unbias1"),
    tf.add(root, factor(rates, "epsilon", m.rank)),
  );
  return [tf.add(parameters!, scaled(direction, rates, "rate")), m, v];
}
