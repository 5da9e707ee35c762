// Correlations of all pairs of units, whether an edge joins them or not: exact, or with the little noise that a mean given the
// neighbours leaves. What they are compared by is in norms.ts.

import { checkInteger } from "../checks.js";
import { localFields, rowsOf, type SpinArray } from "../ising/energies.js";
import { exactCost } from "../ising/exact/cost.js";
import { exactMoments, type ExactOptions } from "../ising/exact/exact.js";
import { edgeCount } from "../ising/graph.js";
import { replica, type HostModel } from "../ising/model.js";

/** This many times 1/β holds a spin up: its other weight underflows to 0. */
const HELD = 500;

/** Number of unordered pairs of n units. */
export function pairCount(n: number): number {
  return (n * (n - 1)) / 2;
}

/**
 * The unordered pairs of n units, flat, in the order of all pair arrays here: that of the edges of `ising.complete(n)`.
 *
 * @param n - units
 * @returns `[2 · n(n − 1)/2]`
 */
export function allPairs(n: number): Int32Array {
  checkInteger("allPairs", "n", n, 1, 2 ** 15);
  const pairs = new Int32Array(2 * pairCount(n));
  let at = 0;
  for (let u = 0; u < n; u++) {
    for (let v = u + 1; v < n; v++) {
      pairs[at++] = u;
      pairs[at++] = v;
    }
  }
  return pairs;
}

/** Place of the pair u < v among all pairs of n units. */
export function pairIndex(n: number, u: number, v: number): number {
  return u * n - (u * (u + 1)) / 2 + v - u - 1;
}

/** What {@link exactPairs} costs: seconds for each replica on one core. */
export function exactPairsSeconds(of: HostModel): number {
  const { graph } = of;
  const { seconds } = exactCost(graph, { maxSeconds: Infinity });
  return edgeCount(graph) === pairCount(graph.n) ? seconds : seconds * (graph.n + 1);
}

/**
 * Exact `⟨s_i s_j⟩` of all pairs. Where no edge joins a pair it is found by holding one of them up:
 * `⟨s_i s_j⟩ = (1 + m_i) ⟨s_j⟩_{s_i = 1} − m_j`.
 *
 * @param of - a model of arrays
 * @param options - β, a number, and limits, which hold for each of the n + 1 sums of a replica
 * @returns `[P, n(n − 1)/2]`
 * @throws ArgumentError with cost and alternative if the graph is too wide for exact methods
 */
export function exactPairs(
  of: HostModel,
  options: Omit<ExactOptions, "beta"> & { readonly beta?: number } = {},
): Float64Array {
  const { n } = of.graph;
  const { magnetisations, correlations } = exactMoments(of, options);
  if (edgeCount(of.graph) === pairCount(n)) return correlations;
  const out = new Float64Array(of.population * pairCount(n));
  for (let p = 0; p < of.population; p++) {
    const held = exactMoments(heldUp(replica(of, p), options.beta ?? 1), options).magnetisations;
    const m = magnetisations.subarray(p * n, (p + 1) * n);
    for (let u = 0; u < n; u++) {
      for (let v = u + 1; v < n; v++) {
        const value = (1 + m[u]!) * held[u * n + v]! - m[v]!;
        out[p * pairCount(n) + pairIndex(n, u, v)] = value;
      }
    }
  }
  return out;
}

/** A population of n models: in model i unit i is held up. */
function heldUp(of: HostModel, beta: number): HostModel {
  const { n } = of.graph;
  const biases = new Float64Array(n * n);
  const couplings = new Float64Array(n * of.couplings.length);
  for (let i = 0; i < n; i++) {
    biases.set(of.biases, i * n);
    biases[i * n + i]! += HELD / beta;
    couplings.set(of.couplings, i * of.couplings.length);
  }
  return {
    graph: of.graph,
    population: n,
    batched: true,
    offset: new Float64Array(n),
    biases,
    couplings,
  };
}

/**
 * Correlations of all pairs, counted over rows.
 *
 * @param of - a model of arrays: its graph and population
 * @param spins - `[rows, n]`, `[P, rows, n]` for a population, flat
 * @returns `[P, n(n − 1)/2]`
 * @throws ShapeError if the spins do not fit the model
 */
export function sampledPairs(of: HostModel, spins: SpinArray): Float64Array {
  return pairMeans("sampledPairs", of, spins, spins);
}

/**
 * The same with conditional means `t_i = tanh(β F_i)`: `t_i t_j` for a pair without an edge, which are independent given all
 * others, and `(s_i t_j + t_i s_j)/2` along edges. Less noise; equal in the mean where the samples come from the model at
 * this β, elsewhere biased towards the model.
 *
 * @param of - the model that the samples come from
 * @param spins - `[rows, n]`, `[P, rows, n]` for a population, flat
 * @param beta - inverse temperature of the samples. Default 1
 * @returns `[P, n(n − 1)/2]`
 * @throws ShapeError if the spins do not fit the model
 */
export function raoBlackwellPairs(of: HostModel, spins: SpinArray, beta = 1): Float64Array {
  const means = localFields(of, spins);
  for (let at = 0; at < means.length; at++) means[at] = Math.tanh(beta * means[at]!);
  const out = pairMeans("raoBlackwellPairs", of, means, means);
  const { n, edges } = of.graph;
  const along = edgeMeans(of, spins, means);
  for (let p = 0; p < of.population; p++) {
    for (let e = 0; e < edgeCount(of.graph); e++) {
      const pair = pairIndex(n, edges[2 * e]!, edges[2 * e + 1]!);
      out[p * pairCount(n) + pair] = along[p * edgeCount(of.graph) + e]!;
    }
  }
  return out;
}

/** Products of all pairs of entries of each row, averaged; a row is added while it is in the nearest cache. */
function pairMeans(
  where: string,
  of: HostModel,
  values: ArrayLike<number>,
  spins: SpinArray,
): Float64Array {
  const { n } = of.graph;
  const rows = rowsOf(where, of, spins);
  const width = pairCount(n);
  const out = new Float64Array(of.population * width);
  for (let r = 0; r < of.population * rows; r++) {
    let at = Math.floor(r / rows) * width;
    for (let u = 0; u < n; u++) {
      const own = values[r * n + u]!;
      for (let v = u + 1; v < n; v++) out[at++]! += own * values[r * n + v]!;
    }
  }
  return out.map((sum) => sum / rows);
}

function edgeMeans(of: HostModel, spins: SpinArray, means: Float64Array): Float64Array {
  const { n, edges } = of.graph;
  const count = edgeCount(of.graph);
  const rows = means.length / (of.population * n);
  const out = new Float64Array(of.population * count);
  for (let r = 0; r < of.population * rows; r++) {
    const p = Math.floor(r / rows);
    for (let e = 0; e < count; e++) {
      const [u, v] = [r * n + edges[2 * e]!, r * n + edges[2 * e + 1]!];
      out[p * count + e]! += (spins[u]! * means[v]! + means[u]! * spins[v]!) / (2 * rows);
    }
  }
  return out;
}
