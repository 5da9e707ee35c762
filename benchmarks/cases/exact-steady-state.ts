// The full steady state as a case: the options of the effective one in pairs, from couplings as strong as the damping
// to weak ones, at odd sizes around the blocks of 64 samples. The composed form sets the sizes: its matrices are dense.

import { exactContract } from "../../kernels/exact-steady-state/contract.js";
import { exactSteadyState } from "../../kernels/exact-steady-state/index.js";
import { exactSteadyState as reference } from "../../kernels/exact-steady-state/reference.js";
import { PLAIN } from "./effective-steady-state.js";
import { BOUNDS, inputsOf, labelOf, problemOf } from "./network-problems.js";
import { pairwise } from "./pairs.js";
import type { ExactAttrs } from "../../kernels/exact-steady-state/contract.js";
import type { Inputs, KernelCase, Problem } from "./case.js";
import type { NetworkSolver, Options as NetworkOptions, Sizes } from "./network-problems.js";

/** What is asked of the kernel; it has no limit. */
export type Options = Omit<NetworkOptions, "gamma"> & {
  readonly gamma: Exclude<NetworkOptions["gamma"], "limit">;
};

const SIZES: readonly Sizes[] = [
  { P: 1, B: 0, M: 2, N: 2 },
  { P: 1, B: 1, M: 1, N: 1 },
  { P: 1, B: 1, M: 1, N: 2 },
  { P: 2, B: 2, M: 1, N: 2 },
  { P: 1, B: 3, M: 1, N: 2 },
  { P: 1, B: 4, M: 3, N: 1 },
  { P: 1, B: 63, M: 2, N: 1 },
  { P: 1, B: 64, M: 1, N: 1 },
  { P: 2, B: 65, M: 1, N: 1 },
];

const FACTORS = {
  sizes: SIZES,
  gamma: [3, 100, 1e5, "[1, 1]", "[P, 1]", "[P, B]"],
  polarization: [1, 0.7, "[1, 1]", "[P, 1]", "[1, B]", "[P, B]"],
  observe: [null, "x", "y", "z"],
  J: ["shared", "per sample"],
  phi: [false, true],
} as const;

const SOLVER: NetworkSolver<ExactAttrs> = {
  contract: exactContract,
  attrsOf: (common) => common,
  solve: exactSteadyState,
  reference,
};

/** A problem with these inputs, in the canonical shapes of the contract. */
export function exactProblemOf(label: string, inputs: Inputs, options: Options): Problem {
  return problemOf(SOLVER, label, inputs, options);
}

/** The network of the paper: angles only, z = 1, Γ = 100. */
const PLAIN_EXACT: Options = { ...PLAIN, gamma: 100 };

/** Damping that varies is 4 and more: the composed form is float32 throughout, and loses digits below. */
function damped({ gamma, ...others }: Inputs): Inputs {
  if (gamma === undefined) return others;
  return { ...others, gamma: { ...gamma, values: gamma.values.map((x) => 4 * x) } };
}

/** A problem with random inputs. */
export function exactProblem(seed: number, sizes: Sizes, options: Options = PLAIN_EXACT): Problem {
  const inputs = damped(inputsOf(seed, sizes, options));
  return exactProblemOf(labelOf(sizes, options), inputs, options);
}

const SMOOTH: readonly (readonly [Sizes, Options])[] = [
  [
    { P: 1, B: 2, M: 1, N: 2 },
    { J: "shared", phi: true, gamma: 20, polarization: "[P, 1]", observe: null },
  ],
  [
    { P: 2, B: 3, M: 1, N: 1 },
    { J: "per sample", phi: false, gamma: "[P, B]", polarization: 0.7, observe: "z" },
  ],
  [
    { P: 1, B: 2, M: 1, N: 2 },
    { J: "per sample", phi: true, gamma: 1e5, polarization: "[P, B]", observe: null },
  ],
];

const timed: readonly (readonly [string, Sizes, Options])[] = [
  ["N = 1", { P: 1, B: 16384, M: 1, N: 1 }, PLAIN_EXACT],
  ["N = 2", { P: 1, B: 4096, M: 1, N: 2 }, PLAIN_EXACT],
  ["N = 3", { P: 1, B: 1024, M: 1, N: 3 }, PLAIN_EXACT],
  ["N = 4", { P: 1, B: 256, M: 1, N: 4 }, PLAIN_EXACT],
  ["N = 2, gamma 1000", { P: 1, B: 4096, M: 1, N: 2 }, { ...PLAIN_EXACT, gamma: 1000 }],
  ["N = 2, J per sample", { P: 1, B: 4096, M: 1, N: 2 }, { ...PLAIN_EXACT, J: "per sample" }],
  ["N = 1, gamma 10", { P: 1, B: 4096, M: 1, N: 1 }, { ...PLAIN_EXACT, gamma: 10 }],
  ["N = 2, gamma 10", { P: 1, B: 512, M: 1, N: 2 }, { ...PLAIN_EXACT, gamma: 10 }],
];

/** `kernels/exact-steady-state`. */
export const exactSteadyStateCase: KernelCase = {
  kernel: "exact-steady-state",
  contract: exactContract,
  bounds: {
    ...BOUNDS,
    // The composed form sets it: float32 matrices of the linear solve.
    second: 2e-5,
  },
  guard: 'method: "composed"',
  population: "P",
  batch: "B",
  problems: (seed = 500) =>
    pairwise(FACTORS).map(({ sizes, ...options }, i) => exactProblem(seed + i, sizes, options)),
  smooth: () => SMOOTH.map(([sizes, options], i) => exactProblem(700 + i, sizes, options)),
  split: () =>
    exactProblem(1, { P: 3, B: 257, M: 1, N: 1 }, { ...PLAIN_EXACT, polarization: "[P, 1]" }),
  sample: "one output of one sample",
  benchmarks: timed.map(([label, sizes, options]) => ({
    label,
    samples: sizes.P * sizes.B * sizes.M,
    problem: () => exactProblem(7, sizes, options),
  })),
};
