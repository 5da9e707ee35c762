// Exact thermal averages, samples and ground states of small or narrow models: the public door of the exact methods.

import { checkInteger } from "../../checks.js";
import { stream, uniformArray } from "../../random.js";
import { replica } from "../model.js";
import { betas } from "./beta.js";
import { chooseMethod, secondsOf } from "./cost.js";
import { eliminateAll } from "./elimination.js";
import { drawSamples, marginals, stateOf } from "./marginals.js";
import { split, splitLog } from "./split.js";
import type { HostModel } from "../model.js";
import type { Beta } from "./beta.js";
import type { ExactCost, ExactLimits } from "./cost.js";
import type { Eliminated } from "./elimination.js";
import type { Marginals } from "./marginals.js";

/** Options of the exact methods. */
export type ExactOptions = ExactLimits & {
  /** Inverse temperature. Default 1. */
  readonly beta?: Beta;
};

/** Exact averages of `p(s) ∝ exp(−β E(s))`. */
export type ExactMoments = Marginals & {
  /** ln Σ exp(−β E), `[P]`. */
  readonly logZ: Float64Array;
  /** ⟨E⟩ = −∂ logZ / ∂β, `[P]`. */
  readonly energies: Float64Array;
  /** `[P, n]`. */
  readonly magnetisations: Float64Array;
  /** ⟨s_u s_v⟩ of the edges, `[P, E]`. */
  readonly correlations: Float64Array;
  readonly cost: ExactCost;
};

/**
 * Exact averages.
 *
 * @param of - a model of arrays, with or without population axis
 * @param options - β and limits
 * @returns logZ, energies, magnetisations and edge correlations, for each replica
 * @throws ArgumentError with cost and alternative if the graph is too wide for exact methods
 * @remarks Cost: see {@link exactCost}; for chimera(4, 4, 4) and complete(28) under 0.5 s.
 */
export function exactMoments(of: HostModel, options: ExactOptions = {}): ExactMoments {
  const beta = betas("exactMoments", of, options.beta ?? 1);
  const { cost, plan } = chooseMethod("exactMoments", of.graph, options);
  const each = Array.from(beta, (betaOfOne, p) => {
    const one = replica(of, p);
    if (plan === undefined)
      return { ...split("exactMoments", one, betaOfOne, secondsOf(options)), model: one };
    const eliminated = eliminateAll(one, plan, betaOfOne, "sum");
    return { logZ: eliminated.logWeight, ...marginals(of.graph, eliminated), model: one };
  });
  return {
    logZ: Float64Array.from(each, ({ logZ }) => logZ),
    energies: Float64Array.from(each, (one) => meanEnergy(one.model, one)),
    magnetisations: joined(each.map((one) => one.magnetisations)),
    correlations: joined(each.map((one) => one.correlations)),
    cost,
  };
}

/**
 * `ln Σ exp(−β E)` of each replica, without moments: half the time of {@link exactMoments}, or a third.
 *
 * @param of - a model of arrays
 * @param options - β and limits
 * @returns `[P]`
 * @throws ArgumentError with cost and alternative if the graph is too wide for exact methods
 */
export function logPartition(of: HostModel, options: ExactOptions = {}): Float64Array {
  const beta = betas("logPartition", of, options.beta ?? 1);
  const { plan } = chooseMethod("logPartition", of.graph, options);
  return beta.map((betaOfOne, p) =>
    plan === undefined
      ? splitLog("logPartition", replica(of, p), betaOfOne, secondsOf(options))
      : eliminateAll(replica(of, p), plan, betaOfOne, "sum").logWeight,
  );
}

/** Options of {@link exactSamples}. */
export type ExactSamplesOptions = ExactOptions & {
  /** Samples of each replica. */
  readonly rows: number;
  /** Replica p has seed + p. */
  readonly seed: number;
};

/**
 * Independent samples of the thermal distribution, to test samplers with and to start them from.
 *
 * @param of - a model of arrays
 * @param options - rows and seed; β and limits
 * @returns `[P, rows, n]` of ±1, flat; a row does not depend on how many follow
 * @throws ArgumentError with cost and alternative if the graph is too wide for elimination
 */
