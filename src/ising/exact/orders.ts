// Orders in which to sum spins out: which are tried for a graph. What an order costs is in plan.ts.

import { chimeraPlace } from "../topologies/chimera.js";
import { labelOf } from "../parts.js";
import type { IsingGraph } from "../graph.js";

/** Above this many nodes only orders that cost nothing to find are tried. */
const GREEDY_MAX_NODES = 4096;

/** Orders worth trying: those the lattice suggests, and fewest neighbours first, unless some bag gets too wide. */
export function candidateOrders(of: IsingGraph, maxWidth: number): Int32Array[] {
  const orders = latticeOrders(of);
  const greedy = of.n <= GREEDY_MAX_NODES ? fewestNeighboursFirst(of, maxWidth) : undefined;
  return greedy === undefined ? orders : [greedy, ...orders];
}

/** Chimera by columns and by rows of cells; rectangular lattices along each of their axes; else by index. */
function latticeOrders(of: IsingGraph): Int32Array[] {
  const { lattice } = of;
  if (lattice?.kind === "chimera") {
    const { n, t } = lattice;
    const place = (node: number): ReturnType<typeof chimeraPlace> =>
      chimeraPlace(labelOf(of, node), n, t);
    return [
      sorted(of, (node) => [place(node).j, place(node).u, place(node).k, place(node).i]),
      sorted(of, (node) => [place(node).i, 1 - place(node).u, place(node).k, place(node).j]),
    ];
  }
  if (lattice?.kind === "grid" || lattice?.kind === "torus") {
    return lattice.dims.map((length, d) => {
      const stride = lattice.dims.slice(d + 1).reduce((a, b) => a * b, 1);
      return sorted(of, (node) => [Math.floor(labelOf(of, node) / stride) % length]);
    });
  }
  return [sorted(of, () => [])];
}

/** Nodes ordered by keys, then by index. */
function sorted(of: IsingGraph, keyOf: (node: number) => readonly number[]): Int32Array {
  const keys = Array.from({ length: of.n }, (_, node) => [...keyOf(node), node]);
  keys.sort((a, b) => a.map((key, at) => key - b[at]!).find((difference) => difference !== 0) ?? 0);
  return Int32Array.from(keys, (key) => key.at(-1)!);
}

/**
 * Always the node with fewest neighbours, of those the one that joins fewest new pairs, then the lowest index; its
 * neighbours become neighbours of each other.
 *
 * @returns undefined if a node with more than `maxWidth` neighbours comes up
 */
function fewestNeighboursFirst(of: IsingGraph, maxWidth: number): Int32Array | undefined {
  const around = neighbourSets(of);
  const left = new Set(around.keys());
  const order = new Int32Array(of.n);
  for (let step = 0; step < of.n; step++) {
    const node = cheapest(left, around);
    if (around[node]!.size > maxWidth) return undefined;
    order[step] = node;
    left.delete(node);
    eliminate(around, node);
  }
  return order;
}

/** For each node the set of its neighbours. */
export function neighbourSets({ n, rowPtr, col }: IsingGraph): Set<number>[] {
  return Array.from({ length: n }, (_, i) => new Set(col.subarray(rowPtr[i], rowPtr[i + 1])));
}

/** Takes a node out and joins its neighbours. */
export function eliminate(around: readonly Set<number>[], node: number): void {
  for (const a of around[node]!) {
    const set = around[a]!;
    set.delete(node);
    for (const b of around[node]!) if (a !== b) set.add(b);
  }
}

function cheapest(left: ReadonlySet<number>, around: readonly Set<number>[]): number {
  let [best, fewest, fill] = [-1, Infinity, Infinity];
  for (const node of left) {
    const size = around[node]!.size;
    if (size > fewest) continue;
    if (size < fewest) fill = Infinity;
    const missing = size < 2 || size > 8 ? 0 : missingPairs(around, node, fill);
    if (size === fewest && missing >= fill) continue;
    [best, fewest, fill] = [node, size, missing];
  }
  return best;
}

/** Pairs of neighbours that are not neighbours of each other; stops at `enough`. */
function missingPairs(around: readonly Set<number>[], node: number, enough: number): number {
  const nodes = [...around[node]!];
  let missing = 0;
  for (let a = 0; a < nodes.length && missing < enough; a++) {
    for (let b = 0; b < a; b++) if (!around[nodes[a]!]!.has(nodes[b]!)) missing++;
  }
  return missing;
}
