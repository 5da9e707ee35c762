// The positive phase: moments of a machine's units where the visible ones are given by data. Exact for hidden units that do not
// see one another, by clamped Gibbs sampling for others.

import { ArgumentError, ShapeError } from "../errors.js";
import { edgeCount } from "../ising/graph.js";
import { gibbsMoments } from "../ising/samplers/gibbs.js";
import { isRestricted, type BoltzmannMachine } from "./machine.js";
import type { SpinArray } from "../ising/energies.js";
import type { Marginals } from "../ising/exact/marginals.js";

/** ⟨s_i⟩, `[P, n]`, and ⟨s_u s_v⟩ along edges, `[P, E]`, flat. */
export type Moments = Marginals;

/**
 * Moments under the data: visible units as given, hidden ones at their mean `tanh β(c_j + Σ W_ij v_i)`.
 *
 * @param machine - fully visible, or restricted
 * @param data - spins of the visible units, `[rows, nᵥ]` for all replicas or `[P, rows, nᵥ]`, flat
 * @param rows - rows for each replica, where `data` has a population axis. Default: all rows are for all replicas
 * @throws ShapeError without whole rows; ArgumentError if hidden units see one another
 */
export function dataMoments(machine: BoltzmannMachine, data: SpinArray, rows?: number): Moments {
  const { graph, population } = machine.model;
  const count = rows ?? rowsOf("dataMoments", machine, data);
  const means = unitMeans("dataMoments", machine, data, count);
  const edges = edgeCount(graph);
  const magnetisations = new Float64Array(population * graph.n);
  const correlations = new Float64Array(population * edges);
  for (let r = 0; r < population * count; r++) {
    const p = Math.floor(r / count);
    const row = means.subarray(r * graph.n, (r + 1) * graph.n);
    for (let i = 0; i < graph.n; i++) magnetisations[p * graph.n + i]! += row[i]! / count;
    for (let e = 0; e < edges; e++) {
      const product = row[graph.edges[2 * e]!]! * row[graph.edges[2 * e + 1]!]!;
      correlations[p * edges + e]! += product / count;
    }
  }
  return { magnetisations, correlations };
}

/** Options of {@link clampedMoments}. */
export type ClampedOptions = {
  /** Sweeps of the hidden units before the first counts. Default 20. */
  readonly warmup?: number;
  /** Sweeps that count. Default 20. */
  readonly sweeps?: number;
  /** Default 0. */
  readonly seed?: number;
};

/**
 * The same for hidden units that see one another: one chain for each row, its visible units clamped.
 *
 * @param machine - any
 * @param data - spins of the visible units, `[rows, nᵥ]`, flat, for all replicas
 * @param options - sweeps and seed
 * @throws ShapeError without whole rows
 */
export async function clampedMoments(
  machine: BoltzmannMachine,
  data: SpinArray,
  options: ClampedOptions = {},
): Promise<Moments> {
  const { warmup = 20, sweeps = 20, seed = 0 } = options;
  const { model, visible, beta } = machine;
  const rows = rowsOf("clampedMoments", machine, data);
  const clamp = new Int8Array(rows * model.graph.n);
  for (let r = 0; r < rows; r++) {
    visible.forEach((node, i) => (clamp[r * model.graph.n + node] = data[r * visible.length + i]!));
  }
  const run = await gibbsMoments(model, {
    ...{ chains: rows, beta, clamp, warmup, samples: sweeps, seed },
  });
  return { magnetisations: run.spins, correlations: run.pairs };
}

/** Rows of the visible units in data that all replicas share. */
export function rowsOf(where: string, { visible }: BoltzmannMachine, data: SpinArray): number {
  const rows = data.length / visible.length;
  if (rows > 0 && Number.isInteger(rows)) return rows;
  throw new ShapeError(
    `${where}: argument \`data\` must hold whole rows of ${visible.length} visible spins, at least one, but has length ${data.length}.`,
  );
}

/** Means of all units given each row, `[P, rows, n]`. */
export function unitMeans(
  where: string,
  machine: BoltzmannMachine,
  data: SpinArray,
  rows: number,
): Float64Array {
  const { model, visible, hidden, beta } = machine;
  const { n } = model.graph;
  if (!isRestricted(machine)) {
    throw new ArgumentError(
      `${where}: argument \`machine\` must have hidden units that do not see one another, but some share an edge. Use clampedMoments.`,
    );
  }
  const own = data.length / (rows * visible.length);
  if (own !== 1 && own !== model.population) {
    throw new ShapeError(
      `${where}: argument \`data\` must hold [${rows}, ${visible.length}] spins, or as many for each of the ${model.population} replicas, but has length ${data.length}.`,
    );
  }
  const means = new Float64Array(model.population * rows * n);
  for (let r = 0; r < model.population * rows; r++) {
    const from = (own === 1 ? r % rows : r) * visible.length;
    visible.forEach((node, i) => (means[r * n + node] = data[from + i]!));
  }
  if (hidden.length === 0) return means;
  forEachHiddenField(machine, means, rows, (at, field) => (means[at] = Math.tanh(beta * field)));
  return means;
}

/** Visits `c_j + Σ W_ij v_i` of each hidden unit of each row; `at` is its place in `[P, rows, n]`. */
export function forEachHiddenField(
  { model, hidden }: BoltzmannMachine,
  units: Float64Array,
  rows: number,
  visit: (at: number, field: number) => void,
): void {
  const { n, rowPtr, col, edgeId } = model.graph;
  const edges = edgeCount(model.graph);
  for (let r = 0; r < model.population * rows; r++) {
    const p = Math.floor(r / rows);
    for (const j of hidden) {
      let field = model.biases[p * n + j]!;
      for (let slot = rowPtr[j]!; slot < rowPtr[j + 1]!; slot++) {
        field += model.couplings[p * edges + edgeId[slot]!]! * units[r * n + col[slot]!]!;
      }
      visit(r * n + j, field);
    }
  }
}
