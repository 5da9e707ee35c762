// Annealed importance sampling: estimates of log Z with errors, a lower bound from annealing and an upper one from melting.

import { checkInteger } from "../../checks.js";
import { ArgumentError } from "../../errors.js";
import { stream, uniformArray } from "../../random.js";
import { energies } from "../energies.js";
import { hostModel, type HostModel, type IsingModel } from "../model.js";
import { scheduleValues, type Schedule } from "./schedule.js";
import {
  driveSchedule,
  perSweep,
  scheduledRun,
  type ScheduledOptions,
  type ScheduledRun,
} from "./scheduled-run.js";
import type { ChainSpins } from "./chains.js";

/** Options of {@link annealedImportance}. */
export type ImportanceOptions = Omit<ScheduledOptions, "initial" | "clamp"> & {
  /** Independent runs of each model. Default 1,000. */
  readonly chains?: number;
  /** Inverse temperatures from 0 to the one wanted. Ends that are left out are 0 and 1. Default linear, 1,000 steps. */
  readonly schedule?: Schedule;
  /** Sweeps at each temperature. Default 1. */
  readonly sweepsPerBeta?: number;
  /**
   * Samples at the last temperature, exact or from a long run, `[n]`, `[chains, n]` or `[P, chains, n]`, flat: they are melted
   * for the upper bound. Default none.
   */
  readonly equilibrated?: ChainSpins;
  /** Bootstrap samples for the errors. Default 200. */
  readonly bootstrap?: number;
};

/** Estimates, one per model. */
export type ImportanceRun = {
  /** `[P]`, `log Z = n ln 2 + ln mean exp(ln w)`. */
  readonly logZ: Float64Array;
  /** `[P]`, standard error by bootstrap over chains. */
  readonly error: Float64Array;
  /** `[P]`, `n ln 2 + mean ln w`: below log Z on average. */
  readonly lower: Float64Array;
  readonly lowerError: Float64Array;
  /** `[P]`, from melting: above log Z on average. Null without `equilibrated`. */
  readonly upper: Float64Array | null;
  readonly upperError: Float64Array | null;
  /** `[P, chains]`, flat, ln w of annealing. */
  readonly logWeights: Float64Array;
  /** `[P]`, `(Σ w)² / Σ w²`: how many chains count. */
  readonly effectiveChains: Float64Array;
  /** False after an interruption: the estimates then are NaN. */
  readonly complete: boolean;
};

const DEFAULT_SCHEDULE: Schedule = { kind: "linear", steps: 1000 };

/**
 * Annealed importance sampling: chains start at β = 0, where Z = 2ⁿ, and collect `ln w += (β_{k+1} − β_k)(−E(s_k))` before every
 * sweep at β_{k+1}.
 *
 * @param model - from `ising.model`, one or a population
 * @throws ArgumentError or ShapeError for options that do not fit the model or one another
 * @remarks exp(logZ) is unbiased, logZ is low by half the variance of the mean weight: look at `effectiveChains`. Melting starts
 * at `equilibrated`, goes down the same schedule and gives the upper bound.
 * @see Neal, Statistics and Computing 11, 125 (2001); Grosse, Ancha and Roy, arXiv:1606.02275 (bounds from both sides)
 */
export async function annealedImportance(
  model: IsingModel,
  options: ImportanceOptions = {},
): Promise<ImportanceRun> {
  const { chains = 1000, sweepsPerBeta = 1, bootstrap = 200, equilibrated, ...others } = options;
  checkInteger("annealedImportance", "sweepsPerBeta", sweepsPerBeta, 1, 2 ** 20);
  checkInteger("annealedImportance", "bootstrap", bootstrap, 0, 2 ** 20);
  const host = await hostModel(model);
  const betas = risingFromZero(options.schedule ?? DEFAULT_SCHEDULE);
  const run = await scheduledRun("annealedImportance", "gibbs", host, chains, others);
  const up = await logWeightsOf(run, betas, sweepsPerBeta, 0);
  const forward = summary(run, up.logWeights, betas, bootstrap, 0);
  const melted = equilibrated && (await melt(host, betas, options, equilibrated));
  const backward = melted && summary(run, melted.logWeights, betas, bootstrap, 1);
  return {
    ...{ logZ: forward.logMean, error: forward.logMeanError },
    ...{ lower: forward.mean, lowerError: forward.meanError },
    upper: backward?.mean ?? null,
    upperError: backward?.meanError ?? null,
    logWeights: up.logWeights,
    effectiveChains: forward.effective,
    complete: up.complete && (melted?.complete ?? true),
  };
}

function risingFromZero(schedule: Schedule): Float64Array {
  const at = { function: "annealedImportance", argument: "schedule" };
  const betas = scheduleValues(at, schedule, { from: 0, to: 1 });
  const rises = betas.every(
    (beta, k) => Number.isFinite(beta) && (k === 0 || beta >= betas[k - 1]!),
  );
  if (betas[0] === 0 && rises) return betas;
  throw new ArgumentError(
    `annealedImportance: argument \`schedule\` must rise from 0 through finite values, but goes from ${betas[0]!} to ${betas.at(-1)!}.`,
  );
}

