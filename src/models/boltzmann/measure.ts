// What is measured of a population: L1 norms against their floors, likelihood, and what the fields alone reach. Exact where the
// configuration allows the time, else by sampling; says which.

import {
  correlationFloor,
  covariances,
  exactPairs,
  exactPairsSeconds,
  logLikelihood,
  momentLogLikelihood,
  pairCount,
  pairIndex,
  raoBlackwellPairs,
  sampledPairs,
  type BoltzmannMachine,
  type Moments,
} from "../../boltzmann/index.js";
import {
  anneal,
  annealedImportance,
  exactCost,
  exactMoments,
  gibbs,
  logPartition,
  replica,
} from "../../ising/index.js";
import { single } from "./negative.js";
import type { EvaluateConfig } from "./config.js";

/** Sweeps from high temperature to that of the machine: from random spins at that temperature some machines take 10⁴. */
const COOLING = 300;

/** Sweeps at the temperature before the first sample, and between samples. */
const WARMUP = 300;
const BETWEEN = 20;

/** Chains of a measurement. */
const CHAINS = 1000;

/** log Z and how it was found. */
export type Partition = {
  readonly logZ: number;
  /** Standard error of an estimate; 0 where it is exact. */
  readonly error: number;
};

/** Whether sums over one replica are within the time allowed. */
function isAffordable(seconds: () => number, maxSeconds: number): boolean {
  try {
    return seconds() <= maxSeconds;
  } catch {
    // No method at any price: the graph is too wide.
    return false;
  }
}

/** log Z of every replica: exact, or by annealed importance sampling with the replica's own seed. */
export async function partitions(
  { model, beta }: BoltzmannMachine,
  seeds: readonly number[],
  how: Pick<EvaluateConfig, "maxSeconds" | "annealedChains" | "annealedSteps">,
): Promise<Partition[]> {
  const { maxSeconds, annealedChains: chains, annealedSteps: steps } = how;
  if (isAffordable(() => exactCost(model.graph).seconds, maxSeconds)) {
    return Array.from(logPartition(model, { beta, maxSeconds }), (logZ) => ({ logZ, error: 0 }));
  }
  const found: Partition[] = [];
  for (const [p, seed] of seeds.entries()) {
    const run = await annealedImportance(replica(model, p), {
      ...{ chains, seed, schedule: { kind: "linear", steps, from: 0, to: beta } },
    });
    found.push({ logZ: run.logZ[0]!, error: run.error[0]! });
  }
  return found;
}

/** What is drawn: rows, from chains of which the first has this address. */
export type Draw = { readonly n: number; readonly seed: number; readonly chainOffset?: number };

/**
 * Chains of one replica that are cooled to its temperature and stay there, `[chains, n]`: each depends on its address alone.
 */
async function equilibrated(
  machine: BoltzmannMachine,
  p: number,
  { n: chains, seed, chainOffset = 0 }: Draw,
): Promise<Int8Array> {
  const { beta } = machine;
  const cooled = await anneal(replica(machine.model, p), {
    ...{ chains, seed, chainOffset, rule: "gibbs", mode: "fast" },
    schedule: { kind: "linear", steps: COOLING, from: beta / COOLING, to: beta },
  });
  return cooled.samples;
}

/** Samples of one replica at its temperature, `[rows, n]`, from up to 1,000 chains or as many as asked for. */
export async function draw(
  machine: BoltzmannMachine,
  p: number,
  { n: rows, seed, chainOffset = 0 }: Draw,
  most: number = CHAINS,
): Promise<Int8Array> {
  const chains = Math.min(most, rows);
  const initial = await equilibrated(machine, p, { n: chains, seed, chainOffset });
  const run = await gibbs(replica(machine.model, p), {
    ...{ chains, seed, chainOffset, initial, beta: machine.beta, mode: "fast" },
    // The sweeps of the cooling have numbers of their own.
    ...{ firstSweep: COOLING, warmup: WARMUP - BETWEEN },
    ...{ samples: Math.ceil(rows / chains), sweepsPerSample: BETWEEN },
  });
  return run.samples.subarray(0, rows * machine.model.graph.n);
}

/** Correlations of all pairs of visible units of one replica. */
export type ModelPairs = {
  /** Counted over the samples. */
  readonly counted: Float64Array;
  /** Exact, or with conditional means in the place of spins. */
  readonly best: Float64Array;
  readonly magnetisations: Float64Array;
  readonly isExact: boolean;
};

/** Whether the correlations of all pairs can be summed exactly within so many seconds for each replica. */
export function isExactWithin({ model }: BoltzmannMachine, maxSeconds: number): boolean {
  return isAffordable(() => exactPairsSeconds(model), maxSeconds);
}

