// The same energy in other conventions: dimod's fields and couplings, and binary variables (QUBO). Populations and offsets
// are kept. Text formats are in bqm.ts and edge-list.ts.

import { ArgumentError, ShapeError } from "../errors.js";
import { graph as graphOf } from "./graph.js";
import { model } from "./model.js";
import type { IsingGraph } from "./graph.js";
import type { HostModel, ParameterArray } from "./model.js";

/** `E = offset + Σ hᵢ sᵢ + Σ J_e s_u s_v` with s = ±1, as dimod and D-Wave write it. */
export type DimodParameters = {
  /** `[n]` or `[P, n]`. */
  readonly h?: ParameterArray;
  /** `[E]` or `[P, E]`, in the order of the graph's edges. */
  readonly J?: ParameterArray;
  readonly offset?: number | ArrayLike<number>;
};

/** `E = offset + Σ aᵢ xᵢ + Σ Q_e x_u x_v` with x = 0 or 1 and s = 2x − 1. */
export type QuboParameters = {
  /** a: `[n]` or `[P, n]`. */
  readonly linear?: ParameterArray;
  /** Q: `[E]` or `[P, E]`, in the order of the graph's edges. */
  readonly quadratic?: ParameterArray;
  readonly offset?: number | ArrayLike<number>;
};

/** A model from dimod's h and J: `b = −h`, `J = −J`; energies are equal. */
export function fromDimod(graph: IsingGraph, parameters: DimodParameters): HostModel {
  const { h = 0, J = 0, offset = 0 } = parameters;
  const given = model(graph, { biases: h, couplings: J, offset });
  return { ...given, biases: negative(given.biases), couplings: negative(given.couplings) };
}

/** dimod's h `[P, n]`, J `[P, E]` and offset `[P]`, flat. */
export function toDimod(of: HostModel): {
  readonly h: Float64Array;
  readonly J: Float64Array;
  readonly offset: Float64Array;
} {
  return { h: negative(of.biases), J: negative(of.couplings), offset: of.offset.slice() };
}

/** A model from a QUBO: `bᵢ = −(aᵢ/2 + Σⱼ Qᵢⱼ/4)`, `J = −Q/4`, `offset + Σ a/2 + Σ Q/4`. */
export function fromQubo(graph: IsingGraph, parameters: QuboParameters): HostModel {
  const { linear = 0, quadratic = 0, offset = 0 } = parameters;
  const given = model(graph, { biases: linear, couplings: quadratic, offset });
  const biases = given.biases.map((a) => -a / 2);
  addAtEnds(given, biases, given.couplings, -1 / 4);
  const constant = given.offset.map(
    (c, p) => c + rowSum(given.biases, p, graph.n) / 2 + pairSum(given, p) / 4,
  );
  return { ...given, biases, couplings: given.couplings.map((Q) => -Q / 4), offset: constant };
}

/** The QUBO of a model: linear `[P, n]`, quadratic `[P, E]` and offset `[P]`, flat. */
export function toQubo(of: HostModel): {
  readonly linear: Float64Array;
  readonly quadratic: Float64Array;
  readonly offset: Float64Array;
} {
  const linear = of.biases.map((b) => -2 * b);
  addAtEnds(of, linear, of.couplings, 2);
  const offset = of.offset.map((c, p) => c + rowSum(of.biases, p, of.graph.n) - pairSum(of, p));
  return { linear, quadratic: of.couplings.map((J) => -4 * J), offset };
}

/**
 * A model and its graph from a QUBO matrix, `E = Σᵢⱼ xᵢ Mᵢⱼ xⱼ`: the diagonal is linear, `Mᵢⱼ + Mⱼᵢ` quadratic; edges are
 * where that is not 0.
 *
 * @throws ShapeError unless the matrix is square; ArgumentError for entries that are not finite
 */
export function fromQuboMatrix(matrix: readonly ArrayLike<number>[]): HostModel {
  const n = matrix.length;
  const edges: [number, number][] = [];
  const quadratic: number[] = [];
  matrix.forEach((row, i) => {
    if (row.length !== n) {
      throw new ShapeError(
        `fromQuboMatrix: argument \`matrix\` must be square, but has ${n} rows and row ${i} has ${row.length} entries.`,
      );
    }
    for (let j = 0; j < n; j++) checkFinite(i, j, row[j]!);
  });
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const Q = matrix[i]![j]! + matrix[j]![i]!;
      if (Q === 0) continue;
      edges.push([i, j]);
      quadratic.push(Q);
    }
  }
  const linear = matrix.map((row, i) => row[i]!);
  return fromQubo(graphOf(n, edges, { name: `QUBO(${n})` }), { linear, quadratic });
}

function checkFinite(i: number, j: number, value: number): void {
  if (Number.isFinite(value)) return;
  throw new ArgumentError(
    `fromQuboMatrix: argument \`matrix[${i}][${j}]\` must be finite, but is ${value}.`,
  );
}

/** −0 is avoided: files and tests should not show it. */
function negative(values: Float64Array): Float64Array {
  return values.map((x) => 0 - x);
}

/** Adds `factor` times the value of each edge at both its ends. */
function addAtEnds(
  { graph, population }: HostModel,
  nodes: Float64Array,
  values: Float64Array,
  factor: number,
): void {
  const { n, edges } = graph;
  const count = edges.length / 2;
  for (let p = 0; p < population; p++) {
    for (let e = 0; e < count; e++) {
      const share = factor * values[p * count + e]!;
      nodes[p * n + edges[2 * e]!]! += share;
      nodes[p * n + edges[2 * e + 1]!]! += share;
    }
  }
}

function rowSum(values: Float64Array, row: number, width: number): number {
  return values.subarray(row * width, (row + 1) * width).reduce((a, b) => a + b, 0);
}

function pairSum({ graph, couplings }: HostModel, p: number): number {
  return rowSum(couplings, p, graph.edges.length / 2);
}