type Weights = { readonly logWeights: Float64Array; readonly complete: boolean };

/**
 * ln w of each row. Annealing: the energies before the sweeps at β₁, β₂, … meet the steps of β in order. Melting: those after the
 * sweeps at β_K, …, β₁ meet them in reverse.
 */
async function logWeightsOf(
  run: ScheduledRun,
  betas: Float64Array,
  repeat: number,
  first: number,
): Promise<Weights> {
  const rows = run.start.length / run.chains.n;
  const melting = betas[0]! > betas.at(-1)!;
  const visited = melting ? betas.subarray(0, -1) : betas.subarray(1);
  const steps = betas.map((beta, k) => (k === 0 ? 0 : Math.abs(beta - betas[k - 1]!))).subarray(1);
  const logWeights = new Float64Array(rows);
  const collect = (energy: Float64Array, k: number): void => {
    for (let row = 0; row < rows; row++) logWeights[row]! -= steps[k]! * energy[row]!;
  };
  let k = 0;
  if (!melting && steps.length > 0) collect(withoutOffset(run.model, run.start), k++);
  const sweeps = visited.length * repeat;
  if (sweeps === 0) return { logWeights, complete: true };
  const end = await driveSchedule(run, run.start, {
    ...{ first, sweeps, beta: perSweep([visited], repeat), every: repeat },
    take: (energy) => {
      for (let at = 0; at < energy.length && k < steps.length; at += rows) {
        collect(energy.subarray(at, at + rows), k++);
      }
    },
  });
  const complete = end.sweeps === sweeps;
  return { logWeights: complete ? logWeights : logWeights.fill(NaN), complete };
}

/** Melting makes its sweeps after those of annealing, so that both are independent. */
async function melt(
  host: HostModel,
  betas: Float64Array,
  options: ImportanceOptions,
  equilibrated: ChainSpins,
): Promise<Weights> {
  const { chains = 1000, sweepsPerBeta = 1, ...others } = options;
  const settings = { ...others, initial: equilibrated };
  const run = await scheduledRun("annealedImportance", "gibbs", host, chains, settings);
  return logWeightsOf(run, betas.slice().reverse(), sweepsPerBeta, betas.length * sweepsPerBeta);
}

function withoutOffset(of: HostModel, spins: Int8Array): Float64Array {
  return energies({ ...of, offset: new Float64Array(of.population) }, spins);
}

type Summary = Readonly<
  Record<"logMean" | "logMeanError" | "mean" | "meanError" | "effective", Float64Array>
>;

function summary(
  run: ScheduledRun,
  logWeights: Float64Array,
  betas: Float64Array,
  bootstrap: number,
  event: number,
): Summary {
  const { population, chains, n } = run.chains;
  const models = Array.from({ length: population }, (_, p) => {
    const own = logWeights.subarray(p * chains, (p + 1) * chains);
    const base = n * Math.LN2 - betas.at(-1)! * run.model.offset[p]!;
    return summaryOfModel(own, base, bootstrap, run.seed, event * population + p);
  });
  const column = (key: keyof (typeof models)[number]): Float64Array =>
    Float64Array.from(models, (one) => one[key]);
  return {
    logMean: column("logMean"),
    logMeanError: column("logMeanError"),
    mean: column("mean"),
    meanError: column("meanError"),
    effective: column("effective"),
  };
}

function summaryOfModel(
  logWeights: Float64Array,
  base: number,
  bootstrap: number,
  seed: number,
  event: number,
): Readonly<Record<keyof Summary, number>> {
  const C = logWeights.length;
  const most = logWeights.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = logWeights.map((value) => Math.exp(value - most));
  const sum = weights.reduce((a, b) => a + b, 0);
  const mean = logWeights.reduce((a, b) => a + b, 0) / C;
  const spread = logWeights.reduce((a, b) => a + (b - mean) ** 2, 0) / (C - 1);
  return {
    logMean: base + most + Math.log(sum / C),
    logMeanError: bootstrapError(weights, bootstrap, seed, event),
    mean: base + mean,
    meanError: Math.sqrt(spread / C),
    effective: sum ** 2 / weights.reduce((a, b) => a + b * b, 0),
  };
}

/** Standard deviation of `ln mean w` over resampled chains; NaN for a single chain. */
function bootstrapError(weights: Float64Array, count: number, seed: number, event: number): number {
  const C = weights.length;
  if (count < 2 || C < 2) return NaN;
  const estimates = Float64Array.from({ length: count }, (_, r) => {
    const u = uniformArray(stream(seed, "bootstrap", event * count + r), C);
    return Math.log(u.reduce((sum, value) => sum + weights[Math.floor(value * C)]!, 0) / C);
  });
  const mean = estimates.reduce((a, b) => a + b, 0) / count;
  return Math.sqrt(estimates.reduce((a, b) => a + (b - mean) ** 2, 0) / (count - 1));
}
