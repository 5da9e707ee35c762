// A step of Adam as a case: lengths around the lanes and one beyond a block, rates in common and of each replica. Second
// means lie above 0, where their root has derivatives. A step is linear in the parameters: second derivatives are tried on
// squares of its results.

import { adamStepContract, type AdamRates } from "../../kernels/adam-step/contract.js";
import { adamStep } from "../../kernels/adam-step/index.js";
import { adamStepReference } from "../../kernels/adam-step/reference.js";
import * as tf from "@tensorflow/tfjs";
import { normals, takeAll, uniforms } from "./plain.js";
import type { ExactInputs, Inputs, KernelCase, Problem, TensorInputs } from "./case.js";

const AXES = { parameters: "Pn", gradient: "Pn", m: "Pn", v: "Pn" };

/** P replicas of n parameters, and whether each has rates of its own. */
type Sizes = readonly [P: number, n: number, own: boolean];

/** What is made of the results. */
type Power = 1 | 2;

/** Rates far from each other, the same for a replica whoever else there is. */
function ratesOf(replica: number): AdamRates {
  const [beta1, beta2, t] = [0.5 + 0.05 * (replica % 8), 0.9 - 0.01 * (replica % 5), 2 + replica];
  return {
    ...{ decay1: beta1, weight1: 1 - beta1, unbias1: 1 / (1 - beta1 ** t) },
    ...{ decay2: beta2, weight2: 1 - beta2, unbias2: 1 / (1 - beta2 ** t) },
    ...{ epsilon: 0.01 * (1 + replica), rate: 0.3 - 0.1 * replica },
  };
}

function referenceOf(inputs: ExactInputs, rates: readonly AdamRates[], power: Power): Float64Array {
  const [P, n] = inputs["parameters"]!.shape as [number, number];
  const out = new Float64Array(3 * P * n);
  for (let p = 0; p < P; p++)
    for (let i = 0; i < n; i++) {
      const of = (name: string): number => inputs[name]!.values[p * n + i]!;
      const before = { x: of("parameters"), m: of("m"), v: of("v") };
      const { x, m, v } = adamStepReference(before, of("gradient"), rates[p] ?? rates[0]!);
      [x, m, v].forEach((value, k) => (out[(3 * p + k) * n + i] = value ** power));
    }
  return out;
}

function problemOf(
  label: string,
  inputs: Inputs,
  rates: readonly AdamRates[],
  power: Power,
): Problem {
  const [P, n] = inputs["parameters"]!.shape as [number, number];
  const form =
    (method: "fused" | "composed") =>
    ({ parameters, gradient, m, v }: TensorInputs) =>
      tf.tidy(() => {
        const given = { parameters: parameters!, gradient: gradient!, m: m!, v: v! };
        const next = adamStep(given, rates, method);
        const all = tf.stack([next.parameters, next.m, next.v], 1);
        return power === 1 ? all : tf.square(all);
      });
  return {
    label,
    inputs,
    axes: AXES,
    output: { shape: [P, 3, n], axes: "Pon" },
    reference: (exact) => referenceOf(exact, rates, power),
    fused: form("fused"),
    composed: form("composed"),
    part: (letter, index) =>
      problemOf(
        `${label}, replica ${String(index)}`,
        takeAll(inputs, AXES, letter, index),
        [rates[index] ?? rates[0]!],
        power,
      ),
  };
}

function problem(seed: number, [P, n, own]: Sizes, power: Power = 1): Problem {
  const shape = [P, n];
  const inputs = {
    parameters: normals([seed, 1], shape),
    gradient: normals([seed, 2], shape),
    m: normals([seed, 3], shape),
    v: uniforms([seed, 4], shape, (u) => 0.2 + u),
  };
  const rates = own ? Array.from({ length: P }, (_, p) => ratesOf(p)) : [ratesOf(0)];
  return problemOf(
    `P ${String(P)}, n ${String(n)}${own ? ", own rates" : ""}`,
    inputs,
    rates,
    power,
  );
}

const SIZES: readonly Sizes[] = [
  [1, 1, false],
  [0, 3, false],
  [3, 0, true],
  [3, 5, true],
  [3, 5, false],
  [2, 8, true],
  [1, 13, true],
];

/** `kernels/adam-step`. */
export const adamStepCase: KernelCase = {
  kernel: "adam-step",
  contract: adamStepContract,
  bounds: {
    value: { atol: 1e-6, rtol: 1e-6 },
    gradient: Object.fromEntries(
      Object.keys(AXES).map((name) => [name, { fraction: 1e-5, of: "entries" } as const]),
    ),
    second: 1e-5,
  },
  population: "P",
  batch: "P",
  problems: (seed = 900) => SIZES.map((sizes, i) => problem(seed + i, sizes)),
  smooth: () => [problem(950, [2, 3, true], 2), problem(951, [1, 2, false], 2)],
  // Longer than some blocks.
  split: () => problem(8, [4, 4101, false]),
  sample: "one parameter",
  benchmarks: [1, 64].map((P) => ({
    label: `P ${String(P)}, n 4417`,
    samples: P * 4417,
    problem: () => problem(14, [P, 4417, P > 1]),
  })),
};
