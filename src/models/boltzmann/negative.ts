// The negative phase of one update: moments of every replica by the sampler that the configuration names.

import {
  advanceChains,
  contrastiveDivergence,
  dataMoments,
  visiblePart,
} from "../../boltzmann/index.js";
import {
  anneal,
  bicliqueEmbedding,
  cliqueEmbedding,
  embedded,
  embedding,
  exactMoments,
  quantumAnneal,
  replica,
  sampleMoments,
  type Embedding,
  type HostModel,
  type IsingGraph,
  type SampleSet,
} from "../../ising/index.js";
import { stream, uniformArray } from "../../random.js";
import { seedsOf } from "../population.js";
import type { BoltzmannState } from "./state.js";
import type { BoltzmannMachine, Moments, PersistentChains } from "../../boltzmann/index.js";
import { boltzmannSchema, type AnnealerConfig, type BoltzmannConfig } from "./config.js";
import { configOfOne, type OfOne } from "../replicas.js";

/** What one negative phase gives. */
export type NegativePhase = {
  readonly moments: Moments;
  readonly chains: PersistentChains | null;
  /** `[P, chains, n]`, the samples that the moments are of; null where there are none. */
  readonly spins: Int8Array | null;
};

/** Moments of the machine at update t. `rows` are binarised data of each replica, for chains that start there. */
export type Negative = (
  state: BoltzmannState,
  t: number,
  rows: readonly Int8Array[] | null,
) => Promise<NegativePhase>;

/** The negative phase of a configuration. */
export function negativeOf(config: BoltzmannConfig): Negative {
  const { sampler, start } = config.train;
  switch (sampler) {
    case "exact":
      return ({ machine, chains }) =>
        Promise.resolve({ moments: exact(config, machine), chains, spins: null });
    case "gibbs":
      return start === "persistent" ? persistent(config) : contrastive(config);
    case "annealing":
      return independent(config, (model, { seed }) => annealed(config, model, seed));
    case "path-integral":
      return independent(config, (model, { seed }) => pathIntegral(config, model, seed));
    case "embedded":
      return onHardware(config);
  }
}

function exact({ evaluate }: BoltzmannConfig, { model, beta }: BoltzmannMachine): Moments {
  return exactMoments(model, { beta, maxSeconds: evaluate.maxSeconds });
}

function persistent({ train }: BoltzmannConfig): Negative {
  const { sweeps, estimate } = train;
  return ({ machine, chains: before }) => {
    const { state, moments } = advanceChains(machine, before!, { sweeps, estimate });
    return Promise.resolve({ moments, chains: state, spins: state.spins });
  };
}

/** CD-k, replica by replica: each from its own rows. */
function contrastive(config: BoltzmannConfig): Negative {
  const seeds = seedsOf(config);
  return ({ machine }, t, rows) => {
    const each = seeds.map((seed, p) =>
      contrastiveDivergence(single(machine, p), rows![p]!, {
        k: config.train.sweeps,
        seed,
        event: t,
      }),
    );
    return Promise.resolve({ moments: joined(each), chains: null, spins: null });
  };
}

/** One replica as a machine of its own. */
export function single(machine: BoltzmannMachine, p: number): BoltzmannMachine {
  return { ...machine, model: { ...replica(machine.model, p), batched: true } };
}

/** Which replica samples are drawn of, and with which seed. */
type Drawn = { readonly p: number; readonly seed: number };

type Sampler = (model: HostModel, drawn: Drawn) => Promise<SampleSet>;

/** Fresh samples at every update, one call for each replica with a seed of its own. */
function independent(config: BoltzmannConfig, sampler: Sampler): Negative {
  const seeds = seedsOf(config);
  return async ({ machine }, t) => {
    const { model } = machine;
    const { chains } = config.train;
    const spins = new Int8Array(seeds.length * chains * model.graph.n);
    for (const [p, seed] of seeds.entries()) {
      const { samples } = await sampler(replica(model, p), { p, seed: eventSeed(seed, t) });
      spins.set(samples, p * samples.length);
    }
    return { moments: sampledMoments(machine, spins), chains: null, spins };
  };
}

/** Hidden units count with their means given the visible ones. */
function sampledMoments(machine: BoltzmannMachine, spins: Int8Array): Moments {
  if (machine.hidden.length === 0) return sampleMoments(machine.model, spins);
  const rows = spins.length / (machine.model.population * machine.model.graph.n);
  return dataMoments(machine, visiblePart(machine, spins), rows);
}

/** A seed for the samplers that have no number of updates: 31 bits of the replica's own stream. */
export function eventSeed(seed: number, t: number): number {
  const [high, low] = uniformArray(stream(seed, "shots", t), 2);
  return Math.floor(high! * 2 ** 15) * 2 ** 16 + Math.floor(low! * 2 ** 16);
}

function annealed(
  { train: { chains }, annealer: { sweeps }, model: { beta } }: BoltzmannConfig,
  model: HostModel,
  seed: number,
): Promise<SampleSet> {
  const schedule = { kind: "linear", steps: sweeps, from: 0.1 * beta, to: beta } as const;
  return anneal(model, { chains, seed, rule: "gibbs", schedule });
}

function pathIntegral(
  { train: { chains }, annealer: { sweeps, slices }, model: { beta } }: BoltzmannConfig,
  model: HostModel,
  seed: number,
): Promise<SampleSet> {
  return quantumAnneal(model, {
    chains,
    seed,
    beta,
    slices,
    gamma: { kind: "linear", steps: sweeps },
  });
}

/** The model as hardware runs it. The learner takes the samples to be at β, as the paper does. */
function onHardware(config: BoltzmannConfig): Negative {
  let place: Embedding | undefined;
  const { annealer } = config;
  const own = (p: number): OfOne<AnnealerConfig> =>
    configOfOne(boltzmannSchema, config, p).annealer;
  const physical = annealer.physical === "annealing" ? annealed : pathIntegral;
  return independent(config, async (model, { p, seed }) => {
    place ??= embeddingOf(model.graph);
    const { beta, chainStrength, noiseBiases, noiseCouplings } = own(p);
    const { samples } = await embedded(model, {
      ...{ embedding: place, seed, beta, chainStrength },
      noise: { bias: noiseBiases, coupling: noiseCouplings },
      sampler: (hardware, { beta }) =>
        physical({ ...config, model: { ...config.model, beta } }, hardware, seed),
    });
    return samples;
  });
}

/** Chimera is its own hardware; other graphs get the patterns of their closed forms. */
export function embeddingOf(graph: IsingGraph): Embedding {
  const { lattice } = graph;
  if (lattice?.kind === "bipartite") return bicliqueEmbedding(lattice.left, lattice.right);
  if (lattice?.kind === "complete") return cliqueEmbedding(graph.n);
  return embedding(
    graph,
    graph,
    Array.from({ length: graph.n }, (_, i) => [i]),
  );
}

function joined(each: readonly Moments[]): Moments {
  const of = (key: keyof Moments): Float64Array =>
    Float64Array.from(each.flatMap((moments) => Array.from(moments[key])));
  return { magnetisations: of("magnetisations"), correlations: of("correlations") };
}
