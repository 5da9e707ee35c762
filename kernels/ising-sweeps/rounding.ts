// Exact mode: couplings and biases as integers, so that fields are the same on every machine, and the thresholds that
// replace the exponential. What is drawn is compared with integers alone.

import type { SweepModel, SweepRule } from "./contract.js";

/** Largest |k| of a rounded coupling: products with it are exact even in TF32. */
const LARGEST = 2 ** 11;

/** Entries of one table at most. */
export const MOST_ENTRIES: number = 2 ** 22;

/** One replica in integers: coupling = `unit` · integer. */
export type IntegerModel = {
  /** `[n]` by node and `[edges]`, without a common divisor. */
  readonly biases: Float64Array;
  readonly couplings: Float64Array;
  readonly unit: number;
  /** No field is larger than this. */
  readonly largestField: number;
  /** Largest change that rounding made to a bias or coupling. */
  readonly rounding: number;
};

/** Rounds replica p to multiples of 2^−q with the finest q for which couplings stay below 2^11. */
export function integerModel(model: SweepModel, p: number): IntegerModel {
  const { n } = model.graph;
  const edges = model.graph.edges.length / 2;
  const given = {
    biases: model.biases.subarray(p * n, (p + 1) * n),
    couplings: model.couplings.subarray(p * edges, (p + 1) * edges),
  };
  const scale = 2 ** exponentFor(largest(given.couplings) || largest(given.biases));
  const biases = given.biases.map((x) => Math.round(x * scale));
  const couplings = given.couplings.map((x) => Math.round(x * scale));
  const rounding = Math.max(
    largest(biases.map((k, i) => k / scale - given.biases[i]!)),
    largest(couplings.map((k, e) => k / scale - given.couplings[e]!)),
  );
  const divisor = commonDivisor(commonDivisor(0, biases), couplings) || 1;
  const integers = {
    biases: biases.map((k) => k / divisor),
    couplings: couplings.map((k) => k / divisor),
  };
  const largestField = largest(rowSums(model, integers.biases, integers.couplings));
  return { ...integers, unit: divisor / scale, largestField, rounding };
}

/** q = ⌊log₂(2048 / largest)⌋, 0 for a model of zeros. */
function exponentFor(largestCoupling: number): number {
  return largestCoupling === 0 ? 0 : Math.floor(Math.log2(LARGEST / largestCoupling));
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}

function commonDivisor(start: number, values: Float64Array): number {
  let divisor = start;
  for (const value of values) {
    let rest = Math.abs(value);
    while (rest !== 0) [divisor, rest] = [rest, divisor % rest];
    if (divisor === 1) return 1;
  }
  return divisor;
}

/** |b_i| + Σ_j |J_ij| of each node. */
export function rowSums(
  { graph }: SweepModel,
  biases: Float64Array,
  couplings: Float64Array,
): Float64Array {
  const sums = biases.map(Math.abs);
  couplings.forEach((k, e) => {
    sums[graph.edges[2 * e]!]! += Math.abs(k);
    sums[graph.edges[2 * e + 1]!]! += Math.abs(k);
  });
  return sums;
}

/** β as the samplers use it: at β = ∞ a field of 0 must stay a fair coin. */
export function finiteBeta(beta: number): number {
  return Math.min(beta, 1e30);
}

/**
 * Thresholds of the integer fields −F … F: a spin goes up (Metropolis: flips, with f times the spin) where the low 23
 * bits of its word are below entry f + F.
 */
export function thresholds(
  rule: SweepRule,
  beta: number,
  { unit, largestField }: IntegerModel,
): Int32Array {
  const table = new Int32Array(2 * largestField + 1);
  for (let at = 0; at < table.length; at++) {
    const x = 2 * finiteBeta(beta) * ((at - largestField) * unit);
    const p = rule === "gibbs" ? 1 / (1 + Math.exp(-x)) : Math.min(1, Math.exp(-x));
    table[at] = Math.floor(2 ** 23 * p + 0.5);
  }
  return table;
}
