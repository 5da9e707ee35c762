// The ladders of parallel tempering: which chain stands on which rung, exchanges between neighbours, round trips, and rungs at
// equal distances. No sampling.

/** Ladders of R rungs; chain r of a ladder stands on one rung, hottest first. */
export type Ladder = {
  /** `[R]`, chain on each rung. */
  readonly chainAt: Int32Array;
  /** `[R]`, which end each chain saw last: −1 hot, +1 cold, 0 none. */
  readonly lastEnd: Int8Array;
  /** Complete trips of all chains from the hot end to the cold one and back. */
  trips: number;
};

/** What happened between neighbouring rungs. */
export type SwapCounts = {
  /** `[R − 1]`. */
  readonly tried: Float64Array;
  readonly accepted: Float64Array;
  /** Sum of the probabilities of acceptance, less noisy than the count. */
  readonly probability: Float64Array;
};

/** A ladder whose chains stand in order. */
export function newLadder(rungs: number): Ladder {
  const lastEnd = new Int8Array(rungs);
  lastEnd[0] = -1;
  return { chainAt: Int32Array.from({ length: rungs }, (_, r) => r), lastEnd, trips: 0 };
}

/** Counts at zero. */
export function newCounts(rungs: number): SwapCounts {
  const zeros = (): Float64Array => new Float64Array(Math.max(0, rungs - 1));
  return { tried: zeros(), accepted: zeros(), probability: zeros() };
}

/**
 * Probability that chains at βᵢ and βⱼ exchange: `min(1, exp((βᵢ − βⱼ)(Eᵢ − Eⱼ)))`. Infinite β exchange where the colder chain
 * has the higher energy.
 */
export function swapProbability(betaI: number, betaJ: number, Ei: number, Ej: number): number {
  if (betaI === betaJ || Ei === Ej) return 1;
  return Math.min(1, Math.exp((betaI - betaJ) * (Ei - Ej)));
}

/**
 * Tries to exchange the neighbours j, j + 1 with j of the round's parity.
 *
 * @param energy - of each chain
 * @param u - `[R − 1]`, the uniform of each pair
 */
export function exchange(
  ladder: Ladder,
  round: number,
  betas: Float64Array,
  energy: Float64Array,
  u: Float32Array,
  counts: SwapCounts,
): void {
  const { chainAt } = ladder;
  for (let j = round % 2; j + 1 < betas.length; j += 2) {
    const [a, b] = [chainAt[j]!, chainAt[j + 1]!];
    const p = swapProbability(betas[j]!, betas[j + 1]!, energy[a]!, energy[b]!);
    counts.tried[j]! += 1;
    counts.probability[j]! += p;
    if (u[j]! + 2 ** -24 >= p) continue;
    counts.accepted[j]! += 1;
    [chainAt[j], chainAt[j + 1]] = [b, a];
  }
  countTrips(ladder);
}

function countTrips(ladder: Ladder): void {
  const { chainAt, lastEnd } = ladder;
  const [hot, cold] = [chainAt[0]!, chainAt.at(-1)!];
  if (lastEnd[cold] === -1) lastEnd[cold] = 1;
  if (lastEnd[hot] === 1) ladder.trips += 1;
  lastEnd[hot] = -1;
}

/**
 * Rungs at which all neighbours are expected to reject equally often: the rejections so far, summed from the hot end, are
 * inverted at equal distances. The ends stay.
 *
 * @returns the same rungs where nothing was rejected or a β is infinite
 * @see Syed et al., J. R. Stat. Soc. B 84, 321 (2022), algorithm 2
 */
export function evenRungs(betas: Float64Array, { tried, probability }: SwapCounts): Float64Array {
  if (tried.some((count) => count === 0) || !Number.isFinite(betas.at(-1)!)) return betas;
  const sums = new Float64Array(betas.length);
  for (let j = 0; j < tried.length; j++) sums[j + 1] = sums[j]! + 1 - probability[j]! / tried[j]!;
  const total = sums.at(-1)!;
  if (total <= 1e-12) return betas;
  return betas.map((beta, k) => {
    if (k === 0 || k === betas.length - 1) return beta;
    const wanted = (total * k) / (betas.length - 1);
    const j = sums.findIndex((sum) => sum >= wanted);
    const part = (wanted - sums[j - 1]!) / (sums[j]! - sums[j - 1]!);
    return betas[j - 1]! + part * (betas[j]! - betas[j - 1]!);
  });
}
