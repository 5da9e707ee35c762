// The evolution of a Lindblad equation as a case: random dense operators and states, one to three jumps, some times.

import * as tf from "@tensorflow/tfjs";
import { evolutionContract } from "../../kernels/lindblad-evolution/contract.js";
import { evolutionComposed, lindbladEvolution } from "../../kernels/lindblad-evolution/index.js";
import { evolutionReference } from "../../kernels/lindblad-evolution/reference.js";
import { normals, takeAll } from "./plain.js";
import type { ExactInputs, Inputs, KernelCase, Plain, Problem, TensorInputs } from "./case.js";

/** B samples of dimension n with K jump operators, and the times. */
type Sizes = readonly [B: number, n: number, K: number, times: readonly number[]];

const SIZES: readonly Sizes[] = [
  [1, 2, 1, [0, 0.5]],
  [0, 2, 2, [0, 0.5]],
  [3, 2, 2, [0, 0.1, 0.2, 0.7]],
  [2, 3, 1, [0.3, 0.6]],
  [1, 3, 3, [0, 0.1, 0.3]],
  [1, 4, 1, [0, 0.1]],
];

const AXES = { H: "Bcij", jumps: "BKcij", rho0: "Bcij" };

function referenceOf({ H, jumps, rho0 }: ExactInputs, times: readonly number[]): Float64Array {
  const [B, K, , n] = jumps!.shape as [number, number, 2, number, number];
  const one = 2 * n * n;
  const matrix = ({ values }: ExactInputs[string], at: number): Float64Array =>
    Float64Array.from({ length: one }, (_, i) => values[at * one + i]!);
  const states = new Float64Array(B * times.length * one);
  for (let s = 0; s < B; s++) {
    const operators = Array.from({ length: K }, (_, k) => matrix(jumps!, s * K + k));
    let [rho, before] = [matrix(rho0!, s), times[0]!];
    times.forEach((t, i) => {
      rho = evolutionReference(matrix(H!, s), operators, rho, n, t - before);
      before = t;
      states.set(rho, (s * times.length + i) * one);
    });
  }
  return states;
}

function fused({ H, jumps, rho0 }: TensorInputs, times: readonly number[]): tf.Tensor {
  const [B, , n] = H!.shape as [number, 2, number, number];
  const observables = tf.zeros([B, 0, 2, n, n]);
  const inputs = { H: H!, jumps: jumps!, rho0: rho0!, observables };
  const attrs = { times, scheme: "expm" as const, store: true, maxSteps: 1e5 };
  return lindbladEvolution(inputs, { ...attrs, rtol: 1e-6, atol: 1e-8, step: 1 }).states;
}

function problemOf(label: string, inputs: Inputs, times: readonly number[]): Problem {
  const [B, , n] = inputs["H"]!.shape as [number, number, number];
  return {
    label,
    inputs,
    axes: AXES,
    output: { shape: [B, times.length, 2, n, n], axes: "Btdkl" },
    reference: (exact) => referenceOf(exact, times),
    fused: (tensors) => tf.tidy(() => fused(tensors, times)),
    composed: (tensors) =>
      tf.tidy(() => {
        if (B === 0) return fused(tensors, times);
        return evolutionComposed(tensors["H"]!, tensors["jumps"]!, tensors["rho0"]!, times);
      }),
    part: (letter, index) =>
      problemOf(`${label}, sample ${String(index)}`, takeAll(inputs, AXES, letter, index), times),
  };
}

/** Hermitian matrices `[B, 2, n, n]` of normal numbers; `trace` 1 if wanted. */
function hermitian(seed: number, B: number, n: number, state: boolean): Plain {
  const { shape, values } = normals([seed, 1], [B, 2, n, n]);
  const part = values.map((x, at) => {
    const [i, j] = [Math.floor(at / n) % n, at % n];
    const partner = values[at - i * n - j + j * n + i]!;
    const real = Math.floor(at / (n * n)) % 2 === 0;
    const mean = (x + (real ? 1 : -1) * partner) / 2;
    return state ? 0.1 * mean : mean;
  });
  if (state) normalise(part, B, n);
  return { shape, values: part };
}

/** Diagonals to the sum 1. */
function normalise(values: Float32Array, B: number, n: number): void {
  for (let b = 0; b < B; b++) {
    const at = (i: number): number => 2 * b * n * n + i * (n + 1);
    const trace = Array.from({ length: n }, (_, i) => values[at(i)]!).reduce((x, y) => x + y);
    for (let i = 0; i < n; i++) values[at(i)]! += (1 - trace) / n;
  }
}

function problem(seed: number, [B, n, K, times]: Sizes): Problem {
  const inputs = {
    H: hermitian(seed, B, n, false),
    jumps: normals([seed, 2], [B, K, 2, n, n]),
    rho0: hermitian(seed + 1000, B, n, true),
  };
  const label = `B ${String(B)} n ${String(n)} K ${String(K)} t ${times.join(" ")}`;
  return problemOf(label, inputs, times);
}

const timed: readonly Sizes[] = [
  [1024, 2, 1, [0, 1]],
  [256, 4, 2, [0, 1]],
  [32, 8, 2, [0, 1]],
  [4, 16, 2, [0, 1]],
];

/** `kernels/lindblad-evolution`. */
export const lindbladEvolutionCase: KernelCase = {
  kernel: "lindblad-evolution",
  contract: evolutionContract,
  // The composed form sets them: its superoperator is assembled in float32.
  bounds: {
    value: { atol: 2e-6, rtol: 0 },
    gradient: {
      H: { fraction: 2e-5, of: "entries", beside: ["jumps"] },
      jumps: { fraction: 2e-5, of: "entries" },
      rho0: { fraction: 2e-5, of: "entries" },
    },
    second: 1e-4,
  },
  guard: 'form: "composed"',
  batch: "B",
  problems: (seed = 700) => SIZES.map((sizes, i) => problem(seed + i, sizes)),
  smooth: () => [problem(750, [2, 2, 2, [0, 0.3]]), problem(751, [1, 3, 1, [0, 0.2, 0.5]])],
  split: () => problem(6, [65, 4, 2, [0, 0.2]]),
  sample: "one trajectory",
  benchmarks: timed.map((sizes) => ({
    label: `n = ${String(sizes[1])}`,
    samples: sizes[0],
    problem: () => problem(12, sizes),
  })),
};
