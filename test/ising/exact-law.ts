// Exact laws of small models by enumeration, and independent samples of them.

import { energies } from "../../src/ising/energies.js";
import { model, type HostModel } from "../../src/ising/model.js";
import { graph } from "../../src/ising/graph.js";
import { NO_INFO, sampleSet, type SampleSet } from "../../src/ising/sample-set.js";
import { stream, uniformArray } from "../../src/random.js";
import { goldenCase } from "./annealing-golden.js";

/** All states of a model with their probabilities. */
export type Law = {
  /** `[2ⁿ, n]`, flat. */
  readonly states: Int8Array;
  readonly energies: Float64Array;
  readonly probabilities: Float64Array;
  readonly logZ: number;
};

/** The law `p ∝ exp(−β E)` of a model without population. */
export function lawOf(of: HostModel, beta: number): Law {
  const { n } = of.graph;
  const states = Int8Array.from({ length: n * 2 ** n }, (_, at) =>
    (Math.floor(at / n) >> (at % n)) & 1 ? 1 : -1,
  );
  const E = energies(of, states);
  const lowest = E.reduce((a, b) => Math.min(a, b), Infinity);
  const weights = E.map((energy) => Math.exp(-beta * (energy - lowest)));
  const Z = weights.reduce((a, b) => a + b, 0);
  const logZ = Math.log(Z) - beta * lowest;
  return { states, energies: E, probabilities: weights.map((w) => w / Z), logZ };
}

/** Mean of a function of the state. */
export function mean({ states, probabilities }: Law, of: (state: Int8Array) => number): number {
  const n = states.length / probabilities.length;
  let sum = 0;
  for (const [i, p] of probabilities.entries()) sum += p * of(states.subarray(i * n, (i + 1) * n));
  return sum;
}

/** Independent samples. */
export function drawn(law: Law, rows: number, seed: number): SampleSet {
  const n = law.states.length / law.probabilities.length;
  let sum = 0;
  const cumulative = law.probabilities.map((p) => (sum += p));
  const samples = new Int8Array(rows * n);
  const rowEnergies = new Float64Array(rows);
  for (const [row, u] of uniformArray(stream(seed, "data"), rows).entries()) {
    const found = cumulative.findIndex((bound) => u < bound);
    const state = found < 0 ? cumulative.length - 1 : found;
    samples.set(law.states.subarray(state * n, (state + 1) * n), row * n);
    rowEnergies[row] = law.energies[state]!;
  }
  return sampleSet({ n, samples, energies: rowEnergies, parts: [NO_INFO] });
}

/** The golden model on four spins, and the expectations at a temperature. */
export type GoldenK4 = {
  readonly edges: readonly (readonly [number, number])[];
  readonly J: readonly number[];
  readonly b: readonly number[];
  readonly beta: number;
  readonly logZ: number;
  readonly m: readonly number[];
  readonly corr: readonly number[];
  readonly energy: number;
  readonly energy_variance: number;
  readonly ground_energy: number;
};

/** The golden expectations at β = 0.5, 1 or 2. */
export function goldenK4(beta: "0.5" | "1.0" | "2.0"): GoldenK4 {
  return goldenCase(`K4 beta=${beta}`) as GoldenK4;
}

/** The golden model on four spins. */
export const K4: HostModel = model(graph(4, goldenK4("1.0").edges), {
  biases: goldenK4("1.0").b,
  couplings: goldenK4("1.0").J,
});

/** A model by the golden rule `J_e = scale sin(e + 1)`, `b_i = 0.2 cos(i + 1)`. */
export function ruledModel(on: HostModel["graph"], scale = 0.5): HostModel {
  return model(on, {
    couplings: Float64Array.from(
      { length: on.edges.length / 2 },
      (_, e) => scale * Math.sin(e + 1),
    ),
    biases: Float64Array.from({ length: on.n }, (_, i) => 0.2 * Math.cos(i + 1)),
  });
}
