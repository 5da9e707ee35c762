// The negative phase by sampling: chains that persist from update to update (PCD), and chains that start at the data (CD-k).

import { prepareSweeps, sweep } from "../../kernels/ising-sweeps/index.js";
import { checkInteger } from "../checks.js";
import { edgeCount } from "../ising/graph.js";
import { replica } from "../ising/model.js";
import { raoBlackwellMoments } from "../ising/observables.js";
import { randomSpins } from "../ising/samplers/chains.js";
import { checkLength, type BoltzmannMachine } from "./machine.js";
import { dataMoments, rowsOf, type Moments } from "./moments.js";
import type { SweepCall } from "../../kernels/ising-sweeps/contract.js";
import type { SpinArray } from "../ising/energies.js";
import type { HostModel } from "../ising/model.js";

/** Where chains stand. Never changed: each advance makes a new one. */
export type PersistentChains = {
  /** `[P, chains, n]`, flat. */
  readonly spins: Int8Array;
  /** Chains of each replica. */
  readonly chains: number;
  /** Number of the next sweep; sweep t draws from stream (seed, t). */
  readonly sweep: number;
  /** One seed: chain c of replica p has address p · chains + c. P seeds: replica p is what it would be alone with its own. */
  readonly seeds: readonly number[];
};

/** Options of {@link persistentChains}. */
export type ChainOptions = {
  /** Chains of each replica. Default 100. */
  readonly chains?: number;
  /** A signed 32-bit integer, or one for each replica. Default 0. */
  readonly seed?: number | readonly number[];
};

/**
 * Chains with random spins.
 *
 * @param machine - its graph and population
 * @param options - number and seeds
 * @throws ArgumentError or ShapeError for numbers that are none, or not one seed for each replica
 */
export function persistentChains(
  machine: BoltzmannMachine,
  options: ChainOptions = {},
): PersistentChains {
  const { chains = 100, seed = 0 } = options;
  const { graph, population } = machine.model;
  checkInteger("persistentChains", "chains", chains, 1, 2 ** 31 - 1);
  const seeds = typeof seed === "number" ? [seed] : seed;
  if (typeof seed !== "number") checkLength("persistentChains", "seed", seed, population);
  for (const one of seeds) checkInteger("persistentChains", "seed", one, -(2 ** 31), 2 ** 31 - 1);
  const rows = (population * chains) / seeds.length;
  const spins = new Int8Array(population * chains * graph.n);
  seeds.forEach((one, k) => spins.set(randomSpins(graph, one, rows), k * rows * graph.n));
  return { spins, chains, sweep: 0, seeds };
}

/** The chains at random spins again. Sweeps go on being counted, so that the next ones draw new numbers. */
export function resetChains(machine: BoltzmannMachine, state: PersistentChains): PersistentChains {
  const { chains, seeds } = state;
  const seed = seeds.length === 1 ? seeds[0]! : seeds;
  return { ...persistentChains(machine, { chains, seed }), sweep: state.sweep };
}

/** Options of {@link advanceChains}. */
export type AdvanceOptions = {
  /** Sweeps before the moments are taken, the last one included. Default 1. */
  readonly sweeps?: number;
  /**
   * `counted` over the chains, or with each spin replaced by its mean given its neighbours, `raoBlackwell`: less noise for more
   * time. Default `"counted"`.
   */
  readonly estimate?: "counted" | "raoBlackwell";
};

/**
 * Goes on with the chains under the machine's present parameters.
 *
 * @param machine - the machine of the chains, after any number of updates
 * @param state - where the chains stand
 * @param options - sweeps and estimate
 * @returns where they stand then, and the moments over all chains of each replica after the last sweep
 * @throws ShapeError if the chains are of another machine
 */
export function advanceChains(
  machine: BoltzmannMachine,
  state: PersistentChains,
  options: AdvanceOptions = {},
): { readonly state: PersistentChains; readonly moments: Moments } {
  const { sweeps = 1, estimate = "counted" } = options;
  const { model, beta } = machine;
  checkInteger("advanceChains", "sweeps", sweeps, 1, 2 ** 20);
  const size = model.population * state.chains * model.graph.n;
  checkLength("advanceChains", "state.spins", state.spins, size);
  const counted = estimate === "counted";
  const { spins, moments } = sweptParts(machine, state, sweeps, counted);
  return {
    state: { ...state, spins, sweep: state.sweep + sweeps },
    moments: counted ? moments : raoBlackwellMoments(model, spins, beta),
  };
}

