// The graph of an Ising model: sorted edges, neighbour lists, a verified colouring and the address of every node. Not the
// couplings (model.ts), not how particular graphs are wired (topologies/).

import { ArgumentError, ShapeError } from "../errors.js";
import { checkInteger } from "../checks.js";
import { checkColouring, dsatur } from "./colouring.js";

/** The lattice that a graph is, or is a part of: what drawings and transfer methods need to know. */
export type Lattice =
  | { readonly kind: "complete"; readonly n: number }
  | { readonly kind: "bipartite"; readonly left: number; readonly right: number }
  | { readonly kind: "chimera"; readonly m: number; readonly n: number; readonly t: number }
  | { readonly kind: "pegasus"; readonly m: number }
  | { readonly kind: "zephyr"; readonly m: number; readonly t: number }
  | { readonly kind: "grid" | "torus"; readonly dims: readonly number[] };

/** A graph whose nodes carry spins. Built by {@link graph} and by the functions of `topologies/`; never changed. */
export type IsingGraph = {
  readonly name: string;
  /** Number of nodes, 0 … n − 1. */
  readonly n: number;
  /** Pairs u < v in lexicographic order, flat: edge e joins `edges[2e]` and `edges[2e + 1]`. */
  readonly edges: Int32Array;
  /** Neighbours of i are `col[rowPtr[i]]` … `col[rowPtr[i + 1] − 1]`, ascending; `edgeId` names the edges. */
  readonly rowPtr: Int32Array;
  readonly col: Int32Array;
  readonly edgeId: Int32Array;
  /** Neighbours never share a colour. */
  readonly colour: Int32Array;
  /** Colours are 0 … colours − 1. */
  readonly colours: number;
  /** Rank of each node when nodes are ordered by colour, then index: its place in the random stream of a sweep. */
  readonly pos: Int32Array;
  /** Index of each node on the lattice or in the hardware, ascending or not, where it differs from its own. */
  readonly labels?: Int32Array;
  readonly lattice?: Lattice;
};

/** Options of {@link graph}. */
export type GraphOptions = {
  /** Default `graph(n)`. */
  readonly name?: string;
  /** A colour for each node, verified. Default: DSATUR. */
  readonly colouring?: ArrayLike<number>;
  /** Index of each node elsewhere, for example in the hardware. */
  readonly labels?: ArrayLike<number>;
  readonly lattice?: Lattice;
};

/** Edges as pairs, or flat: u0, v0, u1, v1, … */
export type EdgeList = readonly (readonly [number, number])[] | Int32Array;

/** Number of edges. */
export function edgeCount({ edges }: IsingGraph): number {
  return edges.length / 2;
}

/** Number of neighbours of a node. */
export function degree({ rowPtr }: IsingGraph, node: number): number {
  return rowPtr[node + 1]! - rowPtr[node]!;
}

/** Largest number of neighbours. */
export function maxDegree(of: IsingGraph): number {
  let most = 0;
  for (let i = 0; i < of.n; i++) most = Math.max(most, degree(of, i));
  return most;
}

/**
 * A graph of any edges.
 *
 * @param n - number of nodes, at least 1
 * @param edges - in any order and direction
 * @throws ArgumentError for a node out of range, a self-loop, a repeated edge or an improper colouring
 * @throws ShapeError if colouring or labels do not have n entries
 * @remarks Cost: O(E log E).
 */
export function graph(n: number, edges: EdgeList, options: GraphOptions = {}): IsingGraph {
  checkInteger("graph", "n", n, 1, 2 ** 26);
  const flat = edges instanceof Int32Array ? edges : flatEdges(edges);
  if (flat.length % 2 !== 0) {
    throw new ShapeError(
      `graph: argument \`edges\` must have two ends for each edge, but has length ${flat.length}.`,
    );
  }
  return assemble(n, sortedEdges(n, flat), options);
}

