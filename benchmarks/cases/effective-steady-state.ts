// The effective steady state as a case: all its options in pairs at odd sizes around the blocks of 256 samples.

import { effectiveContract } from "../../kernels/effective-steady-state/contract.js";
import { effectiveSteadyState } from "../../kernels/effective-steady-state/index.js";
import {
  effectiveEquation,
  effectiveSteadyState as reference,
  uniqueness,
} from "../../kernels/effective-steady-state/reference.js";
import { pairwise } from "./pairs.js";
import { normals, takeAll, uniforms } from "./plain.js";
import type { Component, EffectiveAttrs } from "../../kernels/effective-steady-state/contract.js";
import type { EffectiveProblem } from "../../kernels/effective-steady-state/reference.js";
import type { EffectiveInputs } from "../../kernels/effective-steady-state/composed.js";
import type { ExactInputs, Inputs, KernelCase, Plain, Problem, TensorInputs } from "./case.js";

/** P population rows, B samples, M outputs, N inputs. */
export type Sizes = {
  readonly P: number;
  readonly B: number;
  readonly M: number;
  readonly N: number;
};

/** How a rate is given: a number, or a tensor whose axes say over what it varies. */
type Rate = number | "[1, 1]" | "[P, 1]" | "[1, B]" | "[P, B]";

/** What is asked of the kernel. */
export type Options = {
  readonly J: "shared" | "per sample";
  readonly phi: boolean;
  /** Γ, or the limit, which has none. */
  readonly gamma: Rate | "limit";
  readonly polarization: Rate;
  readonly observe: Component | null;
};

/** The network of the paper: angles only, z = 1. */
export const PLAIN: Options = {
  J: "shared",
  phi: false,
  gamma: 100,
  polarization: 1,
  observe: null,
};

const COMPONENTS = ["x", "y", "z"];

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

function rateShape(rate: Exclude<Rate, number>, { P, B }: Sizes): number[] {
  return [rate.startsWith("[P") ? P : 1, rate.endsWith("B]") ? B : 1];
}

function isTensor(rate: Rate | "limit"): rate is Exclude<Rate, number> {
  return typeof rate === "string" && rate !== "limit";
}

/** Angles uniform on the sphere's coordinates, J normal, Γ from 1 to 1e5, and z from -1 to 1 with the end among them. */
export function inputsOf(
  seed: number,
  sizes: Sizes,
  { J, phi, gamma, polarization }: Options,
): Inputs {
  const { P, B, M, N } = sizes;
  const logarithmic = (shape: number[]): Plain => uniforms([seed, 4], shape, (u) => 10 ** (5 * u));
  // Shared by everything it is 1, where the kernel leaves out what mixes.
  const signed = (shape: number[]): Plain =>
    uniforms([seed, 5], shape, (u) => (polarization === "[1, 1]" || u < 0.2 ? 1 : 2.5 * (u - 0.6)));
  return {
    theta: uniforms([seed, 1], [P, B, N], (u) => Math.PI * u),
    ...(phi && { phi: uniforms([seed, 2], [P, B, N], (u) => 2 * Math.PI * u) }),
    J: normals([seed, 3], [P, ...(J === "shared" ? [] : [B]), M, N, 3, 3]),
    ...(isTensor(gamma) && { gamma: logarithmic(rateShape(gamma, sizes)) }),
    ...(isTensor(polarization) && { polarization: signed(rateShape(polarization, sizes)) }),
  };
}

/** Letters of the axes. */
export function axesOf({ J, observe }: Options): {
  inputs: Record<string, string>;
  output: string;
} {
  return {
    inputs: {
      theta: "PBN",
      phi: "PBN",
      J: J === "shared" ? "PMNkl" : "PBMNkl",
      gamma: "PB",
      polarization: "PB",
    },
    output: observe === null ? "PBMc" : "PBM",
  };
}

/** Entry [p, b] of a rate, which varies over neither axis, one or both. */
function rateAt(
  rate: ExactInputs[string] | undefined,
  value: number,
  p: number,
  b: number,
): number {
  if (rate === undefined) return value;
  const [rows, samples] = rate.shape as [number, number];
  return rate.values[(rows > 1 ? p : 0) * samples + (samples > 1 ? b : 0)]!;
}

function couplings(J: ExactInputs[string], at: number, N: number): number[][][] {
  const entry = (n: number, k: number, l: number): number =>
    J.values[9 * (at * N + n) + 3 * k + l]!;
  return Array.from({ length: N }, (_, n) =>
    [0, 1, 2].map((k) => [0, 1, 2].map((l) => entry(n, k, l))),
  );
}