/** One call for all replicas with one seed, one for each with seeds of their own. */
function sweptParts(
  { model, beta }: BoltzmannMachine,
  state: PersistentChains,
  sweeps: number,
  counted: boolean,
): { spins: Int8Array; moments: Moments } {
  const { graph, population } = model;
  const { seeds, chains, sweep: firstSweep } = state;
  const size = state.spins.length / seeds.length;
  const spins = new Int8Array(state.spins.length);
  const magnetisations = new Float64Array(population * graph.n);
  const correlations = new Float64Array(population * edgeCount(graph));
  seeds.forEach((seed, k) => {
    const own = seeds.length === 1 ? model : replica(model, k);
    const from = state.spins.subarray(k * size, (k + 1) * size);
    const call = { chains, beta, seed, firstSweep, sweeps, spins: from };
    const end = sweptWithMoments(own, call, counted);
    spins.set(end.spins, k * size);
    magnetisations.set(end.magnetisations, k * graph.n);
    correlations.set(end.correlations, k * edgeCount(graph));
  });
  return { spins, moments: { magnetisations, correlations } };
}

/** Moments of the last sweep alone: earlier ones are closer to the last parameters. */
function sweptWithMoments(
  model: HostModel,
  call: SweepCall,
  counted: boolean,
): Moments & { readonly spins: Int8Array } {
  const prepared = prepareSweeps(model, "fast");
  const before = call.sweeps - 1;
  const spins = before === 0 ? call.spins : sweep(prepared, { ...call, sweeps: before }).spins;
  const last = { ...call, spins, sweeps: 1, firstSweep: call.firstSweep + before };
  const end = sweep(prepared, { ...last, moments: counted });
  const mean = (sums: Float64Array): Float64Array => sums.map((sum) => sum / call.chains);
  return {
    spins: end.spins,
    magnetisations: mean(end.spinSums),
    correlations: mean(end.edgeSums),
  };
}

/** Options of {@link contrastiveDivergence}. */
export type ContrastiveOptions = {
  /** Sweeps from the data, k of CD-k. Default 1. */
  readonly k?: number;
  /** A signed 32-bit integer. Default 0. */
  readonly seed?: number;
  /** Counts updates with one seed, so that each draws new numbers. Default 0. */
  readonly event?: number;
};

/**
 * Moments of the model as CD-k has them: of chains that start at the rows of data, k sweeps later. Hidden units first follow
 * the data in one clamped sweep, and count with their means at the end where they do not see one another.
 *
 * @param machine - fully visible or restricted
 * @param data - spins of the visible units, `[rows, nᵥ]`, flat, for all replicas
 * @param options - k and seed
 * @throws ShapeError without whole rows; ArgumentError if hidden units see one another
 */
export function contrastiveDivergence(
  machine: BoltzmannMachine,
  data: SpinArray,
  options: ContrastiveOptions = {},
): Moments {
  const { k = 1, seed = 0, event = 0 } = options;
  const { model, visible, hidden, beta } = machine;
  const { n } = model.graph;
  checkInteger("contrastiveDivergence", "k", k, 1, 2 ** 20);
  checkInteger("contrastiveDivergence", "event", event, 0, Math.floor(2 ** 31 / (k + 1)) - 1);
  const chains = rowsOf("contrastiveDivergence", machine, data);
  const prepared = prepareSweeps(model, "fast");
  const base = { chains, beta, seed };
  const firstSweep = event * (k + 1);
  let spins = startAtData(machine, data, chains);
  if (hidden.length > 0) {
    const clamped = new Uint8Array(n);
    for (const node of visible) clamped[node] = 1;
    ({ spins } = sweep(prepared, { ...base, spins, firstSweep, sweeps: 1, clamped }));
  }
  ({ spins } = sweep(prepared, { ...base, spins, firstSweep: firstSweep + 1, sweeps: k }));
  return dataMoments(machine, visiblePart(machine, spins), chains);
}

function startAtData(
  { model, visible }: BoltzmannMachine,
  data: SpinArray,
  rows: number,
): Int8Array {
  const { n } = model.graph;
  const spins = new Int8Array(model.population * rows * n).fill(1);
  for (let r = 0; r < model.population * rows; r++) {
    visible.forEach((node, i) => (spins[r * n + node] = data[(r % rows) * visible.length + i]!));
  }
  return spins;
}

/**
 * The visible columns of spins.
 *
 * @param machine - says which they are
 * @param spins - `[rows, n]`, flat
 * @returns `[rows, nᵥ]`
 */
export function visiblePart({ model, visible }: BoltzmannMachine, spins: Int8Array): Int8Array {
  const { n } = model.graph;
  if (visible.length === n) return spins;
  const rows = spins.length / n;
  const out = new Int8Array(rows * visible.length);
  for (let r = 0; r < rows; r++) {
    visible.forEach((node, i) => (out[r * visible.length + i] = spins[r * n + node]!));
  }
  return out;
}
