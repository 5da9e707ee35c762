// What an embedding is, and the check that it is one: chains of host qubits that stand for the spins of a logical graph.

import { ArgumentError } from "../../errors.js";
import type { IsingGraph } from "../graph.js";

/** A logical graph on a host graph: each logical spin is a connected chain of qubits of its own. */
export type Embedding = {
  readonly logical: IsingGraph;
  readonly host: IsingGraph;
  /** One chain per logical spin: nodes of the host. */
  readonly chains: readonly Int32Array[];
};

/** How an embedding uses the edges of its host. */
export type HostRoles = {
  /** `[host.n]`, the logical spin of each qubit, −1 for unused ones. */
  readonly spin: Int32Array;
  /** `[host edges]`, the logical edge that each coupler carries, {@link CHAIN_EDGE} or {@link UNUSED_EDGE}. */
  readonly role: Int32Array;
  /** `[logical edges]`, how many couplers carry each logical edge. */
  readonly couplers: Int32Array;
};

/** Role of a coupler inside a chain. */
export const CHAIN_EDGE: number = -1;

/** Role of a coupler that carries nothing. */
export const UNUSED_EDGE: number = -2;

/**
 * Makes an embedding and verifies it.
 *
 * @param logical - the graph wanted
 * @param host - the graph there is; leave dead qubits out of it
 * @param chains - for each logical spin the host nodes that stand for it
 * @throws ArgumentError as {@link verifyEmbedding}
 */
export function embedding(
  logical: IsingGraph,
  host: IsingGraph,
  chains: readonly ArrayLike<number>[],
): Embedding {
  const made = { logical, host, chains: chains.map((chain) => Int32Array.from(chain)) };
  verifyEmbedding(made);
  return made;
}

/**
 * Throws unless every chain is a non-empty, connected set of host nodes, no two chains share a node, and every logical
 * edge has a coupler between its chains.
 *
 * @throws ArgumentError that names the first chain or edge at fault
 */
export function verifyEmbedding(of: Embedding): void {
  const problem = embeddingProblem(of);
  if (problem !== null) throw new ArgumentError(`verifyEmbedding: argument \`chains\` ${problem}`);
}

/** What keeps this from being an embedding, in words that start with "must"; null if nothing does. */
export function embeddingProblem({ logical, host, chains }: Embedding): string | null {
  if (chains.length !== logical.n) {
    return `must hold one chain for each of the ${logical.n} logical spins, but holds ${chains.length}.`;
  }
  const spin = new Int32Array(host.n).fill(-1);
  for (const [i, chain] of chains.entries()) {
    const problem = claimQubits(spin, i, chain, host);
    if (problem !== null) return problem;
  }
  for (const [i, chain] of chains.entries()) {
    const cut = unreachable(host, spin, i, chain);
    if (cut !== null) {
      return `must be connected, but chain ${i} has no path of its own couplers from qubit ${name(host, chain[0]!)} to qubit ${name(host, cut)}.`;
    }
  }
  return missingEdge(logical, couplersOf(logical, host, spin).couplers);
}

/** The use of every qubit and coupler of a verified embedding. */
export function hostRoles({ logical, host, chains }: Embedding): HostRoles {
  const spin = new Int32Array(host.n).fill(-1);
  for (const [i, chain] of chains.entries()) for (const qubit of chain) spin[qubit] = i;
  return { spin, ...couplersOf(logical, host, spin) };
}

function claimQubits(
  spin: Int32Array,
  i: number,
  chain: Int32Array,
  host: IsingGraph,
): string | null {
  if (chain.length === 0) return `must not be empty, but chain ${i} is.`;
  for (const qubit of chain) {
    if (qubit < 0 || qubit >= host.n) {
      return `must hold nodes of the host from 0 to ${host.n - 1}, but chain ${i} has ${qubit}.`;
    }
    if (spin[qubit] !== -1) {
      return `must be disjoint, but qubit ${name(host, qubit)} is in chain ${spin[qubit]!} and ${spin[qubit] === i ? "there twice" : `in chain ${i}`}.`;
    }
    spin[qubit] = i;
  }
  return null;
}

/** A qubit of the chain that its first one does not reach, or null. */
function unreachable(
  { rowPtr, col }: IsingGraph,
  spin: Int32Array,
  i: number,
  chain: Int32Array,
): number | null {
  const reached = new Set([chain[0]!]);
  for (const qubit of reached) {
    for (let slot = rowPtr[qubit]!; slot < rowPtr[qubit + 1]!; slot++) {
      if (spin[col[slot]!] === i) reached.add(col[slot]!);
    }
  }
  return chain.find((qubit) => !reached.has(qubit)) ?? null;
}

function couplersOf(
  logical: IsingGraph,
  host: IsingGraph,
  spin: Int32Array,
): Pick<HostRoles, "role" | "couplers"> {
  const couplers = new Int32Array(logical.edges.length / 2);
  const role = new Int32Array(host.edges.length / 2);
  for (let e = 0; e < role.length; e++) {
    const [a, b] = [spin[host.edges[2 * e]!]!, spin[host.edges[2 * e + 1]!]!];
    const edge = a < 0 || b < 0 ? UNUSED_EDGE : a === b ? CHAIN_EDGE : edgeBetween(logical, a, b);
    role[e] = edge;
    if (edge >= 0) couplers[edge]! += 1;
  }
  return { role, couplers };
}

/** By bisection, as neighbour lists ascend. */
function edgeBetween({ rowPtr, col, edgeId }: IsingGraph, a: number, b: number): number {
  let [lo, hi] = [rowPtr[a]!, rowPtr[a + 1]!];
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    if (col[middle]! < b) lo = middle + 1;
    else hi = middle;
  }
  return lo < rowPtr[a + 1]! && col[lo] === b ? edgeId[lo]! : UNUSED_EDGE;
}

function missingEdge({ edges }: IsingGraph, couplers: Int32Array): string | null {
  const e = couplers.indexOf(0);
  if (e < 0) return null;
  const [u, v] = [edges[2 * e]!, edges[2 * e + 1]!];
  return `must have a coupler for every logical edge, but chains ${u} and ${v} have none between them for edge ${u}-${v}.`;
}

/** A qubit as the user knows it: by its hardware label where the host has labels. */
function name({ labels }: IsingGraph, qubit: number): string {
  return labels === undefined ? String(qubit) : `${qubit} (hardware ${labels[qubit]!})`;
}
