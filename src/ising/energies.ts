// Energies and local fields of given spins: float64 on arrays, differentiable on tensors.

import * as tf from "@tensorflow/tfjs";
import { checkFloat, shapeText } from "../checks.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { gatherLast } from "./gather.js";
import { edgeCount, maxDegree } from "./graph.js";
import { isHostModel } from "./model.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { IsingGraph } from "./graph.js";
import type { HostModel, IsingModel } from "./model.js";

/** Spins as rows of n, flat: `[rows, n]`, or `[P, rows, n]` for a population. */
export type SpinArray = Int8Array | Float32Array | Float64Array | readonly number[];

/**
 * `E(s) = offset − Σᵢ bᵢ sᵢ − Σ_e J_e s_u s_v` of each row.
 *
 * @param of - a model; a population needs spins with a population axis
 * @param spins - arrays: rows of n, flat, `[P, rows, n]` for a population. Tensors: `[...rows, n]` or `[P, ...rows, n]`
 * @returns arrays: float64 `[rows]` or `[P, rows]`, flat. Tensors: the shape without its last axis, with gradients by
 * biases, couplings and spins
 * @throws ShapeError if the spins do not fit the model; ArgumentError for arrays with a model of tensors
 */
export function energies(of: HostModel, spins: SpinArray): Float64Array;
/** The same for tensors. */
export function energies(of: IsingModel, spins: Tensor): Tensor;
export function energies(of: IsingModel, spins: SpinArray | Tensor): Float64Array | Tensor {
  return spins instanceof tf.Tensor
    ? tf.tidy(() => tensorEnergies(of, spins))
    : hostEnergies(host("energies", of), spins);
}

/**
 * `F_i(s) = b_i + Σ_j J_ij s_j` of each node and row: `P(s_i = +1 | rest) = σ(2β F_i)`, and flipping costs `2 s_i F_i`.
 *
 * @param of - a model; a population needs spins with a population axis
 * @param spins - as in {@link energies}
 * @returns the shape of the spins; float64 for arrays, with gradients for tensors
 * @throws ShapeError if the spins do not fit the model; ArgumentError for arrays with a model of tensors
 */
export function localFields(of: HostModel, spins: SpinArray): Float64Array;
/** The same for tensors. */
export function localFields(of: IsingModel, spins: Tensor): Tensor;
export function localFields(of: IsingModel, spins: SpinArray | Tensor): Float64Array | Tensor {
  return spins instanceof tf.Tensor
    ? tf.tidy(() => tensorFields(of, spins))
    : hostFields(host("localFields", of), spins);
}

function host(where: string, of: IsingModel): HostModel {
  if (isHostModel(of)) return of;
  throw new ArgumentError(
    `${where}: argument \`model\` must hold arrays where spins are an array, but holds tensors. Use \`await hostModel(model)\`.`,
  );
}

/** Number of rows for each replica. */
export function rowsOf(where: string, of: HostModel, spins: ArrayLike<number>): number {
  const width = of.population * of.graph.n;
  if (spins.length % width === 0) return spins.length / width;
  const shape = of.batched ? `[${of.population}, rows, ${of.graph.n}]` : `[rows, ${of.graph.n}]`;
  throw new ShapeError(
    `${where}: argument \`spins\` must hold ${shape} numbers, but has length ${spins.length}.`,
  );
}

function hostEnergies(of: HostModel, spins: SpinArray): Float64Array {
  const { n, edges } = of.graph;
  const count = edgeCount(of.graph);
  const rows = rowsOf("energies", of, spins);
  const out = new Float64Array(of.population * rows);
  for (let r = 0; r < out.length; r++) {
    const p = Math.floor(r / rows);
    let sum = 0;
    for (let i = 0; i < n; i++) sum += of.biases[p * n + i]! * spins[r * n + i]!;
    for (let e = 0; e < count; e++) {
      const pair = spins[r * n + edges[2 * e]!]! * spins[r * n + edges[2 * e + 1]!]!;
      sum += of.couplings[p * count + e]! * pair;
    }
    out[r] = of.offset[p]! - sum;
  }
  return out;
}