export function exactSamples(of: HostModel, options: ExactSamplesOptions): Int8Array {
  const { rows, seed } = options;
  checkInteger("exactSamples", "rows", rows, 0, 2 ** 30);
  checkInteger("exactSamples", "seed", seed, -(2 ** 31), 2 ** 31 - of.population);
  const beta = betas("exactSamples", of, options.beta ?? 1);
  const { plan } = chooseMethod("exactSamples", of.graph, { ...options, method: "elimination" });
  const { n } = of.graph;
  const out = new Int8Array(of.population * rows * n);
  beta.forEach((betaOfOne, p) => {
    const eliminated = eliminateAll(replica(of, p), plan!, betaOfOne, "sum");
    const uniforms = uniformArray(stream(seed + p, "generation"), rows * n);
    drawSamples(eliminated, uniforms, out.subarray(p * rows * n, (p + 1) * rows * n));
  });
  return out;
}

/** Options of {@link groundStates}. */
export type GroundStatesOptions = Omit<ExactLimits, "method"> & {
  /** Most states listed for each replica. Default 1000. */
  readonly limit?: number;
};

/** States of lowest energy. */
export type GroundStates = {
  /** `[P]`. */
  readonly energies: Float64Array;
  /** For each replica `[states, n]` of ±1, flat. */
  readonly states: readonly Int8Array[];
  /** Whether all states of lowest energy are listed, for each replica. */
  readonly complete: readonly boolean[];
};

/**
 * The states of lowest energy.
 *
 * @param of - a model of arrays
 * @param options - how many states at most, and limits
 * @throws ArgumentError with cost and alternative if the graph is too wide for elimination
 * @remarks Energies closer than 1e-10 of the largest possible one count as equal.
 */
export function groundStates(of: HostModel, options: GroundStatesOptions = {}): GroundStates {
  const { limit = 1000 } = options;
  checkInteger("groundStates", "limit", limit, 1, 2 ** 24);
  const { plan } = chooseMethod("groundStates", of.graph, { ...options, method: "elimination" });
  const each = Array.from({ length: of.population }, (_, p) => {
    const one = replica(of, p);
    const eliminated = eliminateAll(one, plan!, 1, "max");
    return { energy: -eliminated.logWeight, ...listStates(eliminated, tieOf(one), limit) };
  });
  return {
    energies: Float64Array.from(each, ({ energy }) => energy),
    states: each.map(({ states }) => states),
    complete: each.map(({ complete }) => complete),
  };
}

function tieOf({ biases, couplings }: HostModel): number {
  const size = (values: Float64Array): number => values.reduce((sum, x) => sum + Math.abs(x), 0);
  return 1e-10 * (size(biases) + size(couplings));
}

/** Walks down the elimination, both ways where both signs are as good. */
function listStates(
  { plan, table }: Eliminated,
  tie: number,
  limit: number,
): { states: Int8Array; complete: boolean } {
  const { steps } = plan;
  const n = steps.length;
  const tables = steps.map((_, at) => table(at));
  const found: Int8Array[] = [];
  const pending = [{ from: n - 1, spins: new Int8Array(n) }];
  let complete = true;
  for (let branch = pending.pop(); branch !== undefined; branch = pending.pop()) {
    const { from, spins } = branch;
    for (let at = from; at >= 0; at--) {
      const { node, scope } = steps[at]!;
      const gap = tables[at]![stateOf(scope, spins, 0)]!;
      spins[node] = gap < -tie ? -1 : 1;
      if (Math.abs(gap) > tie) continue;
      const other = spins.slice();
      other[node] = -1;
      if (found.length + pending.length + 1 < limit) pending.push({ from: at - 1, spins: other });
      else complete = false;
    }
    found.push(spins);
  }
  const states = new Int8Array(found.length * n);
  found.forEach((state, row) => states.set(state, row * n));
  return { states, complete };
}

function meanEnergy(of: HostModel, { magnetisations, correlations }: Marginals): number {
  const dot = (a: Float64Array, b: Float64Array): number =>
    a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  return of.offset[0]! - dot(of.biases, magnetisations) - dot(of.couplings, correlations);
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