/** Correlations of one replica with little noise: exact where no samples are given. */
export function smoothPairs(
  machine: BoltzmannMachine,
  p: number,
  spins: Int8Array | null,
): Float64Array {
  const one = single(machine, p);
  const { model, beta } = one;
  const best = spins === null ? exactPairs(model, { beta }) : raoBlackwellPairs(model, spins, beta);
  return visiblePairs(best, one);
}

/** Correlations of one replica from samples of it, and exactly where that is within `maxSeconds`. */
export function modelPairs(
  machine: BoltzmannMachine,
  p: number,
  spins: Int8Array,
  maxSeconds: number,
): ModelPairs {
  const one = single(machine, p);
  const { model, visible, beta } = one;
  const isExact = isExactWithin(one, maxSeconds);
  const means = isExact
    ? exactMoments(model, { beta, maxSeconds }).magnetisations
    : meansOf(spins, model.graph.n);
  return {
    counted: visiblePairs(sampledPairs(model, spins), one),
    best: smoothPairs(machine, p, isExact ? null : spins),
    magnetisations: Float64Array.from(visible, (node) => means[node]!),
    isExact,
  };
}

function meansOf(spins: Int8Array, n: number): Float64Array {
  const means = new Float64Array(n);
  spins.forEach((s, at) => (means[at % n]! += s));
  return means.map((sum) => (sum * n) / spins.length);
}

/** Pairs of visible units among all pairs. */
function visiblePairs(
  pairs: Float64Array,
  { model, visible, hidden }: BoltzmannMachine,
): Float64Array {
  if (hidden.length === 0) return pairs;
  const out = new Float64Array(pairCount(visible.length));
  let at = 0;
  visible.forEach((u, i) => {
    for (const v of visible.subarray(i + 1)) out[at++] = pairs[pairIndex(model.graph.n, u, v)]!;
  });
  return out;
}

/** Sum of absolute differences of covariances: what fields alone leave. */
export function covarianceNorm(data: Moments, model: ModelPairs): number {
  const wanted = covariances(data.magnetisations, data.correlations);
  const found = covariances(model.magnetisations, model.best);
  return wanted.reduce((sum, value, pair) => sum + Math.abs(value - found[pair]!), 0);
}

/** The unordered L1 norm over pairs of visible units. */
export function pairDistance(data: ArrayLike<number>, model: ArrayLike<number>): number {
  let sum = 0;
  for (let pair = 0; pair < data.length; pair++) sum += Math.abs(data[pair]! - model[pair]!);
  return sum;
}

/** What the best fields without couplings reach: the baseline of every machine. */
export type FieldOnly = {
  readonly l1: number;
  readonly covariance: number;
  readonly logLikelihood: number;
};

/** The baseline, from the moments of all pairs; the likelihood is of `judged`, where given. */
export function fieldBaseline(training: Moments, judged: Moments = training): FieldOnly {
  const { magnetisations: m, correlations } = training;
  const beyond = covariances(m, correlations);
  const l1 = beyond.reduce((sum, value) => sum + Math.abs(value), 0);
  const most = 1 - 1e-12;
  const logLikelihoodOf = m.reduce((sum, own, i) => {
    const up = (1 + Math.max(-most, Math.min(most, own))) / 2;
    const share = (1 + judged.magnetisations[i]!) / 2;
    return sum + share * Math.log(up) + (1 - share) * Math.log(1 - up);
  }, 0);
  return { l1, covariance: l1, logLikelihood: logLikelihoodOf };
}

/** Mean log-likelihood of every replica, for data given as rows or, where fully visible, as exact moments. */
export function likelihoods(
  machine: BoltzmannMachine,
  data: { readonly moments: Moments; readonly rows: Int8Array },
  logZ: readonly number[],
): Float64Array {
  return machine.hidden.length === 0
    ? momentLogLikelihood(machine, data.moments, { logZ })
    : logLikelihood(machine, data.rows, { logZ });
}

/** The floor of the L1 norm for so many samples. */
export function floorOf(pairs: Float64Array, samples: number): number {
  return correlationFloor(pairs, { samples });
}

/** L1 norms of the samples of an update, replica by replica: what the paper plots. */
export function sampleNorms(
  machine: BoltzmannMachine,
  spins: Int8Array,
  pairs: Float64Array,
): number[] {
  const width = spins.length / machine.model.population;
  return Array.from({ length: machine.model.population }, (_, p) => {
    const one = single(machine, p);
    const own = spins.subarray(p * width, (p + 1) * width);
    return pairDistance(pairs, visiblePairs(sampledPairs(one.model, own), one));
  });
}
