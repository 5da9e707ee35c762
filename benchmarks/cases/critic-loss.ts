// The losses of a critic as a case: widths around the lanes, one to three hidden layers, batches around the blocks of 64
// samples, both penalties. Biases keep units on and off; slopes lie on both sides of 1.

import { criticLossContract, parameterCount } from "../../kernels/critic-loss/contract.js";
import { criticLoss } from "../../kernels/critic-loss/index.js";
import { criticLossReference } from "../../kernels/critic-loss/reference.js";
import { pairwise } from "./pairs.js";
import { normals, takeAll } from "./plain.js";
import type { CriticLossAttrs } from "../../kernels/critic-loss/contract.js";
import type { ExactInputs, Inputs, KernelCase, Problem, TensorInputs } from "./case.js";

const AXES = { parameters: "Pk", points: "Pcbd" };

type Sizes = {
  readonly P: number;
  readonly B: number;
  readonly d: number;
  readonly hidden: readonly number[];
};

function referenceOf({ parameters, points }: ExactInputs, attrs: CriticLossAttrs): Float64Array {
  const [P, kinds, B, d] = points!.shape as [number, number, number, number];
  const [k, x] = [Array.from(parameters!.values), Array.from(points!.values)];
  const K = parameters!.shape[1]!;
  const point = (p: number, kind: number, b: number): number[] => {
    const at = ((p * kinds + kind) * B + b) * d;
    return x.slice(at, at + d);
  };
  return Float64Array.from(
    Array.from({ length: P }, (_, p) => {
      const own = Array.from({ length: kinds }, (__, kind) =>
        Array.from({ length: B }, (___, b) => point(p, kind, b)),
      );
      return criticLossReference(k.slice(p * K, (p + 1) * K), own, attrs);
    }).flat(),
  );
}

function problemOf(label: string, inputs: Inputs, attrs: CriticLossAttrs): Problem {
  const solve =
    (method: "fused" | "composed") =>
    ({ parameters, points }: TensorInputs) =>
      criticLoss(parameters!, points!, { ...attrs, method });
  return {
    label,
    inputs,
    axes: AXES,
    output: { shape: [inputs["points"]!.shape[0]!, 3], axes: "Po" },
    reference: (exact) => referenceOf(exact, attrs),
    fused: solve("fused"),
    composed: solve("composed"),
    part: (letter, index) =>
      problemOf(`${label}, replica ${String(index)}`, takeAll(inputs, AXES, letter, index), attrs),
  };
}

/** Normal points, and parameters of the size at which slopes are about 1. */
function problem(
  seed: number,
  { P, B, d, hidden }: Sizes,
  penalty: CriticLossAttrs["penalty"],
): Problem {
  const label = `P ${String(P)}, B ${String(B)}, d ${String(d)}, hidden [${hidden.join(", ")}], ${penalty}`;
  const widths = hidden.reduce((sum, width) => sum + width, 0) / hidden.length;
  const parameters = normals([seed, 1], [P, parameterCount(d, hidden)]);
  const scale = 1.5 / Math.sqrt(widths);
  const inputs = {
    parameters: { ...parameters, values: parameters.values.map((x) => scale * x) },
    points: normals([seed, 2], [P, 3, B, d]),
  };
  return problemOf(label, inputs, { hidden, penalty });
}

const FACTORS = {
  P: [1, 3],
  B: [1, 3, 9],
  d: [1, 2, 5],
  hidden: [[1], [4], [3, 5], [8, 2], [6, 4, 3]],
  penalty: ["oneSided", "twoSided"],
} as const;

/** One beyond a block of samples. */
const BEYOND: Sizes = { P: 1, B: 65, d: 2, hidden: [5, 3] };
const EMPTY: Sizes = { P: 0, B: 3, d: 1, hidden: [4] };
/** The critic of the hybrid QGAN. */
const paper = (P: number): Sizes => ({ P, B: 64, d: 1, hidden: [64, 64] });

/** `kernels/critic-loss`. */
export const criticLossCase: KernelCase = {
  kernel: "critic-loss",
  contract: criticLossContract,
  bounds: {
    value: { atol: 1e-6, rtol: 2e-6 },
    gradient: {
      parameters: { fraction: 1e-5, of: "entries" },
      points: { fraction: 1e-5, of: "entries" },
    },
    second: 1e-5,
  },
  guard: 'method: "composed"',
  population: "P",
  // Samples are averaged: replicas are what a call has many of.
  batch: "P",
  problems: (seed = 400) => [
    ...pairwise(FACTORS).map(({ penalty, ...sizes }, i) => problem(seed + i, sizes, penalty)),
    problem(seed + 100, BEYOND, "oneSided"),
    problem(seed + 101, EMPTY, "twoSided"),
  ],
  smooth: () => [
    problem(500, { P: 1, B: 2, d: 1, hidden: [3] }, "twoSided"),
    problem(501, { P: 2, B: 3, d: 2, hidden: [4, 3] }, "oneSided"),
  ],
  split: () => problem(3, { P: 5, B: 70, d: 2, hidden: [24, 20] }, "oneSided"),
  sample: "one replica of the 64-64 critic, batch 64",
  benchmarks: [1, 10, 64].map((P) => ({
    label: `P ${String(P)}`,
    samples: P,
    problem: () => problem(9, paper(P), "oneSided"),
  })),
};
