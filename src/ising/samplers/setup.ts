// From the options of a sampler at fixed temperatures to a run of the kernel, and from its end to what is told of it. The
// checks of all options stand here; the samplers are in gibbs.ts.

import { prepareSweeps } from "../../../kernels/ising-sweeps/index.js";
import { backendInfo } from "../../backend.js";
import { checkChoice, checkInteger } from "../../checks.js";
import { ArgumentError } from "../../errors.js";
import { hostModel } from "../model.js";
import { NO_INFO } from "../sample-set.js";
import { betaSchedule, chainsOf, clampSpins, givenSpins, randomSpins } from "./chains.js";
import type { PreparedModel } from "../../../kernels/ising-sweeps/index.js";
import type { SweepMode, SweepRule } from "../../../kernels/ising-sweeps/contract.js";
import type { HostModel, IsingModel } from "../model.js";
import type { SampleInfo } from "../sample-set.js";
import type { ChainBeta, Chains, ChainSpins } from "./chains.js";
import type { CallBase, ChainState, DriveEnd, Plan, RunControl } from "./drive.js";

/** Options of {@link gibbs}, {@link metropolis} and their moments. */
export type GibbsOptions = RunControl & {
  /** Chains of each model. Default 1. */
  readonly chains?: number;
  /** Inverse temperature: a number, `[P]` or `[P, chains]`; infinity is allowed. Default 1. */
  readonly beta?: ChainBeta;
  /** Sweeps before the first sample counts. Default 100. */
  readonly warmup?: number;
  /** Samples of each chain. Default 1. */
  readonly samples?: number;
  /** Sweeps from one sample to the next. Default 1. */
  readonly sweepsPerSample?: number;
  /** A signed 32-bit integer. Default 0. */
  readonly seed?: number;
  /**
   * `exact`: couplings rounded to integers times a power of 2, the same bits on every machine and backend. `fast`:
   * couplings in float32. `auto`, the default: exact where that rounds nothing and tables are small, else fast.
   */
  readonly mode?: SweepMode;
  /** 0 for free spins, ±1 for clamped ones: `[n]`, `[chains, n]` or `[P, chains, n]`, flat. */
  readonly clamp?: ChainSpins;
  /** First spins, `[n]`, `[chains, n]` or `[P, chains, n]`, flat. Default: random by seed. */
  readonly initial?: ChainSpins;
  /** Number of the first sweep, from which warm-up counts; sweep t draws from stream (seed, t). Default 0. */
  readonly firstSweep?: number;
  /** Address of the first chain: chain 5 of 64 is the only chain of a run with `chainOffset: 5`. Default 0. */
  readonly chainOffset?: number;
  /** `state` of an interrupted run with the same options: goes on where it stopped. */
  readonly resume?: ChainState;
};

/** What both kinds of run tell beside their results. */
export type RunEnd = {
  /** Where the chains stand; give it to `resume`, with the same options, to go on. */
  readonly state: ChainState;
  /** Whether all sweeps were made; false after an interruption. */
  readonly complete: boolean;
  /** Largest change of a coupling or bias by rounding; 0 in fast mode. */
  readonly rounding: number;
  /** What may be wrong with the choice of sampler, in words. */
  readonly warnings: readonly string[];
};

/** A run that is ready to start. */
export type Setup = {
  readonly model: HostModel;
  readonly prepared: PreparedModel;
  readonly chains: Chains;
  readonly base: CallBase;
  readonly plan: Plan;
  readonly start: Int8Array;
  readonly preprocessMs: number;
};

/** Checks the options and makes everything ready. */
export async function setUp(
  where: string,
  rule: SweepRule,
  of: IsingModel,
  options: GibbsOptions,
): Promise<Setup> {
  const begin = performance.now();
  const { seed = 0, mode = "auto", chainOffset = 0 } = options;
  checkInteger(where, "seed", seed, -(2 ** 31), 2 ** 31 - 1);
  checkChoice(where, "mode", mode, ["auto", "exact", "fast"]);
  const model = await hostModel(of);
  const chains = chainsOf(where, model, options.chains ?? 1, chainOffset);
  const plan = planOf(where, options);
  checkMemory(where, samplesLeft(plan, options), chains);
  const start = startOf(where, model, chains, options);
  const clamped = options.clamp && clampSpins(where, options.clamp, start, chains);
  const beta = betaSchedule(where, options.beta ?? 1, chains);
  const base = {
    chains: chains.chains,
    beta,
    seed,
    chainOffset,
    rule,
    ...(clamped && { clamped }),
  };
  const prepared = ready(where, model, mode);
  return {
    model,
    chains,
    plan,
    start,
    base,
    prepared,
    preprocessMs: performance.now() - begin,
  };
}

function ready(where: string, model: HostModel, mode: SweepMode): PreparedModel {
  try {
    return prepareSweeps(model, mode);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ArgumentError(
      `${where}: argument \`mode\` must not be "exact" for this model: ${error.message}. Use mode "fast".`,
    );
  }
}