/** The float64 problem of each population row, sample and output, in the order of the kernel's output. */
export function exactProblems(inputs: ExactInputs, options: Options): EffectiveProblem[] {
  const { J, gamma, polarization } = options;
  const [P, B, N] = inputs["theta"]!.shape as [number, number, number];
  const M = inputs["J"]!.shape.at(-4)!;
  const number = (rate: Rate): number => (typeof rate === "number" ? Math.fround(rate) : NaN);
  const problems: EffectiveProblem[] = [];
  for (let row = 0; row < P * B; row++) {
    const [p, b] = [Math.floor(row / B), row % B];
    const angles = (name: string): number[] =>
      Array.from({ length: N }, (_, n) => inputs[name]?.values[row * N + n] ?? 0);
    const sample = {
      theta: angles("theta"),
      phi: angles("phi"),
      gamma: gamma === "limit" ? Infinity : rateAt(inputs["gamma"], number(gamma), p, b),
      polarization: rateAt(inputs["polarization"], number(polarization), p, b),
    };
    for (let m = 0; m < M; m++) {
      const at = (J === "shared" ? p : row) * M + m;
      problems.push({ ...sample, J: couplings(inputs["J"]!, at, N) });
    }
  }
  return problems;
}

/** One number for each component that is observed. */
export function perComponent(
  { observe }: Options,
  vectors: readonly (readonly number[])[],
): Float64Array {
  if (observe === null) return Float64Array.from(vectors.flat());
  const component = COMPONENTS.indexOf(observe);
  return Float64Array.from(vectors, (r) => r[component]!);
}

/** `Σ |d_n| / |Σ d_n|`: by how much the mean field h of several inputs loses to cancellation. */
function cancellation({ theta, phi, J }: EffectiveProblem): number {
  const fields = theta.map((angle, n) => {
    const input = { theta: [angle], phi: [phi?.[n] ?? 0], J: [J[n]!], gamma: 1, polarization: 1 };
    return effectiveEquation(input).h;
  });
  const total = [0, 1, 2].map((l) => fields.reduce((sum, d) => sum + d[l]!, 0));
  return fields.reduce((sum, d) => sum + Math.hypot(...d), 0) / Math.hypot(...total);
}

/** Rounding enters r with a factor 1/u, u being the figure of uniqueness, and h with one of `cancellation`. */
export function slackOf(problem: EffectiveProblem): number {
  return Math.max(1, 0.1 / uniqueness(problem), 0.1 * cancellation(problem));
}

/** A problem with these inputs, in the canonical shapes of the contract. */
export function effectiveProblemOf(label: string, inputs: Inputs, options: Options): Problem {
  const { gamma, polarization, observe } = options;
  const axes = axesOf(options);
  const attrs: EffectiveAttrs = {
    limit: gamma === "limit",
    gamma: typeof gamma === "number" ? gamma : null,
    polarization: typeof polarization === "number" ? polarization : null,
    observe,
  };
  const shapes = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape }]) => [name, shape]),
  );
  const solve = (method: "fused" | "composed") => (tensors: TensorInputs) =>
    effectiveSteadyState(tensors as unknown as EffectiveInputs, attrs, method);
  return {
    label,
    inputs,
    axes: axes.inputs,
    output: { shape: effectiveContract.outputShapes(shapes, attrs)[0]!, axes: axes.output },
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
      effectiveProblemOf(
        `${label}, ${letter} = ${String(index)}`,
        takeAll(inputs, axes.inputs, letter, index),
        options,
      ),
  };
}

/** A problem with random inputs. */
export function effectiveProblem(seed: number, sizes: Sizes, options: Options = PLAIN): Problem {
  const { P, B, M, N } = sizes;
  const { J, phi, gamma, polarization, observe } = options;
  const label = `P ${String(P)} B ${String(B)} M ${String(M)} N ${String(N)}, J ${J}${phi ? ", phi" : ""}, gamma ${String(gamma)}, z ${String(polarization)}, ${observe ?? "all"}`;
  return effectiveProblemOf(label, inputsOf(seed, sizes, options), options);
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
  bounds: {
    value: { atol: 1e-6, rtol: 0 },
    gradient: {
      theta: { fraction: 2e-5, of: "entries", beside: ["phi"] },
      phi: { fraction: 2e-5, of: "entries", beside: ["theta"] },
      J: { fraction: 2e-5, of: "entries" },
      gamma: { fraction: 1e-6, of: "logarithm" },
      polarization: { fraction: 2e-5, of: "terms" },
    },
    second: 1e-5,
  },
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
