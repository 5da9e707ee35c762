// Runs of the sweep kernel along a schedule: what annealing, tempering and importance sampling share. Runs at fixed
// temperatures are in setup.ts and drive.ts.

import { prepareSweeps, sweep, type PreparedModel } from "../../../kernels/ising-sweeps/index.js";
import { hostPool } from "../../../kernels/runtime/host/pool.js";
import { checkChoice, checkInteger } from "../../checks.js";
import { ArgumentError } from "../../errors.js";
import { hostModel, type HostModel, type IsingModel } from "../model.js";
import { NO_INFO, type SampleInfo } from "../sample-set.js";
import {
  chainsOf,
  clampSpins,
  givenSpins,
  randomSpins,
  type Chains,
  type ChainSpins,
} from "./chains.js";
import type {
  BetaSchedule,
  SweepCall,
  SweepMode,
  SweepModel,
  SweepRule,
} from "../../../kernels/ising-sweeps/contract.js";
import type { RunControl } from "./drive.js";

/** Options that all samplers with a schedule take. */
export type ScheduledOptions = RunControl & {
  /** A signed 32-bit integer. Default 0. */
  readonly seed?: number;
  /** How the kernel computes; see `gibbs`. Default `"auto"`. */
  readonly mode?: SweepMode;
  /** 0 for free spins, ±1 for clamped ones: `[n]`, `[chains, n]` or `[P, chains, n]`, flat. */
  readonly clamp?: ChainSpins;
  /** First spins, `[n]`, `[chains, n]` or `[P, chains, n]`, flat. Default: random by seed. */
  readonly initial?: ChainSpins;
  /** Address of the first chain. Default 0. */
  readonly chainOffset?: number;
};

/** A run that is ready to start. */
export type ScheduledRun = {
  readonly where: string;
  readonly model: HostModel;
  readonly prepared: PreparedModel;
  readonly chains: Chains;
  readonly seed: number;
  readonly rule: SweepRule;
  readonly start: Int8Array;
  readonly clamped?: Uint8Array;
  readonly control: RunControl;
  readonly preprocessMs: number;
};

/** What is done along the way. */
export type ScheduledSweeps = {
  /** Number of the first sweep. Default 0. */
  readonly first?: number;
  readonly sweeps: number;
  /** One value a sweep, or one for all of them. */
  readonly beta: BetaSchedule;
  /** Factor of the scaled couplings, one a sweep. */
  readonly scale?: Float64Array;
  /** Energies are recorded after every `every` sweeps, without the model's offset, and handed to `take` in order. */
  readonly every?: number;
  take?(energies: Float64Array): void;
};

/** Where a schedule ended, or was interrupted. */
export type ScheduledEnd = {
  readonly spins: Int8Array;
  readonly sweeps: number;
  readonly samplingMs: number;
};

/** What a call of the kernel should take, milliseconds, and spin decisions a millisecond and thread before the first call. */
const PART_MS = 40;
const FIRST_PACE = 5e4;

/** Checks options and makes a run ready; `scaled` marks the couplings that the schedule multiplies. */
export async function scheduledRun(
  where: string,
  rule: SweepRule,
  of: IsingModel,
  count: number,
  options: ScheduledOptions,
  scaled?: Uint8Array,
): Promise<ScheduledRun> {
  const begin = performance.now();
  const { seed = 0, mode = "auto", chainOffset = 0, clamp, initial, onProgress, signal } = options;
  checkInteger(where, "seed", seed, -(2 ** 31), 2 ** 31 - 1);
  checkChoice(where, "mode", mode, ["auto", "exact", "fast"]);
  const model = await hostModel(of);
  const chains = chainsOf(where, model, count, chainOffset);
  const start =
    initial === undefined
      ? randomSpins(model.graph, seed, chains.population * chains.chains, chainOffset)
      : givenSpins(where, "initial", initial, chains, [1, -1]);
  const clamped = clamp && clampSpins(where, clamp, start, chains);
  const control = { ...(onProgress && { onProgress }), ...(signal && { signal }) };
  return {
    ...{ where, model, chains, seed, rule, start, control },
    prepared: preparedModel(where, scaled ? { ...model, scaled } : model, mode),
    ...(clamped && { clamped }),
    preprocessMs: performance.now() - begin,
  };
}

