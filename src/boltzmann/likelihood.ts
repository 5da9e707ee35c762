// How well a machine describes data: log-likelihood from rows or from moments, both divergences where states can be listed, and
// the model without couplings that every other one must beat. log Z comes from the caller or the exact methods.

import { ArgumentError } from "../errors.js";
import { distribution, klDivergence } from "../ising/exact/distribution.js";
import { logPartition } from "../ising/exact/exact.js";
import { edgeCount } from "../ising/graph.js";
import { model as isingModel } from "../ising/model.js";
import { checkLength, type BoltzmannMachine } from "./machine.js";
import { forEachHiddenField, rowsOf, unitMeans, type Moments } from "./moments.js";
import type { SpinArray } from "../ising/energies.js";

/**
 * Free energies of rows, `F(v) = −ln Σ_h exp(−βE(v, h))`, in units of 1/β: `p(v) = exp(−F(v)) / Z`. Of a fully visible machine
 * it is βE.
 *
 * @param machine - fully visible or restricted
 * @param data - spins of the visible units, `[rows, nᵥ]`, flat, for all replicas
 * @returns `[P, rows]`
 * @throws ShapeError without whole rows; ArgumentError if hidden units see one another
 */
export function freeEnergies(machine: BoltzmannMachine, data: SpinArray): Float64Array {
  const { model, hidden, beta } = machine;
  const { n, edges } = model.graph;
  const rows = rowsOf("freeEnergies", machine, data);
  const units = unitMeans("freeEnergies", machine, data, rows);
  // Hidden units at 0 leave the visible part of the energy.
  for (let r = 0; r * n < units.length; r++) for (const j of hidden) units[r * n + j] = 0;
  const out = new Float64Array(model.population * rows);
  for (let r = 0; r < out.length; r++) {
    const p = Math.floor(r / rows);
    let sum = -model.offset[p]!;
    for (let i = 0; i < n; i++) sum += model.biases[p * n + i]! * units[r * n + i]!;
    for (let e = 0; e < edgeCount(model.graph); e++) {
      const pair = units[r * n + edges[2 * e]!]! * units[r * n + edges[2 * e + 1]!]!;
      sum += model.couplings[p * edgeCount(model.graph) + e]! * pair;
    }
    out[r] = -beta * sum;
  }
  forEachHiddenField(machine, units, rows, (at, field) => {
    out[Math.floor(at / n)]! -= logTwoCosh(beta * field);
  });
  return out;
}

/** `ln(2 cosh x)` without overflow. */
function logTwoCosh(x: number): number {
  return Math.abs(x) + Math.log1p(Math.exp(-2 * Math.abs(x)));
}

/** Options of the likelihoods. */
export type LikelihoodOptions = {
  /** `[P]`, for example estimates by annealed importance sampling. Default: exact. */
  readonly logZ?: ArrayLike<number>;
  /** Refuse an exact log Z that is estimated to take longer, for each replica. Default 60. */
  readonly maxSeconds?: number;
};

/**
 * Mean log-likelihood of rows, `⟨−F(v)⟩ − log Z`.
 *
 * @param machine - fully visible or restricted
 * @param data - spins of the visible units, `[rows, nᵥ]`, flat, for all replicas
 * @param options - log Z, or what its exact sum may take
 * @returns `[P]`, nats a row
 * @throws ShapeError or ArgumentError as {@link freeEnergies}; ArgumentError if log Z is out of reach
 */
export function logLikelihood(
  machine: BoltzmannMachine,
  data: SpinArray,
  options: LikelihoodOptions = {},
): Float64Array {
  const F = freeEnergies(machine, data);
  const rows = F.length / machine.model.population;
  return logZOf("logLikelihood", machine, options).map((own, p) => {
    const mean = F.subarray(p * rows, (p + 1) * rows).reduce((a, b) => a + b, 0) / rows;
    return -mean - own;
  });
}

/**
 * The same of a fully visible machine from moments alone, `β(Σ b m + Σ J c) − log Z`: of binarised data the mean over all
 * draws.
 *
 * @param machine - fully visible
 * @param data - moments of the data, one set for all replicas
 * @param options - log Z, or what its exact sum may take
 * @returns `[P]`, nats a row
 * @throws ArgumentError if there are hidden units or log Z is out of reach
 */
