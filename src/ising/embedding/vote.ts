// From chains back to spins: majority vote with a fair coin for ties, and how many chains disagreed.

import { ShapeError } from "../../errors.js";
import { stream, uniformArray } from "../../random.js";
import type { Embedding } from "./embedding.js";

/** Logical spins, and which chains were not unanimous. */
export type Vote = {
  /** `[rows, n]` of the logical graph. */
  readonly samples: Int8Array;
  /** `[rows]`, how many chains of the row were broken. */
  readonly broken: Int32Array;
};

/** Options of {@link majorityVote}. */
export type VoteOptions = {
  /** Of the coins. Default 0. */
  readonly seed?: number;
  /** Counts votes with one seed, so that they toss different coins. Default 0. */
  readonly event?: number;
};

/**
 * Every chain takes the sign of most of its qubits. A tie is decided by a fair coin, `+1` where `u < ½`, so that it adds no
 * bias; vendors' software says +1.
 *
 * @param physical - `[rows, host.n]`, flat, spins of the host
 * @param embedding - a verified embedding
 * @returns the same votes for the same seed and event, wherever a row's ties are
 * @throws ShapeError if the spins do not fit the host
 */
export function majorityVote(
  physical: Int8Array,
  embedding: Embedding,
  options: VoteOptions = {},
): Vote {
  const { host, chains } = embedding;
  if (physical.length % host.n !== 0) {
    throw new ShapeError(
      `majorityVote: argument \`physical\` must hold [rows, ${host.n}] spins, but has length ${physical.length}.`,
    );
  }
  const rows = physical.length / host.n;
  const n = chains.length;
  const coins = tieCoins(chains, rows, options);
  const samples = new Int8Array(rows * n);
  const broken = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    for (const [i, chain] of chains.entries()) {
      const sum = chainSum(physical, row * host.n, chain);
      if (Math.abs(sum) < chain.length) broken[row]! += 1;
      const at = row * n + i;
      samples[at] = sum !== 0 ? Math.sign(sum) : coins[at]! < 0.5 ? 1 : -1;
    }
  }
  return { samples, broken };
}

/** `Σ broken / (rows n)`: the fraction of chains that were not unanimous; NaN without rows. */
export function chainBreakFraction({ samples, broken }: Vote): number {
  return broken.reduce((sum, count) => sum + count, 0) / samples.length;
}

function chainSum(physical: Int8Array, from: number, chain: Int32Array): number {
  let sum = 0;
  for (const qubit of chain) sum += physical[from + qubit]!;
  return sum;
}

/** One coin per logical spin and row, at its own address; none where no chain can tie. */
function tieCoins(
  chains: readonly Int32Array[],
  rows: number,
  { seed = 0, event = 0 }: VoteOptions,
): Float32Array {
  const from = stream(seed, "voteTies", event);
  const canTie = chains.some((chain) => chain.length % 2 === 0);
  return canTie ? uniformArray(from, rows * chains.length) : new Float32Array(0);
}
