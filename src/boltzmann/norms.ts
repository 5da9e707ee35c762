// The L1 norm between correlations of data and model (equation 13 of arXiv:1904.10573), and what it is for a perfect model that
// is judged by a finite sample.

import { checkInteger } from "../checks.js";
import { checkLength } from "./machine.js";
import { pairCount, pairIndex } from "./pairs.js";
import type { IsingGraph } from "../ising/graph.js";

/** The norm in the readings that the printed sum over `z_i, z_j ∈ V` allows. */
export type CorrelationNorm = {
  /** `Σ_{i<j} |⟨z_i z_j⟩_data − ⟨z_i z_j⟩_model|`: every pair once. */
  readonly unordered: number;
  /** Every pair twice. */
  readonly ordered: number;
  readonly perPair: number;
  /** Pairs that an edge joins. */
  readonly edges: number;
};

/**
 * The L1 norm of one model.
 *
 * @param graph - says which pairs are edges
 * @param data - `[n(n − 1)/2]`, in the order of `allPairs`
 * @param model - the same of the model
 * @throws ShapeError for other lengths
 */
export function correlationNorm(
  graph: IsingGraph,
  data: ArrayLike<number>,
  model: ArrayLike<number>,
): CorrelationNorm {
  const { n, edges } = graph;
  checkLength("correlationNorm", "data", data, pairCount(n));
  checkLength("correlationNorm", "model", model, pairCount(n));
  const distance = (pair: number): number => Math.abs(data[pair]! - model[pair]!);
  let [unordered, along] = [0, 0];
  for (let pair = 0; pair < data.length; pair++) unordered += distance(pair);
  for (let at = 0; at < edges.length; at += 2) {
    along += distance(pairIndex(n, edges[at]!, edges[at + 1]!));
  }
  return { unordered, ordered: 2 * unordered, perPair: unordered / data.length, edges: along };
}

/** Options of {@link correlationFloor}. */
export type FloorOptions = {
  /** Independent samples that the model's correlations are counted over. */
  readonly samples: number;
  /** Whether the data's are counted over as many samples too, and not exact. Default false. */
  readonly bothSampled?: boolean;
};

/**
 * What the unordered L1 norm of a perfect model is on average, by sampling alone: `Σ √(2/π) √((1 − c²)/N)`, × √2 if both
 * sides are sampled. No norm below it says anything.
 *
 * @param correlations - c of the pairs, exact
 * @param options - number of samples
 * @throws ArgumentError without a sample
 */
export function correlationFloor(
  correlations: ArrayLike<number>,
  { samples, bothSampled = false }: FloorOptions,
): number {
  checkInteger("correlationFloor", "samples", samples, 1, Number.MAX_SAFE_INTEGER);
  const variance = (bothSampled ? 2 : 1) / samples;
  const scale = Math.sqrt((2 / Math.PI) * variance);
  let sum = 0;
  for (let pair = 0; pair < correlations.length; pair++) {
    sum += scale * Math.sqrt(Math.max(0, 1 - correlations[pair]! ** 2));
  }
  return sum;
}

/**
 * Covariances `⟨z_i z_j⟩ − ⟨z_i⟩⟨z_j⟩` of all pairs: what is left of the correlations beyond what biases alone explain.
 *
 * @param magnetisations - `[n]`
 * @param correlations - `[n(n − 1)/2]`
 * @throws ShapeError for other lengths
 */
export function covariances(
  magnetisations: ArrayLike<number>,
  correlations: ArrayLike<number>,
): Float64Array {
  const n = magnetisations.length;
  checkLength("covariances", "correlations", correlations, pairCount(n));
  const out = Float64Array.from(correlations);
  let at = 0;
  for (let u = 0; u < n; u++) {
    for (let v = u + 1; v < n; v++) out[at++]! -= magnetisations[u]! * magnetisations[v]!;
  }
  return out;
}