/** The kernel's form of a model; its refusals in the user's words. */
export function preparedModel(where: string, model: SweepModel, mode: SweepMode): PreparedModel {
  try {
    return prepareSweeps(model, mode);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ArgumentError(
      `${where}: argument \`mode\` must not be "exact" for this model: ${error.message}. Use mode "fast".`,
    );
  }
}

/** One β per sweep and model, each for `repeat` sweeps: `values[p]` are the temperatures of model p. */
export function perSweep(values: readonly Float64Array[], repeat: number): BetaSchedule {
  const [models, steps] = [values.length, values[0]!.length];
  const out = new Float64Array(steps * repeat * models);
  for (let at = 0; at < out.length; at++) {
    out[at] = values[at % models]![Math.floor(at / (models * repeat))]!;
  }
  return { shape: [steps * repeat, models, 1], values: out };
}

/**
 * Runs sweeps along a schedule, in calls of some tens of milliseconds with progress and interruption between them. How it
 * is cut does not show in the results.
 */
export async function driveSchedule(
  run: ScheduledRun,
  spins: Int8Array,
  plan: ScheduledSweeps,
): Promise<ScheduledEnd> {
  const { control } = run;
  const begin = performance.now();
  const { every = 1 } = plan;
  let pace = FIRST_PACE * hostPool().threads;
  let end: ScheduledEnd = { spins, sweeps: 0, samplingMs: 0 };
  while (end.sweeps < plan.sweeps && control.signal?.aborted !== true) {
    const records = Math.max(1, Math.floor((PART_MS * pace) / (spins.length * every)));
    const sweeps = Math.min(plan.sweeps - end.sweeps, records * every);
    const start = performance.now();
    const result = sweep(run.prepared, callOf(run, end, plan, sweeps));
    const took = performance.now() - start;
    pace = (sweeps * spins.length) / Math.max(took, 0.01);
    plan.take?.(result.energies);
    end = {
      spins: result.spins,
      sweeps: end.sweeps + sweeps,
      samplingMs: end.samplingMs + took,
    };
    report(control, end.sweeps, plan.sweeps, performance.now() - begin);
    if (end.sweeps < plan.sweeps) await breathe();
  }
  return end;
}

/** Gives the event loop a turn, so that a run can be interrupted. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function callOf(
  { chains, seed, rule, clamped }: ScheduledRun,
  { spins, sweeps: done }: ScheduledEnd,
  { first = 0, beta, scale, every, take }: ScheduledSweeps,
  sweeps: number,
): SweepCall {
  const [length, models, own] = beta.shape;
  const width = models * own;
  const part =
    length === 1 ? beta.values : beta.values.subarray(done * width, (done + sweeps) * width);
  return {
    ...{ chains: chains.chains, chainOffset: chains.chainOffset, seed, rule, spins, sweeps },
    beta: { shape: [length === 1 ? 1 : sweeps, models, own], values: part },
    firstSweep: first + done,
    ...(clamped && { clamped }),
    ...(scale && { scale: scale.subarray(done, done + sweeps) }),
    ...(take && { record: { every: every ?? 1, energies: true } }),
  };
}

/** Tells how far a run is. */
export function report(
  { onProgress }: RunControl,
  sweeps: number,
  total: number,
  elapsedMs: number,
): void {
  onProgress?.({
    sweeps,
    total,
    elapsedMs,
    remainingMs: (elapsedMs * (total - sweeps)) / Math.max(1, sweeps),
  });
}

/** How the rows of a run were made. */
export function scheduledInfo(
  run: ScheduledRun,
  end: Pick<ScheduledEnd, "sweeps" | "samplingMs">,
  beta: SampleInfo["beta"],
  postprocessMs: number,
): SampleInfo {
  const flips = end.sweeps * run.start.length;
  return {
    ...NO_INFO,
    ...{ sampler: run.where, seed: run.seed, beta, sweeps: end.sweeps, flips, backend: "host" },
    mode: run.prepared.mode,
    flipsPerNs: end.samplingMs > 0 ? flips / (end.samplingMs * 1e6) : 0,
    timing: { preprocessMs: run.preprocessMs, samplingMs: end.samplingMs, postprocessMs },
  };
}
