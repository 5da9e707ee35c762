// The order in which a sweep visits nodes and reads their neighbours. Knows the graph, not the couplings.

import type { SweepGraph, SweepModel } from "./contract.js";

/** A graph by positions. */
export type Layout = {
  /** `[n]`, the node at a position. */
  readonly order: Int32Array;
  /** `[2n + 1]`: the links of position p are `bounds[2p]` … `bounds[2p + 2] − 1`, scaled ones from `bounds[2p + 1]`. */
  readonly bounds: Int32Array;
  /** `[2 edges]`, position of each link's other end, ascending among those of one kind. */
  readonly to: Int32Array;
  /** `[2 edges]`, edge of each link. */
  readonly edge: Int32Array;
};

const layouts = new WeakMap<SweepGraph, Layout>();

/** The layout of a model's graph; remembered unless some couplings are scaled. */
export function layoutOf({ graph, scaled }: Pick<SweepModel, "graph" | "scaled">): Layout {
  if (scaled !== undefined) return makeLayout(graph, scaled);
  const known = layouts.get(graph) ?? makeLayout(graph, new Uint8Array(graph.edges.length / 2));
  layouts.set(graph, known);
  return known;
}

function makeLayout(graph: SweepGraph, scaled: Uint8Array): Layout {
  const { n, rowPtr, col, edgeId, pos } = graph;
  const order = new Int32Array(n);
  pos.forEach((p, i) => (order[p] = i));
  const bounds = linkBounds(graph, order, scaled);
  const next = bounds.slice();
  const to = new Int32Array(col.length);
  const edge = new Int32Array(col.length);
  // Ends in ascending order reach every list in ascending order, without sorting.
  order.forEach((node, p) => {
    for (let slot = rowPtr[node]!; slot < rowPtr[node + 1]!; slot++) {
      const e = edgeId[slot]!;
      const at = next[2 * pos[col[slot]!]! + Math.min(scaled[e]!, 1)]!++;
      to[at] = p;
      edge[at] = e;
    }
  });
  return { order, bounds, to, edge };
}

function linkBounds(
  { n, rowPtr, edgeId }: SweepGraph,
  order: Int32Array,
  scaled: Uint8Array,
): Int32Array {
  const bounds = new Int32Array(2 * n + 1);
  for (let p = 0; p < n; p++) {
    const node = order[p]!;
    let second = 0;
    for (let slot = rowPtr[node]!; slot < rowPtr[node + 1]!; slot++)
      if (scaled[edgeId[slot]!] !== 0) second++;
    const all = rowPtr[node + 1]! - rowPtr[node]!;
    bounds[2 * p + 1] = bounds[2 * p]! + all - second;
    bounds[2 * p + 2] = bounds[2 * p]! + all;
  }
  return bounds;
}
