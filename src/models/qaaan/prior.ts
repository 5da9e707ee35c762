// The prior: a Boltzmann machine on the features of the discriminator. Its graph, its samples, and its update, one replica at a
// time; parameters are rounded to float32 after every update, so that a snapshot holds all of them.

import {
  advanceChains,
  ascend,
  boltzmannMachine,
  dataMoments,
  gradient,
  persistentChains,
  withParameters,
  type BoltzmannMachine,
  type Moments,
} from "../../boltzmann/index.js";
import {
  bipartite,
  chimera,
  complete,
  sampleMoments,
  subgraph,
  type IsingGraph,
} from "../../ising/index.js";
import { drawOf, type Draw } from "./sampler.js";
import type { QaaanConfig } from "./config.js";

/** The prior of one replica. Never changed: each update makes a new one. */
export type Prior = {
  readonly machine: BoltzmannMachine;
  /** The samples that latents come from, `[chains, n]`. */
  readonly spins: Int8Array;
  /** Their moments. */
  readonly moments: Moments;
  /** Moments of the features, averaged over batches; null before the first one. */
  readonly features: Moments | null;
};

/** Where and when a prior is advanced. */
type At = { readonly seed: number; readonly t: number };

/** The graph of a configuration, one node a feature. */
export function priorGraph({
  prior: { graph, cells },
  model: { features: n },
}: QaaanConfig): IsingGraph {
  switch (graph) {
    case "complete":
      return complete(n);
    case "bipartite":
      return bipartite(Math.ceil(n / 2), Math.floor(n / 2));
    case "chimera":
      return firstNodes(cells as readonly [number, number, number], n);
  }
}

function firstNodes([rows, columns, t]: readonly [number, number, number], n: number): IsingGraph {
  const whole = chimera(rows, columns, t);
  if (whole.n === n) return whole;
  const kept = Array.from({ length: n }, (_, i) => i);
  return subgraph(whole, kept, `first ${n} nodes of ${whole.name}`);
}

/** Biases and couplings 0. */
export function emptyMachine(config: QaaanConfig): BoltzmannMachine {
  return boltzmannMachine(priorGraph(config), { beta: config.prior.beta });
}

/** The prior before the first step: nothing learned, random spins. */
export function initialPrior(config: QaaanConfig, seed: number): Prior {
  const machine = emptyMachine(config);
  const { chains } = config.prior;
  const { spins } = persistentChains(machine, { chains, seed });
  return { machine, spins, moments: sampleMoments(machine.model, spins), features: null };
}

/** Whether step t updates the prior. */
function isDue({ prior: { frozen, start, every } }: QaaanConfig, t: number): boolean {
  return !frozen && t >= start && (t - start) % every === 0;
}

/** The steps of one configuration's priors. */
export type PriorSteps = {
  /** Samples for step t: chains go on at every step, an annealer draws again where the prior has changed. */
  advance(prior: Prior, at: At): Promise<Prior>;
  /** Takes in the features of step t, `[rows, n]`, and updates the parameters where that is due. */
  learn(prior: Prior, features: Int8Array, at: At): Promise<Prior>;
};

/** The steps of a configuration's priors. */
export function priorSteps(config: QaaanConfig): PriorSteps {
  const { decay, steps } = config.prior;
  const draw = drawOf(config);
  const advance = (prior: Prior, { seed, t }: At, k: number): Promise<Prior> =>
    draw === null
      ? Promise.resolve(sweptPrior(config, prior, seed, t * steps + k))
      : redrawn(prior, draw, seed, t * steps + k);
  const changed = (t: number): boolean => t === 0 || (t > 0 && isDue(config, t - 1));
  return {
    advance: (prior, at) =>
      draw === null || changed(at.t) ? advance(prior, at, 0) : Promise.resolve(prior),
    async learn(prior, features, at) {
      const seen = { ...prior, features: averaged(prior, features, decay, at.t) };
      if (!isDue(config, at.t)) return seen;
      let next = updated(config, seen);
      for (let k = 1; k < steps; k++) next = updated(config, await advance(next, at, k));
      return next;
    },
  };
}

/** Sweeps have numbers of their own in every update of every step. */
function sweptPrior(config: QaaanConfig, prior: Prior, seed: number, event: number): Prior {
  const { chains, sweeps } = config.prior;
  const state = { spins: prior.spins, chains, seeds: [seed], sweep: event * sweeps };
  const { state: end, moments } = advanceChains(prior.machine, state, { sweeps });
  return { ...prior, spins: end.spins, moments };
}

async function redrawn(prior: Prior, draw: Draw, seed: number, event: number): Promise<Prior> {
  const spins = await draw(prior.machine, seed, event);
  return { ...prior, spins, moments: sampleMoments(prior.machine.model, spins) };
}

/** `decay` times the old moments and the rest of the new ones; a plain mean of the first few. */
function averaged(
  { machine, features: before }: Prior,
  rows: Int8Array,
  decay: number,
  t: number,
): Moments {
  const now = dataMoments(machine, rows);
  if (before === null) return rounded(now);
  const keep = Math.min(decay, t / (t + 1));
  const mix = (old: Float64Array, fresh: Float64Array): Float64Array =>
    old.map((value, i) => keep * value + (1 - keep) * fresh[i]!);
  return rounded({
    magnetisations: mix(before.magnetisations, now.magnetisations),
    correlations: mix(before.correlations, now.correlations),
  });
}

/** One step up the likelihood of the features (equations 11 and 12). */
function updated({ prior: { rate } }: QaaanConfig, prior: Prior): Prior {
  const { machine, moments, features } = prior;
  const slope = gradient(machine, features!, moments);
  const { model } = ascend(machine, slope, { rate }).machine;
  const next = withParameters(
    machine,
    model.biases.map(Math.fround),
    model.couplings.map(Math.fround),
  );
  return { ...prior, machine: next };
}

function rounded({ magnetisations, correlations }: Moments): Moments {
  return {
    magnetisations: magnetisations.map(Math.fround),
    correlations: correlations.map(Math.fround),
  };
}

/** Mean |⟨z_u z_v⟩_features − ⟨z_u z_v⟩_prior| along the edges of the prior. */
export function edgeDistance({ moments: { correlations }, features }: Prior): number {
  if (features === null) return NaN;
  const sum = correlations.reduce((a, c, e) => a + Math.abs(features.correlations[e]! - c), 0);
  return sum / correlations.length;
}