function planOf(where: string, options: GibbsOptions): Plan {
  const { warmup = 100, samples = 1, sweepsPerSample = 1, firstSweep = 0, resume } = options;
  const counts = { warmup, samples, sweepsPerSample, firstSweep };
  for (const [name, count] of Object.entries(counts))
    checkInteger(where, name, count, 0, 2 ** 31 - 1);
  const to = firstSweep + warmup + samples * sweepsPerSample;
  if (to > 2 ** 31 - 1) {
    throw new ArgumentError(
      `${where}: argument \`samples\` must leave all sweeps below 2^31, but the last is ${to}. Go on with another seed.`,
    );
  }
  const from = resume?.sweep ?? firstSweep;
  checkInteger(where, "resume.sweep", from, firstSweep, to);
  return { from, warmup: firstSweep + warmup, every: Math.max(1, sweepsPerSample), to };
}

/** Samples that are still to be taken: those of a resumed run after its sweep. */
export function samplesLeft(
  { from, warmup, every }: Plan,
  { samples = 1, sweepsPerSample = 1 }: GibbsOptions,
): number {
  return sweepsPerSample === 0 ? samples : samples - Math.floor(Math.max(0, from - warmup) / every);
}

/** Bytes that the samples of one run may have. */
const MOST_BYTES = 2 ** 32;

function checkMemory(where: string, samples: number, { population, chains, n }: Chains): void {
  const bytes = samples * population * chains * n;
  if (bytes <= MOST_BYTES) return;
  throw new ArgumentError(
    `${where}: argument \`samples\` must give at most 4 GiB of spins, but gives ${bytes} bytes. Take fewer samples, or \`gibbsMoments\`.`,
  );
}

function startOf(
  where: string,
  { graph }: HostModel,
  chains: Chains,
  options: GibbsOptions,
): Int8Array {
  const { initial, resume, seed = 0 } = options;
  if (resume !== undefined) return givenSpins(where, "resume.spins", resume.spins, chains, [1, -1]);
  if (initial !== undefined) return givenSpins(where, "initial", initial, chains, [1, -1]);
  return randomSpins(graph, seed, chains.population * chains.chains, chains.chainOffset);
}

function metropolisWarnings(
  { graph, population, biases, couplings }: HostModel,
  { beta }: CallBase,
): string[] {
  const warnings: string[] = [];
  const betas = typeof beta === "number" ? [beta] : Array.from(beta.values);
  if (betas.includes(0))
    warnings.push("metropolis: at beta = 0 every spin flips in every sweep. Use gibbs.");
  const edges = graph.edges.length / 2;
  for (let p = 0; p < population; p++) {
    const sums = biases.slice(p * graph.n, (p + 1) * graph.n).map(Math.abs);
    couplings.subarray(p * edges, (p + 1) * edges).forEach((J, e) => {
      for (const end of [0, 1]) sums[graph.edges[2 * e + end]!]! += Math.abs(J);
    });
    const free = sums.indexOf(0);
    if (free >= 0)
      warnings.push(
        `metropolis: spin ${free} of model ${p} has no field and flips in every sweep. Use gibbs.`,
      );
  }
  return warnings;
}

/** What a run says at its end. */
export function endOf(
  { plan, prepared, model, base }: Setup,
  { spins, sweep }: ChainState,
): RunEnd {
  return {
    state: { spins, sweep },
    complete: sweep === plan.to,
    rounding: prepared.integers.reduce((most, { rounding }) => Math.max(most, rounding), 0),
    warnings: base.rule === "metropolis" ? metropolisWarnings(model, base) : [],
  };
}

/** How the samples of a run were made. */
export function infoOf(
  sampler: string,
  { prepared, chains, base, plan, preprocessMs }: Setup,
  { seed = 0, beta = 1 }: GibbsOptions,
  end: DriveEnd,
  start: number,
): SampleInfo {
  const sweeps = end.sweep - plan.from;
  const flips = sweeps * chains.population * chains.chains * chains.n;
  const perChain = typeof base.beta !== "number" && base.beta.shape[2] > 1;
  const perModel = typeof base.beta === "number" ? [] : Array.from(base.beta.values);
  return {
    ...NO_INFO,
    ...{ sampler, seed, sweeps, mode: prepared.mode, backend: backendName(), flips },
    beta: typeof beta === "number" ? beta : perChain ? null : perModel,
    flipsPerNs: end.samplingMs > 0 ? flips / (end.samplingMs * 1e6) : 0,
    timing: { preprocessMs, samplingMs: end.samplingMs, postprocessMs: performance.now() - start },
  };
}

/** Sampling needs no backend: the kernel runs on the host. */
function backendName(): string {
  try {
    return backendInfo().name;
  } catch {
    return "host";
  }
}
