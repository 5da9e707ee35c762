// The whole distribution of small models, and how far two distributions are apart. State x has spin i up where bit i of x is
// set.

import { checkInteger } from "../../checks.js";
import { ArgumentError, ShapeError } from "../../errors.js";
import { energies } from "../energies.js";
import { replica } from "../model.js";
import { betas } from "./beta.js";
import { logPartition } from "./exact.js";
import type { SpinArray } from "../energies.js";
import type { HostModel } from "../model.js";
import type { Beta } from "./beta.js";
import type { ExactOptions } from "./exact.js";

/** More spins have more states than are worth listing. */
const MAX_LISTED = 24;

/**
 * The states of n spins, one a row: bit i of the row's number says whether spin i is up.
 *
 * @param n - at most 24
 * @returns `[2^n, n]` of ±1, flat
 * @throws ArgumentError
 */
export function allStates(n: number): Int8Array {
  checkInteger("allStates", "n", n, 1, MAX_LISTED);
  const states = new Int8Array(n * 2 ** n);
  for (let at = 0; at < states.length; at++)
    states[at] = (Math.floor(at / n) >>> (at % n)) & 1 ? 1 : -1;
  return states;
}

/**
 * Probabilities of all states.
 *
 * @param of - a model of arrays with at most 24 spins
 * @param beta - inverse temperature, one or `[P]`. Default 1
 * @returns `[P, 2^n]`, flat, each row summing to 1
 * @throws ArgumentError for more spins
 */
export function distribution(of: HostModel, beta: Beta = 1): Float64Array {
  const { n } = of.graph;
  if (n > MAX_LISTED) {
    throw new ArgumentError(
      `distribution: argument \`model\` must have at most ${MAX_LISTED} spins, but has ${n}, which is 2^${n} states. Use exactMoments or exactSamples.`,
    );
  }
  const out = new Float64Array(of.population * 2 ** n);
  betas("distribution", of, beta).forEach((betaOfOne, p) => {
    const row = out.subarray(p * 2 ** n, (p + 1) * 2 ** n);
    fillExponents(replica(of, p), betaOfOne, row);
    normalise(row);
  });
  return out;
}

/** −βE of all states but for the offset, by doubling: spin k joins the states of the spins before it. */
function fillExponents(
  { graph, biases, couplings }: HostModel,
  beta: number,
  out: Float64Array,
): void {
  const { n, rowPtr, col, edgeId } = graph;
  const field = new Float64Array(2 ** Math.max(0, n - 1));
  for (let k = 0; k < n; k++) {
    const half = 2 ** k;
    const J = new Float64Array(k);
    for (let slot = rowPtr[k]!; slot < rowPtr[k + 1]!; slot++) {
      if (col[slot]! < k) J[col[slot]!] = beta * couplings[edgeId[slot]!]!;
    }
    field[0] = beta * biases[k]! - J.reduce((a, b) => a + b, 0);
    J.forEach((coupling, i) => {
      for (let x = 0; x < 2 ** i; x++) field[2 ** i + x] = field[x]! + 2 * coupling;
    });
    for (let x = 0; x < half; x++) {
      out[half + x] = out[x]! + field[x]!;
      out[x]! -= field[x]!;
    }
  }
}

/** E of all states, offset included, for one replica. */
export function classicalEnergies(of: HostModel): Float64Array {
  const out = new Float64Array(2 ** of.graph.n);
  fillExponents(of, 1, out);
  return out.map((exponent) => of.offset[0]! - exponent);
}

function normalise(exponents: Float64Array): void {
  const top = exponents.reduce((a, b) => Math.max(a, b));
  let total = 0;
  for (let x = 0; x < exponents.length; x++) total += exponents[x] = Math.exp(exponents[x]! - top);
  for (let x = 0; x < exponents.length; x++) exponents[x]! /= total;
}

/**
 * How often each state occurs among rows.
 *
 * @param spins - `[rows, n]` of ±1, flat
 * @param n - spins in a row, at most 24
 * @param smoothing - added to each probability before they are made to sum to 1 again. Default 0
 * @returns `[2^n]`, summing to 1
 * @throws ShapeError without a whole row; ArgumentError for values that are not ±1
 */
export function empiricalDistribution(spins: SpinArray, n: number, smoothing = 0): Float64Array {
  checkInteger("empiricalDistribution", "n", n, 1, MAX_LISTED);
  const rows = spins.length / n;
  if (rows === 0 || !Number.isInteger(rows)) {
    throw new ShapeError(
      `empiricalDistribution: argument \`spins\` must hold whole rows of ${n}, but has length ${spins.length}.`,
    );
  }
  if (!(smoothing >= 0 && smoothing < Infinity)) {
    throw new ArgumentError(
      `empiricalDistribution: argument \`smoothing\` must be finite and not negative, but is ${smoothing}.`,
    );
  }
  const out = new Float64Array(2 ** n).fill(smoothing);
  for (let row = 0; row < rows; row++) out[stateAt(spins, row * n, n)]! += 1 / rows;
  const total = 1 + smoothing * out.length;
  return out.map((p) => p / total);
}

function stateAt(spins: SpinArray, from: number, n: number): number {
  let state = 0;
  for (let i = 0; i < n; i++) {
    const s = spins[from + i]!;
    if (s !== 1 && s !== -1) {
      throw new ArgumentError(
        `empiricalDistribution: argument \`spins[${from + i}]\` must be 1 or -1, but is ${s}.`,
      );
    }
    if (s === 1) state += 2 ** i;
  }
  return state;
}

/**
 * `KL(p‖q) = Σ p ln(p/q)` in nats; infinite where q is 0 and p is not.
 *
 * @param p - probabilities
 * @param q - probabilities of the same states
 * @throws ShapeError if the lengths differ
 */
export function klDivergence(p: ArrayLike<number>, q: ArrayLike<number>): number {
  if (p.length !== q.length) {
    throw new ShapeError(
      `klDivergence: arguments \`p\` and \`q\` must have one length, but have ${p.length} and ${q.length}.`,
    );
  }
  let sum = 0;
  for (let x = 0; x < p.length; x++) if (p[x]! > 0) sum += p[x]! * Math.log(p[x]! / q[x]!);
  return sum;
}

/**
 * Mean log-likelihood of rows under the exact model, `−β⟨E⟩_rows − logZ`, for any model whose logZ is exact.
 *
 * @param of - a model of arrays
 * @param spins - `[rows, n]`, `[P, rows, n]` for a population, flat
 * @param options - β and limits
 * @returns `[P]`, nats a row
 * @throws ShapeError without rows; ArgumentError with cost and alternative if logZ is out of reach
 */
export function logLikelihood(
  of: HostModel,
  spins: SpinArray,
  options: ExactOptions = {},
): Float64Array {
  const E = energies(of, spins);
  const rows = E.length / of.population;
  if (rows === 0) {
    throw new ShapeError(
      "logLikelihood: argument `spins` must have at least one row, but has none.",
    );
  }
  const beta = betas("logLikelihood", of, options.beta ?? 1);
  const logZ = logPartition(of, options);
  return logZ.map((own, p) => {
    const mean = E.subarray(p * rows, (p + 1) * rows).reduce((a, b) => a + b, 0) / rows;
    return -beta[p]! * mean - own;
  });
}
