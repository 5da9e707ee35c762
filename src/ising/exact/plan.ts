// How to sum the spins of a graph out one after the other: the order, which spins each sum depends on, and what it costs.

import { ArgumentError, ShapeError } from "../../errors.js";
import { candidateOrders, eliminate, neighbourSets } from "./orders.js";
import type { IsingGraph } from "../graph.js";

/** One spin that is summed out. */
export type Step = {
  readonly node: number;
  /** The spins on which the sum depends, in the order in which they will be summed out themselves. */
  readonly scope: Int32Array;
  /** Coupling of the node to each spin of the scope: an edge number, −1 for none. */
  readonly edge: Int32Array;
  /** Step of the first spin of the scope, −1 without one. The sum becomes a part of that step. */
  readonly parent: number;
  /** Whether no earlier sum is a part of this step. */
  readonly leaf: boolean;
  /** For spins 1, 2, … of this scope their places in the scope of the parent. */
  readonly places: Int32Array;
};

/** An order with its steps and cost. */
export type Plan = {
  readonly steps: readonly Step[];
  /** Size of the largest scope: tables have up to `2^width` entries. */
  readonly width: number;
  /** Entries of all tables, for one replica: about 100 ns each, moments included. */
  readonly operations: number;
  /** Largest memory, for one replica at a time. */
  readonly bytes: number;
};

/** Order of summation: found, or given. */
export type Order = "auto" | ArrayLike<number>;

/** Tables are indexed by 32-bit integers and held in memory: no scope may be larger. */
export const MAX_WIDTH = 26;

/**
 * The cheapest of the orders tried.
 *
 * @returns undefined if all have a scope above {@link MAX_WIDTH}
 */
export function planOf(where: string, of: IsingGraph, order: Order = "auto"): Plan | undefined {
  const orders =
    order === "auto" ? candidateOrders(of, MAX_WIDTH) : [checkedOrder(where, of, order)];
  const plans = orders.map((each) => planOfOrder(of, each)).filter((plan) => plan !== undefined);
  return plans.sort((a, b) => a.operations - b.operations)[0];
}

function checkedOrder(where: string, of: IsingGraph, order: ArrayLike<number>): Int32Array {
  if (order.length !== of.n) {
    throw new ShapeError(
      `${where}: argument \`order\` must have ${of.n} entries, but has ${order.length}.`,
    );
  }
  const nodes = new Set(Array.from(order));
  for (let i = 0; i < of.n; i++) {
    if (nodes.has(i)) continue;
    throw new ArgumentError(
      `${where}: argument \`order\` must name every node once, but node ${i} is missing.`,
    );
  }
  return Int32Array.from(order);
}

function planOfOrder(of: IsingGraph, order: Int32Array): Plan | undefined {
  const rank = new Int32Array(of.n);
  order.forEach((node, step) => (rank[node] = step));
  const scopes = scopesOf(of, order, rank);
  if (scopes === undefined) return undefined;
  const parents = scopes.map((scope) => (scope.length === 0 ? -1 : rank[scope[0]!]!));
  const inner = new Set(parents);
  const steps = scopes.map((scope, step): Step => {
    const parent = parents[step]!;
    const places = Array.from(scope.subarray(1), (node) => scopes[parent]!.indexOf(node));
    return {
      ...{ node: order[step]!, scope, edge: edgesTo(of, order[step]!, scope), parent },
      ...{ leaf: !inner.has(step), places: Int32Array.from(places) },
    };
  });
  return { steps, ...costOf(steps) };
}

/** The spins on which each sum depends; undefined if too many. */
function scopesOf(of: IsingGraph, order: Int32Array, rank: Int32Array): Int32Array[] | undefined {
  const around = neighbourSets(of);
  const scopes: Int32Array[] = [];
  for (const node of order) {
    if (around[node]!.size > MAX_WIDTH) return undefined;
    scopes.push(Int32Array.from([...around[node]!].sort((a, b) => rank[a]! - rank[b]!)));
    eliminate(around, node);
  }
  return scopes;
}

function edgesTo({ rowPtr, col, edgeId }: IsingGraph, node: number, scope: Int32Array): Int32Array {
  return scope.map((other) => {
    for (let slot = rowPtr[node]!; slot < rowPtr[node + 1]!; slot++) {
      if (col[slot] === other) return edgeId[slot]!;
    }
    return -1;
  });
}

function costOf(steps: readonly Step[]): Pick<Plan, "width" | "operations" | "bytes"> {
  let [width, operations, kept] = [0, 0, 0];
  for (const { scope, leaf } of steps) {
    width = Math.max(width, scope.length);
    operations += 2 ** scope.length;
    if (!leaf) kept += 8 * 2 ** scope.length;
  }
  return { width, operations, bytes: kept + 32 * 2 ** width };
}
