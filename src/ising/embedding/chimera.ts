// Embeddings with a closed form on Chimera: TRIAD for complete graphs, crossing bars for bipartite ones.

import { checkInteger } from "../../checks.js";
import { ArgumentError } from "../../errors.js";
import { chimera, chimeraIndex } from "../topologies/chimera.js";
import { bipartite, complete } from "../topologies/simple.js";
import { embeddingProblem, type Embedding } from "./embedding.js";
import type { IsingGraph } from "../graph.js";

type ChimeraHost = { readonly m: number; readonly n: number; readonly t: number };

/** Chains as linear indices of a lattice with `n` columns, the pattern's corner in cell (i, j). */
type Pattern = (n: number, i: number, j: number) => number[][];

/**
 * The complete graph on Chimera (TRIAD): chain t·a + k runs along row a of the cells to its diagonal, and down column a
 * from there. Chains have ⌈n/t⌉ + 1 qubits.
 *
 * @param n - logical spins
 * @param host - a Chimera graph, possibly without dead qubits: the first place where the pattern fits is taken. Default
 * the smallest, `chimera(⌈n/4⌉, ⌈n/4⌉, 4)`
 * @throws ArgumentError if the host is no Chimera graph, or has no place for the pattern
 * @see V. Choi, Quantum Information Processing 7, 193 (2008)
 */
export function cliqueEmbedding(n: number, host?: IsingGraph): Embedding {
  checkInteger("cliqueEmbedding", "n", n, 1, 2 ** 12);
  const size = Math.ceil(n / latticeOf("cliqueEmbedding", host).t);
  const on = host ?? chimera(size, size, 4);
  const { t } = latticeOf("cliqueEmbedding", on);
  const pattern: Pattern = (columns, i, j) =>
    Array.from({ length: n }, (_, spin) => triadChain(spin, size, columns, t, i, j));
  return placed("cliqueEmbedding", complete(n), on, [size, size], pattern);
}

/**
 * The complete bipartite graph on Chimera: left spins are columns of vertical qubits, right ones rows of horizontal qubits.
 *
 * @param left - spins 0 … left − 1, chains of ⌈right/t⌉ qubits
 * @param right - spins left … left + right − 1, chains of ⌈left/t⌉ qubits
 * @param host - as in {@link cliqueEmbedding}; default `chimera(⌈right/4⌉, ⌈left/4⌉, 4)`
 * @throws ArgumentError if the host is no Chimera graph, or has no place for the pattern
 * @see S. H. Adachi and M. P. Henderson, arXiv:1510.06356
 */
export function bicliqueEmbedding(left: number, right: number, host?: IsingGraph): Embedding {
  checkInteger("bicliqueEmbedding", "left", left, 1, 2 ** 12);
  checkInteger("bicliqueEmbedding", "right", right, 1, 2 ** 12);
  const { t } = latticeOf("bicliqueEmbedding", host);
  const [rows, columns] = [Math.ceil(right / t), Math.ceil(left / t)];
  const pattern: Pattern = (n, i0, j0) => [
    ...Array.from({ length: left }, (_, spin) =>
      range(rows).map((i) => index(n, t, i0 + i, j0 + Math.floor(spin / t), 0, spin % t)),
    ),
    ...Array.from({ length: right }, (_, spin) =>
      range(columns).map((j) => index(n, t, i0 + Math.floor(spin / t), j0 + j, 1, spin % t)),
    ),
  ];
  const on = host ?? chimera(rows, columns, t);
  return placed("bicliqueEmbedding", bipartite(left, right), on, [rows, columns], pattern);
}

/** Horizontal (a, j, 1, k) for j = 0 … a, then vertical (i, a, 0, k) for i = a … size − 1. */
function triadChain(
  spin: number,
  size: number,
  n: number,
  t: number,
  i0: number,
  j0: number,
): number[] {
  const [a, k] = [Math.floor(spin / t), spin % t];
  return [
    ...range(a + 1).map((j) => index(n, t, i0 + a, j0 + j, 1, k)),
    ...range(size - a).map((i) => index(n, t, i0 + a + i, j0 + a, 0, k)),
  ];
}

function placed(
  where: string,
  logical: IsingGraph,
  host: IsingGraph,
  [rows, columns]: readonly [number, number],
  pattern: Pattern,
): Embedding {
  const { m, n } = latticeOf(where, host);
  const nodeOf = compactNodes(host);
  for (let i = 0; i + rows <= m; i++) {
    for (let j = 0; j + columns <= n; j++) {
      const chains = pattern(n, i, j).map((chain) => Int32Array.from(chain, nodeOf));
      const candidate = { logical, host, chains };
      if (embeddingProblem(candidate) === null) return candidate;
    }
  }
  throw new ArgumentError(
    `${where}: argument \`host\` must have ${rows} × ${columns} cells of working qubits for ${logical.name}, but ${host.name} ` +
      `has ${rows > m || columns > n ? `only ${m} × ${n} cells` : "none without a dead qubit or coupler in a chain"}.`,
  );
}

/** From a place on the lattice to the node there, −1 for dead qubits. */
function compactNodes({ labels }: IsingGraph): (label: number) => number {
  if (labels === undefined) return (label) => label;
  const nodes = new Map(Array.from(labels, (label, node) => [label, node]));
  return (label) => nodes.get(label) ?? -1;
}

function latticeOf(where: string, host: IsingGraph | undefined): ChimeraHost {
  if (host === undefined) return { m: 0, n: 0, t: 4 };
  if (host.lattice?.kind === "chimera") return host.lattice;
  throw new ArgumentError(
    `${where}: argument \`host\` must be a Chimera graph, but is ${host.name}. Use embedding(logical, host, chains) for others.`,
  );
}

function index(n: number, t: number, i: number, j: number, u: number, k: number): number {
  return chimeraIndex({ i, j, u, k }, n, t);
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
