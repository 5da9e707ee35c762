// The effective steady state as a case: all its options in pairs at odd sizes around the blocks of 256 samples.

import { effectiveContract } from "../../kernels/effective-steady-state/contract.js";
import { effectiveSteadyState } from "../../kernels/effective-steady-state/index.js";
import { effectiveSteadyState as reference } from "../../kernels/effective-steady-state/reference.js";
import { BOUNDS, inputsOf, labelOf, problemOf } from "./network-problems.js";
import { pairwise } from "./pairs.js";
import type { EffectiveAttrs } from "../../kernels/effective-steady-state/contract.js";
import type { Inputs, KernelCase, Problem } from "./case.js";
import type { NetworkSolver, Options, Sizes } from "./network-problems.js";

/** The network of the paper: angles only, z = 1. */
export const PLAIN: Options = {
  J: "shared",
  phi: false,
  gamma: 100,
  polarization: 1,
  observe: null,
};

const SIZES: readonly Sizes[] = [
  { P: 1, B: 0, M: 2, N: 2 },
  { P: 1, B: 1, M: 1, N: 1 },
  { P: 3, B: 1, M: 2, N: 4 },
  { P: 1, B: 2, M: 1, N: 3 },
  { P: 2, B: 3, M: 2, N: 2 },
  { P: 1, B: 4, M: 3, N: 1 },
  { P: 3, B: 5, M: 1, N: 2 },
  { P: 1, B: 63, M: 2, N: 1 },
  { P: 1, B: 255, M: 1, N: 2 },
  { P: 1, B: 256, M: 1, N: 3 },
  { P: 2, B: 257, M: 2, N: 1 },
];

const FACTORS = {
  sizes: SIZES,
  gamma: ["limit", 1, 1e5, "[1, 1]", "[P, 1]", "[1, B]", "[P, B]"],
  polarization: [1, 0.7, "[1, 1]", "[P, 1]", "[1, B]", "[P, B]"],
  observe: [null, "x", "y", "z"],
  J: ["shared", "per sample"],
  phi: [false, true],
} as const;

const SOLVER: NetworkSolver<EffectiveAttrs> = {
  contract: effectiveContract,
  attrsOf: (common, { gamma }) => ({ ...common, limit: gamma === "limit" }),
  solve: effectiveSteadyState,
  reference,
};

/** A problem with these inputs, in the canonical shapes of the contract. */
export function effectiveProblemOf(label: string, inputs: Inputs, options: Options): Problem {
  return problemOf(SOLVER, label, inputs, options);
}

/** A problem with random inputs. */
export function effectiveProblem(seed: number, sizes: Sizes, options: Options = PLAIN): Problem {
  return effectiveProblemOf(labelOf(sizes, options), inputsOf(seed, sizes, options), options);
}

const SMOOTH: readonly Options[] = [
  { J: "shared", phi: true, gamma: "[P, B]", polarization: "[P, 1]", observe: null },
  { J: "per sample", phi: false, gamma: "limit", polarization: 0.7, observe: "z" },
  { J: "per sample", phi: true, gamma: 1e5, polarization: "[P, B]", observe: null },
  // Far beyond the range of the bounds, where denominators would leave float32.
  { J: "shared", phi: false, gamma: 1e8, polarization: 0.7, observe: "x" },
];

const timed: readonly (readonly [string, Sizes, Options])[] = [
  ["N = 1", { P: 1, B: 65536, M: 1, N: 1 }, PLAIN],
  ["N = 2", { P: 1, B: 65536, M: 1, N: 2 }, PLAIN],
  ["N = 4", { P: 1, B: 65536, M: 1, N: 4 }, PLAIN],
  ["N = 2, limit", { P: 1, B: 65536, M: 1, N: 2 }, { ...PLAIN, gamma: "limit" }],
  [
    "N = 2, z = 0.7, phi",
    { P: 1, B: 65536, M: 1, N: 2 },
    { ...PLAIN, phi: true, polarization: 0.7 },
  ],
  ["N = 2, J per sample", { P: 1, B: 65536, M: 1, N: 2 }, { ...PLAIN, J: "per sample" }],
  ["DQGAN, 10 replicas of 8 heads", { P: 10, B: 512, M: 8, N: 2 }, { ...PLAIN, observe: "z" }],
];

/** `kernels/effective-steady-state`. */
export const effectiveSteadyStateCase: KernelCase = {
  kernel: "effective-steady-state",
  contract: effectiveContract,
  // Worst fractions of these bounds over four sets of seeds, both backends and forms: value 0.65, angles 0.7 but for
  // single samples whose gradient is accidentally small, J 0.07, polarization 0.4, gamma 0.45, second 0.1.
  bounds: { ...BOUNDS, second: 1e-5 },
  guard: 'method: "composed"',
  population: "P",
  batch: "B",
  problems: (seed = 100) =>
    pairwise(FACTORS).map(({ sizes, ...options }, i) => effectiveProblem(seed + i, sizes, options)),
  smooth: () =>
    SMOOTH.map((options, i) => effectiveProblem(300 + i, { P: 2, B: 3, M: 2, N: 2 }, options)),
  split: () =>
    effectiveProblem(1, { P: 3, B: 1025, M: 2, N: 2 }, { ...PLAIN, polarization: "[P, 1]" }),
  sample: "one output of one sample",
  benchmarks: timed.map(([label, sizes, options]) => ({
    label,
    samples: sizes.P * sizes.B * sizes.M,
    problem: () => effectiveProblem(7, sizes, options),
  })),
};
