// The full steady state as a case: the options of the effective one in pairs, from couplings as strong as the damping
// to weak ones, at odd sizes around the blocks of 64 samples. The composed form sets the sizes: its matrices are dense.

import { exactContract } from "../../kernels/exact-steady-state/contract.js";
import { exactSteadyState } from "../../kernels/exact-steady-state/index.js";
import { exactSteadyState as reference } from "../../kernels/exact-steady-state/reference.js";
import {
  axesOf,
  exactProblems,
  inputsOf,
  perComponent,
  PLAIN,
  slackOf,
} from "./effective-steady-state.js";
import { pairwise } from "./pairs.js";
import { takeAll } from "./plain.js";
import type { EffectiveInputs } from "../../kernels/effective-steady-state/index.js";
import type { ExactAttrs } from "../../kernels/exact-steady-state/contract.js";
import type { Inputs, KernelCase, Problem, TensorInputs } from "./case.js";
import type { Options as EffectiveOptions, Sizes } from "./effective-steady-state.js";

/** What is asked of the kernel; it has no limit. */
export type Options = Omit<EffectiveOptions, "gamma"> & {
  readonly gamma: Exclude<EffectiveOptions["gamma"], "limit">;
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

/** A problem with these inputs, in the canonical shapes of the contract. */
export function exactProblemOf(label: string, inputs: Inputs, options: Options): Problem {
  const { gamma, polarization, observe } = options;
  const axes = axesOf(options);
  const attrs: ExactAttrs = {
    gamma: typeof gamma === "number" ? gamma : null,
    polarization: typeof polarization === "number" ? polarization : null,
    observe,
  };
  const shapes = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape }]) => [name, shape]),
  );
  const solve = (method: "fused" | "composed") => (tensors: TensorInputs) =>
    exactSteadyState(tensors as unknown as EffectiveInputs, attrs, method);
  return {
    label,
    inputs,
    axes: axes.inputs,
    output: { shape: exactContract.outputShapes(shapes, attrs)[0]!, axes: axes.output },
    reference: (exact) => perComponent(options, exactProblems(exact, options).map(reference)),
    slack: () => {
      const slacks = exactProblems(inputs, options).map(slackOf);
      return perComponent(
        options,
        slacks.map((slack) => [slack, slack, slack]),
      );
    },
    fused: solve("fused"),
    composed: solve("composed"),
    part: (letter, index) =>
      exactProblemOf(
        `${label}, ${letter} = ${String(index)}`,
        takeAll(inputs, axes.inputs, letter, index),
        options,
      ),
  };
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
  const { P, B, M, N } = sizes;
  const { J, phi, gamma, polarization, observe } = options;
  const label = `P ${String(P)} B ${String(B)} M ${String(M)} N ${String(N)}, J ${J}${phi ? ", phi" : ""}, gamma ${String(gamma)}, z ${String(polarization)}, ${observe ?? "all"}`;
  return exactProblemOf(label, damped(inputsOf(seed, sizes, options)), options);
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
    value: { atol: 1e-6, rtol: 0 },
    gradient: {
      theta: { fraction: 2e-5, of: "entries", beside: ["phi"] },
      phi: { fraction: 2e-5, of: "entries", beside: ["theta"] },
      J: { fraction: 2e-5, of: "entries" },
      gamma: { fraction: 1e-6, of: "logarithm" },
      polarization: { fraction: 2e-5, of: "terms" },
    },
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
