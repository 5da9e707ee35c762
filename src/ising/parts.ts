// Parts of graphs: some of the nodes, or all but dead ones; and the way between indices and labels.

import { checkInteger } from "../checks.js";
import { ArgumentError } from "../errors.js";
import { graph } from "./graph.js";
import type { IsingGraph } from "./graph.js";

/** Nodes and edges to leave out of a graph, by index. */
export type DeadParts = {
  readonly nodes?: Iterable<number>;
  /** Edge numbers. */
  readonly edges?: Iterable<number>;
};

/**
 * The graph of some nodes and of the edges among them.
 *
 * @param of - the whole graph
 * @param nodes - indices to keep, in any order
 * @param name - default: says how many are kept
 * @returns nodes renumbered in ascending order, with labels that say what they were; colours kept
 * @throws ArgumentError for an index out of range or repeated, or an empty part
 */
export function subgraph(of: IsingGraph, nodes: Iterable<number>, name?: string): IsingGraph {
  const index = new Int32Array(of.n).fill(-1);
  for (const node of nodes) {
    checkInteger("subgraph", "nodes", node, 0, of.n - 1);
    if (index[node] === 0) {
      throw new ArgumentError(`subgraph: argument \`nodes\` must not repeat node ${node}.`);
    }
    index[node] = 0;
  }
  return keep(of, index, undefined, name);
}

/**
 * The graph without dead nodes and edges, as a machine with defects has it.
 *
 * @param of - the whole graph
 * @param dead - what to leave out
 * @throws ArgumentError for an index out of range, or if no node is left
 */
export function without(of: IsingGraph, dead: DeadParts): IsingGraph {
  const index = new Int32Array(of.n);
  const gone = new Set<number>();
  for (const node of dead.nodes ?? []) {
    checkInteger("without", "nodes", node, 0, of.n - 1);
    index[node] = -1;
  }
  for (const e of dead.edges ?? []) {
    checkInteger("without", "edges", e, 0, of.edges.length / 2 - 1);
    gone.add(e);
  }
  return keep(of, index, gone);
}

/** Index of the node with a label; its own number where the graph has no labels. */
export function nodeOf(of: IsingGraph, label: number): number {
  const node = of.labels === undefined ? label : of.labels.indexOf(label);
  if (Number.isInteger(node) && node >= 0 && node < of.n) return node;
  throw new ArgumentError(
    `nodeOf: argument \`label\` must be the label of a node of ${of.name}, but is ${label}.`,
  );
}

/** Label of a node; its own number where the graph has no labels. */
export function labelOf(of: IsingGraph, node: number): number {
  checkInteger("labelOf", "node", node, 0, of.n - 1);
  return of.labels?.[node] ?? node;
}

/** Keeps the nodes whose index is not −1, which it renumbers. */
function keep(
  of: IsingGraph,
  index: Int32Array,
  gone: ReadonlySet<number> | undefined,
  name?: string,
): IsingGraph {
  const kept: number[] = [];
  for (let i = 0; i < of.n; i++) if (index[i] !== -1) index[i] = kept.push(i) - 1;
  if (kept.length === 0) {
    throw new ArgumentError("subgraph: argument `nodes` must leave at least one node.");
  }
  const edges: number[] = [];
  for (let e = 0; 2 * e < of.edges.length; e++) {
    const [u, v] = [index[of.edges[2 * e]!]!, index[of.edges[2 * e + 1]!]!];
    if (u !== -1 && v !== -1 && !gone?.has(e)) edges.push(u, v);
  }
  return graph(kept.length, Int32Array.from(edges), {
    name: name ?? `${kept.length} of ${of.n} nodes of ${of.name}`,
    colouring: dense(kept.map((i) => of.colour[i]!)),
    labels: kept.map((i) => of.labels?.[i] ?? i),
    ...(of.lattice !== undefined && { lattice: of.lattice }),
  });
}

/** The same classes numbered without gaps. */
function dense(colours: readonly number[]): number[] {
  const used = [...new Set(colours)].sort((a, b) => a - b);
  const rank = new Map(used.map((c, i) => [c, i]));
  return colours.map((c) => rank.get(c)!);
}