export function momentLogLikelihood(
  machine: BoltzmannMachine,
  data: Moments,
  options: LikelihoodOptions = {},
): Float64Array {
  const { model, hidden, beta } = machine;
  if (hidden.length > 0) {
    throw new ArgumentError(
      `momentLogLikelihood: argument \`machine\` must be fully visible, but has ${hidden.length} hidden units. Use logLikelihood.`,
    );
  }
  checkLength("momentLogLikelihood", "data.magnetisations", data.magnetisations, model.graph.n);
  checkLength(
    "momentLogLikelihood",
    "data.correlations",
    data.correlations,
    edgeCount(model.graph),
  );
  const dot = (parameters: Float64Array, moments: Float64Array, p: number): number =>
    moments.reduce((sum, moment, i) => sum + moment * parameters[p * moments.length + i]!, 0);
  return logZOf("momentLogLikelihood", machine, options).map((own, p) => {
    const fit =
      dot(model.biases, data.magnetisations, p) + dot(model.couplings, data.correlations, p);
    return beta * (fit - model.offset[p]!) - own;
  });
}

function logZOf(
  where: string,
  { model, beta }: BoltzmannMachine,
  { logZ, maxSeconds = 60 }: LikelihoodOptions,
): Float64Array {
  if (logZ === undefined) return logPartition(model, { beta, maxSeconds });
  checkLength(where, "logZ", logZ, model.population);
  return Float64Array.from(logZ);
}

/**
 * Probabilities of all states of the visible units, hidden ones summed out; bit i of a state's number is visible unit i.
 *
 * @param machine - with at most 24 units in all
 * @returns `[P, 2^nᵥ]`
 * @throws ArgumentError for more units
 */
export function visibleDistribution({
  model,
  visible,
  hidden,
  beta,
}: BoltzmannMachine): Float64Array {
  const whole = distribution(model, beta);
  if (hidden.length === 0) return whole;
  const states = 2 ** model.graph.n;
  const out = new Float64Array(model.population * 2 ** visible.length);
  whole.forEach((probability, at) => {
    const x = at % states;
    let state = 0;
    visible.forEach((node, i) => (state |= ((x >>> node) & 1) << i));
    out[Math.floor(at / states) * 2 ** visible.length + state]! += probability;
  });
  return out;
}

/** Both Kullback-Leibler divergences, `[P]`, nats. */
export type Divergences = {
  /** KL(data‖model): what training descends. */
  readonly dataModel: Float64Array;
  /** KL(model‖data): infinite unless the data have every state. */
  readonly modelData: Float64Array;
};

/**
 * Divergences between data and machine.
 *
 * @param machine - with at most 24 units in all
 * @param data - probabilities of the 2^nᵥ visible states, for example `ising.empiricalDistribution`
 * @throws ShapeError for another number of states; ArgumentError for more units
 */
export function divergences(machine: BoltzmannMachine, data: Float64Array): Divergences {
  const states = 2 ** machine.visible.length;
  checkLength("divergences", "data", data, states);
  const all = visibleDistribution(machine);
  const own = (p: number): Float64Array => all.subarray(p * states, (p + 1) * states);
  const each = (f: (model: Float64Array) => number): Float64Array =>
    Float64Array.from({ length: machine.model.population }, (_, p) => f(own(p)));
  return {
    dataModel: each((model) => klDivergence(data, model)),
    modelData: each((model) => klDivergence(model, data)),
  };
}

/**
 * The best machine without couplings: `b_i = artanh(m_i)/β` gives every unit the data's mean. What a machine with couplings
 * has beyond it is what it has learned of correlations.
 *
 * @param machine - fully visible; its graph and β are kept, its population is not
 * @param magnetisations - `[n]`, of the data; those of ±1 are taken as 1 − 1e-12 of it
 * @throws ShapeError if there are not n of them
 */
export function fieldOnly(
  machine: BoltzmannMachine,
  magnetisations: ArrayLike<number>,
): BoltzmannMachine {
  const { graph } = machine.model;
  checkLength("fieldOnly", "magnetisations", magnetisations, graph.n);
  const most = 1 - 1e-12;
  const biases = Float64Array.from(
    magnetisations,
    (m) => Math.atanh(Math.max(-most, Math.min(most, m))) / machine.beta,
  );
  return { ...machine, model: isingModel(graph, { biases: [biases] }) };
}