function flatEdges(edges: readonly (readonly number[])[]): Int32Array {
  const flat = new Int32Array(2 * edges.length);
  edges.forEach((edge, e) => {
    if (edge.length !== 2 || !edge.every((node) => Number.isInteger(node))) {
      throw new ArgumentError(
        `graph: argument \`edges[${e}]\` must be a pair of integers, but is [${String(edge)}].`,
      );
    }
    flat.set(edge, 2 * e);
  });
  return flat;
}

/** Pairs u < v in order; one float64 key an edge sorts faster than pairs and holds any two 26-bit nodes. */
function sortedEdges(n: number, flat: Int32Array): Int32Array {
  const keys = new Float64Array(flat.length / 2);
  for (let e = 0; e < keys.length; e++) {
    const [a, b] = [flat[2 * e]!, flat[2 * e + 1]!];
    checkEdge(n, e, a, b);
    keys[e] = Math.min(a, b) * n + Math.max(a, b);
  }
  if (keys.some((key, e) => e > 0 && key < keys[e - 1]!)) keys.sort();
  const edges = new Int32Array(flat.length);
  keys.forEach((key, e) => {
    if (e > 0 && key === keys[e - 1]) {
      throw new ArgumentError(
        `graph: argument \`edges\` must not repeat an edge, but has ${Math.floor(key / n)}-${key % n} twice.`,
      );
    }
    edges[2 * e] = Math.floor(key / n);
    edges[2 * e + 1] = key % n;
  });
  return edges;
}

function checkEdge(n: number, e: number, a: number, b: number): void {
  if (a < 0 || b < 0 || a >= n || b >= n) {
    throw new ArgumentError(
      `graph: argument \`edges[${e}]\` must join nodes from 0 to ${n - 1}, but is ${a}-${b}.`,
    );
  }
  if (a === b) {
    throw new ArgumentError(
      `graph: argument \`edges[${e}]\` must join two different nodes, but joins ${a} with itself. ` +
        "A constant energy belongs into the model's offset.",
    );
  }
}

function assemble(n: number, edges: Int32Array, options: GraphOptions): IsingGraph {
  const { name = `graph(${n})`, colouring, labels, lattice } = options;
  const lists = neighbours(n, edges);
  const found = colouring ?? dsatur(lists);
  const colours = checkColouring("graph", edges, found, n);
  const colour = Int32Array.from(found);
  if (labels !== undefined && labels.length !== n) {
    throw new ShapeError(
      `graph: argument \`labels\` must have ${n} entries, but has ${labels.length}.`,
    );
  }
  return {
    ...{ name, n, edges, ...lists, colour, colours, pos: positions(colour, colours) },
    ...(labels !== undefined && { labels: Int32Array.from(labels) }),
    ...(lattice !== undefined && { lattice }),
  };
}

/** Neighbour lists of sorted edges: lower neighbours come first, so that each list is ascending. */
function neighbours(n: number, edges: Int32Array): Pick<IsingGraph, "rowPtr" | "col" | "edgeId"> {
  const rowPtr = new Int32Array(n + 1);
  for (const node of edges) rowPtr[node + 1]! += 1;
  for (let i = 0; i < n; i++) rowPtr[i + 1]! += rowPtr[i]!;
  const next = rowPtr.slice(0, n);
  const col = new Int32Array(edges.length);
  const edgeId = new Int32Array(edges.length);
  const put = (node: number, other: number, e: number): void => {
    const slot = next[node]!++;
    col[slot] = other;
    edgeId[slot] = e;
  };
  for (let e = 0; 2 * e < edges.length; e++) put(edges[2 * e + 1]!, edges[2 * e]!, e);
  for (let e = 0; 2 * e < edges.length; e++) put(edges[2 * e]!, edges[2 * e + 1]!, e);
  return { rowPtr, col, edgeId };
}

function positions(colour: Int32Array, colours: number): Int32Array {
  const next = new Int32Array(colours + 1);
  for (const c of colour) next[c + 1]! += 1;
  for (let c = 0; c < colours; c++) next[c + 1]! += next[c]!;
  return colour.map((c) => next[c]!++);
}
