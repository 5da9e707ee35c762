// How large and how small local fields of a model can be: what temperatures and transverse fields are measured by.

import type { HostModel } from "../model.js";

/** Bounds of one replica; both 0 for one that is all 0. */
export type FieldBounds = {
  /** `max_i (|b_i| + Σ_j |J_ij|)`. */
  readonly largest: number;
  /** The smallest |b| or |J| that is not 0. */
  readonly smallest: number;
};

/** The bounds of each replica. */
export function fieldBounds({
  graph,
  population,
  biases,
  couplings,
}: HostModel): readonly FieldBounds[] {
  const edges = graph.edges.length / 2;
  return Array.from({ length: population }, (_, p) => {
    const b = biases.subarray(p * graph.n, (p + 1) * graph.n);
    const J = couplings.subarray(p * edges, (p + 1) * edges);
    const sums = b.map(Math.abs);
    J.forEach((coupling, e) => {
      sums[graph.edges[2 * e]!]! += Math.abs(coupling);
      sums[graph.edges[2 * e + 1]!]! += Math.abs(coupling);
    });
    const largest = sums.reduce((a, x) => Math.max(a, x), 0);
    return { largest, smallest: Math.min(smallestOf(b), smallestOf(J), largest) };
  });
}

function smallestOf(values: Float64Array): number {
  return values.reduce((a, x) => (x === 0 ? a : Math.min(a, Math.abs(x))), Infinity);
}
