// Drives the sweep kernel through a long run: in calls of some tens of milliseconds, with progress and interruption
// between them. How a run is cut into calls does not show in its results.

import { sweep } from "../../../kernels/ising-sweeps/index.js";
import { hostPool } from "../../../kernels/runtime/host/pool.js";
import type { SweepCall, SweepResult } from "../../../kernels/ising-sweeps/contract.js";
import type { PreparedModel } from "../../../kernels/ising-sweeps/index.js";

/** How far a run is. */
export type SamplingProgress = {
  /** Sweeps done and to do, warm-up included. */
  readonly sweeps: number;
  readonly total: number;
  readonly elapsedMs: number;
  /** Estimate from the pace so far. */
  readonly remainingMs: number;
};

/** Interruption and progress, as every sampler takes them. */
export type RunControl = {
  /** Called after every part of the run, some twenty times a second. */
  readonly onProgress?: (progress: SamplingProgress) => void;
  /** Ends the run after the current part; what it has is kept. */
  readonly signal?: AbortSignal;
};

/** Where chains stand: enough to go on with the same run. */
export type ChainState = {
  /** `[P · chains, n]`. */
  readonly spins: Int8Array;
  /** Number of the next sweep. */
  readonly sweep: number;
};

/** Where a run ended, and the time that its sweeps took. */
export type DriveEnd = ChainState & { readonly samplingMs: number };

/** A run: sweeps `from` … `to` − 1; every `every`-th sweep after `warmup` is seen. */
export type Plan = {
  readonly from: number;
  readonly warmup: number;
  readonly every: number;
  readonly to: number;
};

/** What a call of the kernel is told besides sweeps and records. */
export type CallBase = Omit<SweepCall, "spins" | "firstSweep" | "sweeps" | "record" | "moments">;

/** What is done with the calls after the warm-up. */
export type Observation = Pick<SweepCall, "moments"> & {
  /** Spins or energies of every sample. */
  readonly record?: { readonly spins: boolean; readonly energies: boolean };
  /** Takes each result in order. */
  take(result: SweepResult, sweeps: number): void;
};

/** What a call should take, milliseconds. */
const PART_MS = 40;

/** Spin decisions a millisecond and thread, assumed before the first call. */
const FIRST_PACE = 5e4;

/** Largest number of sweeps of one call: sums over them are kept in 32 bits. */
const MOST_SWEEPS = 2 ** 20;

/** How many sweeps the next call makes, and whether it ends with a sample; whole samples if several fit. */
function nextPart(
  { warmup, every, to }: Plan,
  at: number,
  most: number,
): { sweeps: number; records: number } {
  if (at < warmup) return { sweeps: Math.min(most, warmup - at), records: 0 };
  const phase = (at - warmup) % every;
  if (phase === 0 && most >= every) {
    const records = Math.floor(Math.min(most, to - at) / every);
    if (records > 0) return { sweeps: records * every, records };
  }
  const sweeps = Math.min(most, every - phase, to - at);
  return { sweeps, records: phase + sweeps === every ? 1 : 0 };
}

/** Gives the event loop a turn. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Runs a plan.
 *
 * @returns where the chains stand; `sweep` is `plan.to` unless the run was interrupted
 */
export async function drive(
  prepared: PreparedModel,
  base: CallBase,
  plan: Plan,
  spins: Int8Array,
  observation: Observation,
  { onProgress, signal }: RunControl,
): Promise<DriveEnd> {
  const flipsOfSweep = Math.max(1, spins.length);
  let pace = FIRST_PACE * hostPool().threads;
  let state: ChainState = { spins, sweep: plan.from };
  let samplingMs = 0;
  const begin = performance.now();
  while (state.sweep < plan.to && signal?.aborted !== true) {
    const most = Math.min(MOST_SWEEPS, Math.max(1, Math.floor((PART_MS * pace) / flipsOfSweep)));
    const part = nextPart(plan, state.sweep, most);
    const start = performance.now();
    const result = sweep(
      prepared,
      callOf(base, state, part, observation, state.sweep >= plan.warmup),
    );
    const took = performance.now() - start;
    samplingMs += took;
    pace = (part.sweeps * flipsOfSweep) / Math.max(took, 0.01);
    if (state.sweep >= plan.warmup) observation.take(result, part.sweeps);
    state = { spins: result.spins, sweep: state.sweep + part.sweeps };
    onProgress?.(progressOf(plan, state.sweep, performance.now() - begin));
    if (state.sweep < plan.to) await breathe();
  }
  return { ...state, samplingMs };
}

function callOf(
  base: CallBase,
  { spins, sweep: firstSweep }: ChainState,
  { sweeps, records }: { sweeps: number; records: number },
  { moments, record }: Observation,
  seen: boolean,
): SweepCall {
  return {
    ...{ ...base, spins, firstSweep, sweeps },
    ...(seen && records > 0 && record && { record: { every: sweeps / records, ...record } }),
    ...(seen && moments === true && { moments }),
  };
}

function progressOf({ from, to }: Plan, sweep: number, elapsedMs: number): SamplingProgress {
  const [sweeps, total] = [sweep - from, to - from];
  return {
    sweeps,
    total,
    elapsedMs,
    remainingMs: (elapsedMs * (total - sweeps)) / Math.max(1, sweeps),
  };
}
