// What draws of several chains say about their convergence and error: split R-hat, effective sample size,
// autocorrelation and standard error, in float64.

import { ArgumentError, ShapeError } from "../errors.js";
import type { SampleDiagnostics, SampleSet } from "./sample-set.js";

/** Draws of one quantity: one list a chain, all of the same length. */
export type Draws = readonly ArrayLike<number>[];

/** Effective sample size and integrated autocorrelation time. */
export type SampleSize = {
  /** Independent draws with the same standard error of the mean. */
  readonly ess: number;
  /** `τ = draws / ess`, in draws. */
  readonly tau: number;
};

/**
 * Split R-hat, `√(((N−1)/N W + B/N) / W)`: every chain is split in two halves of N draws, W is the mean of their
 * variances and B/N the variance of their means. Near 1 where chains agree; above 1.01 they do not yet.
 *
 * @param draws - at least 1 chain of at least 4 draws
 * @returns NaN if all draws are equal or one is not finite
 * @throws ShapeError if chains differ in length; ArgumentError if they are too short
 * @see Vehtari et al., Bayesian Analysis 16 (2021)
 */
export function splitRHat(draws: Draws): number {
  const halves = splitChains("splitRHat", draws);
  if (halves === null) return NaN;
  const N = halves[0]!.length;
  const W = mean(halves.map((half) => variance(half)));
  const betweenMeans = variance(halves.map((half) => mean(half)));
  return Math.sqrt((((N - 1) / N) * W + betweenMeans) / W);
}

/**
 * Effective sample size of the mean over all chains, from Geyer's initial monotone sequence of the split chains'
 * autocorrelation; chains that disagree count as correlated.
 *
 * @param draws - at least 1 chain of at least 4 draws
 * @returns NaN if all draws are equal or one is not finite
 * @throws ShapeError if chains differ in length; ArgumentError if they are too short
 * @remarks The same number as arviz's `ess(method="mean")`, its cap `τ ≥ 1 / log₁₀ draws` included.
 * @see Vehtari et al., Bayesian Analysis 16 (2021); Geyer, Statistical Science 7 (1992)
 */
export function effectiveSampleSize(draws: Draws): SampleSize {
  const halves = splitChains("effectiveSampleSize", draws);
  if (halves === null) return { ess: NaN, tau: NaN };
  const total = halves.length * halves[0]!.length;
  const tau = Math.max(geyerTau(correlationOf(halves), halves[0]!.length), 1 / Math.log10(total));
  return { ess: total / tau, tau };
}

/**
 * Autocorrelation `ρ_t`, averaged over chains, each about its own mean.
 *
 * @param draws - at least 1 chain
 * @param maxLag - largest lag, below the number of draws
 * @returns `[maxLag + 1]`, ρ₀ = 1; NaN for constant chains
 * @throws ShapeError if chains differ in length; ArgumentError if `maxLag` is out of range
 */
export function autocorrelation(draws: Draws, maxLag: number): Float64Array {
  const length = chainLength("autocorrelation", draws, 1);
  if (!Number.isInteger(maxLag) || maxLag < 0 || maxLag >= length) {
    throw new ArgumentError(
      `autocorrelation: argument \`maxLag\` must be an integer from 0 to ${length - 1}, but is ${maxLag}.`,
    );
  }
  const centred = draws.map(centre);
  const whole = meanAutocovariance(centred, 0);
  return Float64Array.from(
    { length: maxLag + 1 },
    (_, t) => meanAutocovariance(centred, t) / whole,
  );
}

/**
 * Standard error of the mean of all draws, their standard deviation over √ess.
 *
 * @param draws - at least 1 chain of at least 4 draws
 * @returns 0 if all draws are equal, NaN if one is not finite
 * @throws ShapeError if chains differ in length; ArgumentError if they are too short
 */
export function standardError(draws: Draws): number {
  const { ess } = effectiveSampleSize(draws);
  const all = draws.flatMap((chain) => Array.from(chain));
  const spread = variance(all);
  return spread === 0 ? 0 : Math.sqrt(spread / ess);
}

