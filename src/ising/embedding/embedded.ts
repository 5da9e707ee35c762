// The annealer as a user meets it: scaled into ranges, embedded, with errors of control, sampled at a temperature that may be
// unknown, and voted back to logical spins. The sampler is an argument.

import { ArgumentError } from "../../errors.js";
import { MAX_EVENT, stream, uniformArray } from "../../random.js";
import { energies } from "../energies.js";
import { replica, type HostModel } from "../model.js";
import { subgraph } from "../parts.js";
import { sampleSet, type SampleInfo, type SampleSet } from "../sample-set.js";
import { verifyEmbedding, type Embedding } from "./embedding.js";
import {
  scaleFactors,
  scaleModel,
  withControlNoise,
  type ControlNoise,
  type HardwareRanges,
  type Scaling,
} from "./hardware.js";
import { embedModel, type ChainStrength } from "./parameters.js";
import { chainBreakFraction, majorityVote } from "./vote.js";

/** Samples a physical model, for example `(model, { beta, seed }) => gibbs(model, { beta, seed, chains: 1000, … })`. */
export type PhysicalSampler = (
  physical: HostModel,
  settings: { readonly beta: number; readonly seed: number },
) => SampleSet | Promise<SampleSet>;

/** Options of {@link embedded}. */
export type EmbeddedOptions = {
  readonly embedding: Embedding;
  readonly sampler: PhysicalSampler;
  /**
   * Inverse temperature of the hardware, in its own units. An interval is an unknown one: a value in it, uniform in its
   * logarithm and fixed by the seed, is used and not reported. Default 1.
   */
  readonly beta?: number | { readonly from: number; readonly to: number };
  /** Default `"shrink"`. */
  readonly scaling?: Scaling;
  /** Default {@link RANGES_2000Q}. */
  readonly ranges?: HardwareRanges;
  /** In hardware units; `"rms"` follows the scaled model. Default 1. */
  readonly chainStrength?: ChainStrength;
  /** Default none. */
  readonly noise?: ControlNoise;
  /** Default 0. */
  readonly seed?: number;
  /** Counts calls with one seed, for example training steps: errors and coins are fresh for each. Default 0. */
  readonly event?: number;
};

/** What {@link embedded} returns. */
export type EmbeddedSamples = {
  /** Logical spins with their logical energies. */
  readonly samples: SampleSet;
  /** What the sampler returned: spins of the qubits in use. */
  readonly physical: SampleSet;
  /** The embedding on the qubits in use alone, which `physical` refers to. */
  readonly embedding: Embedding;
  /** Fraction of chains that were not unanimous. */
  readonly chainBreakFraction: number;
  /** `[P]`, the factor r: in logical units the samples are at β r, noise and broken chains aside. */
  readonly scale: Float64Array;
};

/**
 * Samples a logical model as an annealer would: one factor brings it into the ranges, it is embedded, its parameters get
 * errors, the sampler draws at the hardware's temperature, and chains vote.
 *
 * @param logical - on the embedding's logical graph; a population keeps its axis
 * @throws ArgumentError if the embedding is none, a parameter leaves its range, or the sampler returns other spins
 * @remarks Only qubits and couplers in use are sampled and get errors.
 */
export async function embedded(
  logical: HostModel,
  options: EmbeddedOptions,
): Promise<EmbeddedSamples> {
  const { scaling, ranges, chainStrength = 1, noise, seed = 0, event = 0 } = options;
  verifyEmbedding(options.embedding);
  const scale = scaleFactors(logical, scaling, ranges, chainStrength);
  const embedding = usedPart(options.embedding);
  const ideal = embedModel(scaleModel(logical, scale), embedding, chainStrength);
  const programmed = noise === undefined ? ideal : withControlNoise(ideal, noise, { seed, event });
  const beta = hardwareBeta(options);
  const physical = checkedSamples(await options.sampler(programmed, { beta, seed }), embedding);
  const vote = majorityVote(physical.samples, embedding, { seed, event });
  return {
    samples: logicalSamples(logical, vote.samples, physical, logicalBeta(options, scale)),
    physical: withBeta(physical, typeof options.beta === "object" ? null : beta),
    embedding,
    chainBreakFraction: chainBreakFraction(vote),
    scale,
  };
}

/** The embedding on a host of the qubits in its chains; labels say which they were. */
export function usedPart({ logical, host, chains }: Embedding): Embedding {
  const used = chains.flatMap((chain) => [...chain]).sort((a, b) => a - b);
  if (used.length === host.n) return { logical, host, chains };
  const index = new Map(used.map((qubit, i) => [qubit, i]));
  const renumbered = chains.map((chain) => chain.map((qubit) => index.get(qubit)!));
  return { logical, host: subgraph(host, used), chains: renumbered };
}

function hardwareBeta({ beta = 1, seed = 0 }: EmbeddedOptions): number {
  if (typeof beta === "number") return beta;
  const { from, to } = beta;
  if (!(from > 0 && to >= from && Number.isFinite(to))) {
    throw new ArgumentError(
      `embedded: argument \`beta\` must be an interval of positive numbers, but is from ${from} to ${to}.`,
    );
  }
  // The last event: errors of control count from 0.
  return from * (to / from) ** uniformArray(stream(seed, "problemGenerators", MAX_EVENT), 4)[0]!;
}

/** β r in logical units: one number, or one per replica; null where the hardware's β is unknown. */
function logicalBeta({ beta = 1 }: EmbeddedOptions, scale: Float64Array): SampleInfo["beta"] {
  if (typeof beta !== "number") return null;
  return scale.length === 1 ? beta * scale[0]! : Array.from(scale, (r) => beta * r);
}

function checkedSamples(physical: SampleSet, { host }: Embedding): SampleSet {
  if (physical.n === host.n) return physical;
  throw new ArgumentError(
    `embedded: argument \`sampler\` must return samples of the ${host.n} qubits in use, but returned ${physical.n} spins.`,
  );
}

function withBeta(set: SampleSet, beta: SampleInfo["beta"]): SampleSet {
  return sampleSet({ ...set, parts: set.parts.map((info) => ({ ...info, beta })) });
}

/** The rows of `physical` with logical spins and energies; diagnostics of the physical energy say nothing about these. */
function logicalSamples(
  logical: HostModel,
  samples: Int8Array,
  physical: SampleSet,
  beta: SampleInfo["beta"],
): SampleSet {
  const columns = { ...physical, n: logical.graph.n, samples };
  return sampleSet({
    ...columns,
    energies: logicalEnergies(logical, columns),
    parts: physical.parts.map((info) => ({ ...info, beta, diagnostics: null })),
  });
}

type Rows = Pick<SampleSet, "samples" | "model" | "n">;

function logicalEnergies(logical: HostModel, { samples, model, n }: Rows): Float64Array {
  const out = new Float64Array(model.length);
  for (let p = 0; p < logical.population; p++) {
    const rows = [...model.keys()].filter((row) => model[row] === p);
    const own = new Int8Array(rows.length * n);
    rows.forEach((row, at) => own.set(samples.subarray(row * n, (row + 1) * n), at * n));
    energies(replica(logical, p), own).forEach((energy, at) => (out[rows[at]!] = energy));
  }
  return out;
}