function hostFields(of: HostModel, spins: SpinArray): Float64Array {
  const { n, rowPtr, col, edgeId } = of.graph;
  const count = edgeCount(of.graph);
  const rows = rowsOf("localFields", of, spins);
  const out = new Float64Array(of.population * rows * n);
  for (let r = 0; r < of.population * rows; r++) {
    const p = Math.floor(r / rows);
    for (let i = 0; i < n; i++) {
      let field = of.biases[p * n + i]!;
      for (let slot = rowPtr[i]!; slot < rowPtr[i + 1]!; slot++) {
        field += of.couplings[p * count + edgeId[slot]!]! * spins[r * n + col[slot]!]!;
      }
      out[r * n + i] = field;
    }
  }
  return out;
}

function checkSpins(where: string, of: IsingModel, spins: Tensor): void {
  checkFloat(where, "spins", spins);
  const { n } = of.graph;
  const fits = of.batched
    ? spins.rank >= 2 && (of.population === 1 || spins.shape[0] === of.population)
    : spins.rank >= 1;
  if (fits && spins.shape.at(-1) === n) return;
  const want = of.batched ? `[${of.population}, ...rows, ${n}]` : `[...rows, ${n}]`;
  throw new ShapeError(
    `${where}: argument \`spins\` must have shape ${want}, but has shape ${shapeText(spins.shape)}.`,
  );
}

/** Parameters `[]`, `[width]` or `[P, width]` as `[P or 1, 1, width or 1]`, to meet spins `[P or 1, rows, width]`. */
function aligned(values: Float64Array | Tensor, width: number): Tensor {
  const t =
    values instanceof Float64Array
      ? tf.tensor(Float32Array.from(values), [values.length / Math.max(1, width), width])
      : values;
  if (t.rank === 0) return tf.reshape(t, [1, 1, 1]);
  return tf.reshape(t, [t.rank === 2 ? t.shape[0] : 1, 1, width]);
}

/** Spins as `[P, rows, n]`, `[1, rows, n]` without a population axis. */
function rowsOfTensor(of: IsingModel, spins: Tensor): Tensor {
  const P = of.batched ? spins.shape[0] : 1;
  const { n } = of.graph;
  return tf.reshape(spins, [P, spins.size / (P * n), n]);
}

function tensorEnergies(of: IsingModel, spins: Tensor): Tensor {
  checkSpins("energies", of, spins);
  const { graph } = of;
  const s = rowsOfTensor(of, spins);
  const single = tf.sum(tf.mul(s, aligned(of.biases, graph.n)), -1);
  const offset = tf.tensor(Float32Array.from(of.offset), [of.population, 1]);
  const sum = edgeCount(graph) === 0 ? single : tf.add(single, pairSums(of, s));
  return tf.reshape(tf.sub(offset, sum), spins.shape.slice(0, -1));
}

/** `Σ_e J_e s_u s_v` of spins `[P, rows, n]`. */
function pairSums({ graph, couplings }: IsingModel, s: Tensor): Tensor {
  const end = (which: number): Tensor =>
    gatherLast(
      s,
      graph.edges.filter((_, at) => at % 2 === which),
    );
  return tf.sum(tf.mul(tf.mul(end(0), end(1)), aligned(couplings, edgeCount(graph))), -1);
}

function tensorFields(of: IsingModel, spins: Tensor): Tensor {
  checkSpins("localFields", of, spins);
  const s = rowsOfTensor(of, spins);
  const biases = aligned(of.biases, of.graph.n);
  const sum = edgeCount(of.graph) === 0 ? biases : tf.add(biases, neighbourSums(of, s));
  return tf.reshape(tf.add(sum, tf.zeros(s.shape)), spins.shape);
}

/** `Σ_j J_ij s_j` of spins `[P, rows, n]`, over as many places for each node as the largest degree needs. */
function neighbourSums({ graph, couplings }: IsingModel, s: Tensor): Tensor {
  const width = maxDegree(graph);
  const around = gatherLast(s, table(graph, graph.col, width));
  const J = aligned(couplings, edgeCount(graph));
  const weights = J.shape[2] === 1 ? J : gatherLast(J, table(graph, graph.edgeId, width));
  const [P, rows] = s.shape;
  const terms = tf.mul(around, weights);
  return tf.sum(tf.reshape(terms, [Math.max(P, J.shape[0]), rows!, graph.n, width]), -1);
}

/** Compressed rows as rows of one width, filled up with −1. */
function table({ n, rowPtr }: IsingGraph, values: Int32Array, width: number): Int32Array {
  const rows = new Int32Array(n * width).fill(-1);
  for (let i = 0; i < n; i++) rows.set(values.subarray(rowPtr[i], rowPtr[i + 1]), i * width);
  return rows;
}