/**
 * Split R-hat and effective sample size of the energy, for each model of a sample set whose rows are draws in order.
 *
 * @param set - not aggregated: every row is one draw, every chain of a model has as many
 * @returns one number per model; NaN with fewer than 4 draws a chain
 * @throws ShapeError if chains differ in length
 */
export function energyDiagnostics(set: SampleSet): SampleDiagnostics {
  const models = chainsOfModels(set);
  const judge = (pick: (draws: Draws) => number): number[] =>
    models.map((draws) => ((draws[0]?.length ?? 0) < 4 ? NaN : pick(draws)));
  return { rHat: judge(splitRHat), ess: judge((draws) => effectiveSampleSize(draws).ess) };
}

function chainsOfModels({ rows, model, chain, energies }: SampleSet): number[][][] {
  const models: number[][][] = [];
  for (let i = 0; i < rows; i++) {
    const chains = (models[model[i]!] ??= []);
    (chains[chain[i]!] ??= []).push(energies[i]!);
  }
  return Array.from(models, (chains) => Object.values(chains));
}

/** Halves of the chains, without the middle draw of an odd number; null where nothing can be said. */
function splitChains(where: string, draws: Draws): Float64Array[] | null {
  const length = chainLength(where, draws, 4);
  const first = draws[0]![0]!;
  let constant = true;
  for (const chain of draws) {
    for (let t = 0; t < length; t++) {
      if (!Number.isFinite(chain[t])) return null;
      if (chain[t] !== first) constant = false;
    }
  }
  if (constant) return null;
  const half = Math.floor(length / 2);
  return draws.flatMap((chain) => {
    const values = Float64Array.from(chain);
    return [values.subarray(0, half), values.subarray(length - half)];
  });
}

function chainLength(where: string, draws: Draws, least: number): number {
  const length = draws[0]?.length ?? 0;
  if (length < least) {
    throw new ArgumentError(
      `${where}: argument \`draws\` must hold at least one chain of at least ${least} draws, but ` +
        `${draws.length === 0 ? "is empty" : `has ${length} draws`}.`,
    );
  }
  const other = draws.findIndex((chain) => chain.length !== length);
  if (other < 0) return length;
  throw new ShapeError(
    `${where}: argument \`draws[${other}]\` must have ${length} draws like the first chain, but has ${draws[other]!.length}.`,
  );
}

/** `ρ_t = 1 − (W − a_t) / v` with the mean autocovariance a_t of all halves. */
function correlationOf(halves: readonly Float64Array[]): (lag: number) => number {
  const N = halves[0]!.length;
  const centred = halves.map(centre);
  const a0 = meanAutocovariance(centred, 0);
  const W = (a0 * N) / (N - 1);
  const v = a0 + variance(halves.map((half) => mean(half)));
  return (lag) => 1 - (W - meanAutocovariance(centred, lag)) / v;
}

/** `τ = −1 + 2 Σ P_k + ρ` of the even lag that ends the sum; P_k = ρ_2k + ρ_2k+1 while positive, made non-increasing. */
function geyerTau(rho: (lag: number) => number, length: number): number {
  let [even, odd] = [1, rho(1)];
  let [sum, last] = [0, Infinity];
  for (let lag = 2; lag < length - 2 && even + odd > 0; lag += 2) {
    last = Math.min(last, even + odd);
    sum += last;
    [even, odd] = [rho(lag), rho(lag + 1)];
  }
  return -1 + 2 * sum + Math.max(even, 0);
}

function meanAutocovariance(centred: readonly Float64Array[], lag: number): number {
  return mean(
    centred.map((chain) => {
      let sum = 0;
      for (let t = lag; t < chain.length; t++) sum += chain[t]! * chain[t - lag]!;
      return sum / chain.length;
    }),
  );
}

function centre(chain: ArrayLike<number>): Float64Array {
  const middle = mean(chain);
  return Float64Array.from(chain, (value) => value - middle);
}

/** Summed as differences from the first value, so that equal values have exactly their own mean. */
function mean(values: ArrayLike<number>): number {
  const first = values[0]!;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! - first;
  return first + sum / values.length;
}

/** Unbiased; 0 for a single value. */
function variance(values: ArrayLike<number>): number {
  const middle = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - middle) ** 2;
  return values.length > 1 ? sum / (values.length - 1) : 0;
}
