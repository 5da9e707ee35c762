// Problems of the dissipative network as cases have them: the options in which the effective and the exact steady state agree,
// random inputs, and a problem that either of them solves. Their sizes and bounds are the cases' own.

import {
  effectiveEquation,
  uniqueness,
  type EffectiveProblem,
} from "../../kernels/effective-steady-state/reference.js";
import { normals, takeAll, uniforms } from "./plain.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Component } from "../../kernels/effective-steady-state/contract.js";
import type {
  EffectiveInputs,
  EffectiveMethod,
} from "../../kernels/effective-steady-state/index.js";
import type { ExactAttrs } from "../../kernels/exact-steady-state/contract.js";
import type { KernelContract } from "../../kernels/runtime/define.js";
import type { Bounds, ExactInputs, Inputs, Plain, Problem, TensorInputs } from "./case.js";

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

const COMPONENTS = ["x", "y", "z"];

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
function axesOf({ J, observe }: Options): {
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
function exactProblems(inputs: ExactInputs, options: Options): EffectiveProblem[] {
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
function perComponent({ observe }: Options, vectors: readonly (readonly number[])[]): Float64Array {
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
function slackOf(problem: EffectiveProblem): number {
  return Math.max(1, 0.1 / uniqueness(problem), 0.1 * cancellation(problem));
}

/** What solves problems of the network: in both forms, and in float64. */
export type NetworkSolver<Attrs extends ExactAttrs> = {
  readonly contract: KernelContract<Attrs>;
  /** The attributes of the kernel, beside those that both steady states have. */
  attrsOf(common: ExactAttrs, options: Options): Attrs;
  solve(inputs: EffectiveInputs, attrs: Attrs, method: EffectiveMethod): Tensor;
  reference(problem: EffectiveProblem): readonly number[];
};

/** The attributes that both steady states have. */
function commonAttrs({ gamma, polarization, observe }: Options): ExactAttrs {
  return {
    gamma: typeof gamma === "number" ? gamma : null,
    polarization: typeof polarization === "number" ? polarization : null,
    observe,
  };
}

/** A problem with these inputs, in the canonical shapes of the contract. */
export function problemOf<Attrs extends ExactAttrs>(
  solver: NetworkSolver<Attrs>,
  label: string,
  inputs: Inputs,
  options: Options,
): Problem {
  const axes = axesOf(options);
  const attrs = solver.attrsOf(commonAttrs(options), options);
  const shapes = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape }]) => [name, shape]),
  );
  const solve = (method: EffectiveMethod) => (tensors: TensorInputs) =>
    solver.solve(tensors as unknown as EffectiveInputs, attrs, method);
  return {
    label,
    inputs,
    axes: axes.inputs,
    output: { shape: solver.contract.outputShapes(shapes, attrs)[0]!, axes: axes.output },
    reference: (exact) =>
      perComponent(options, exactProblems(exact, options).map(solver.reference)),
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
      problemOf(
        solver,
        `${label}, ${letter} = ${String(index)}`,
        takeAll(inputs, axes.inputs, letter, index),
        options,
      ),
  };
}

/** Sizes and options, for messages. */
export function labelOf({ P, B, M, N }: Sizes, options: Options): string {
  const { J, phi, gamma, polarization, observe } = options;
  return `P ${String(P)} B ${String(B)} M ${String(M)} N ${String(N)}, J ${J}${phi ? ", phi" : ""}, gamma ${String(gamma)}, z ${String(polarization)}, ${observe ?? "all"}`;
}

/** Allowed errors but for the second derivative. */
export const BOUNDS: Omit<Bounds, "second"> = {
  value: { atol: 1e-6, rtol: 0 },
  gradient: {
    theta: { fraction: 2e-5, of: "entries", beside: ["phi"] },
    phi: { fraction: 2e-5, of: "entries", beside: ["theta"] },
    J: { fraction: 2e-5, of: "entries" },
    gamma: { fraction: 1e-6, of: "logarithm" },
    polarization: { fraction: 2e-5, of: "terms" },
  },
};
