// The sums over all states as a case: no tensor inputs, so that a problem is a population of models of n spins by seed.

import { splitContract } from "../../kernels/ising-split/contract.js";
import { splitRows } from "../../kernels/ising-split/index.js";
import { referenceSplit } from "../../kernels/ising-split/reference.js";
import { philoxNormals } from "../../kernels/philox/reference.js";
import type { SplitModel } from "../../kernels/ising-split/contract.js";
import type { KernelCase, Problem } from "./case.js";

/** Spins and models: around the twelve inner spins, the sixteen that are the least of the kernel, and odd numbers. */
const SIZES = [
  [1, 3],
  [2, 1],
  [7, 0],
  [12, 2],
  [13, 3],
  [16, 2],
  [17, 1],
] as const;

/** Hot, and so cold that one state has nearly all of the weight. */
const STRENGTHS = [0.2, 3];

function modelOf(seed: number, n: number, strength: number): SplitModel {
  const couplings = new Float64Array(n * n);
  philoxNormals(seed, 21, n * n).forEach((x, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    if (j < i) couplings[at] = couplings[j * n + i] = strength * x;
  });
  return { n, couplings, biases: philoxNormals(seed, 22, n).map((x) => strength * x) };
}

function problem(label: string, n: number, models: readonly SplitModel[]): Problem {
  return {
    label,
    inputs: {},
    axes: {},
    output: { shape: [models.length, 1 + n + n ** 2], axes: "Pm" },
    reference: () =>
      Float64Array.from(
        models.flatMap((model) => {
          const { logZ, spins, pairs } = referenceSplit(model);
          return [logZ, ...spins, ...pairs];
        }),
      ),
    fused: () => splitRows({ n, models }),
    part: (_letter, index) => problem(label, n, [models[index]!]),
  };
}

function population(seed: number, n: number, count: number): Problem {
  const models = Array.from({ length: count }, (_, p) =>
    modelOf(seed + p, n, STRENGTHS[p % STRENGTHS.length]!),
  );
  return problem(`n ${n}, population ${count}`, n, models);
}

/** `kernels/ising-split`. */
export const isingSplitCase: KernelCase = {
  kernel: "ising-split",
  contract: splitContract,
  // Of the output as float32; test/kernels/ising-split.test.ts has the float64 of the host form.
  bounds: { value: { atol: 1e-7, rtol: 1e-7 }, gradient: {}, second: 0 },
  population: "P",
  batch: "P",
  problems: (seed = 1) => SIZES.map(([n, count]) => population(seed, n, count)),
  smooth: () => [],
  split: () => population(1, 17, 1),
  sample: "one state",
  benchmarks: [18, 24, 28].map((n) => ({
    label: `complete(${n})`,
    samples: 2 ** n,
    problem: () => problem(`complete(${n})`, n, [modelOf(1, n, 0.2)]),
  })),
};
