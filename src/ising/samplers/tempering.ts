// Parallel tempering: chains at several temperatures that exchange them, so that cold ones cross barriers when they are hot.

import { checkChoice, checkInteger } from "../../checks.js";
import { ArgumentError } from "../../errors.js";
import { stream, uniformArray } from "../../random.js";
import { energyDiagnostics } from "../diagnostics.js";
import { sampleSet, type SampleDiagnostics, type SampleSet } from "../sample-set.js";
import {
  evenRungs,
  exchange,
  newCounts,
  newLadder,
  type Ladder,
  type SwapCounts,
} from "./ladder.js";
import { betaRange, scheduleValues, type Schedule } from "./schedule.js";
import {
  breathe,
  driveSchedule,
  report,
  scheduledInfo,
  scheduledRun,
  type ScheduledOptions,
  type ScheduledRun,
} from "./scheduled-run.js";
import type { SweepRule } from "../../../kernels/ising-sweeps/contract.js";
import type { RunControl } from "./drive.js";
import { hostModel, type IsingModel } from "../model.js";

/** Options of {@link parallelTempering}. */
export type TemperingOptions = ScheduledOptions & {
  /** Independent ladders of each model. Default 1. */
  readonly ladders?: number;
  /**
   * Inverse temperatures, hottest first, at most 4,096. Ends that are left out are the hot end of `betaRange`, at most ½, and 1.
   * Default geometric, 12 rungs.
   */
  readonly betas?: Schedule;
  /** Rounds of sweeps and exchanges before the first sample. Default 200. */
  readonly warmup?: number;
  /** Samples of each ladder, one a round. Default 100. */
  readonly samples?: number;
  /** Sweeps in a round. Default 1. */
  readonly sweepsPerRound?: number;
  /** Whether rungs move towards equal acceptance during the warm-up. Default true. */
  readonly adapt?: boolean;
  /** Which rungs' samples to keep. Default `"coldest"`. */
  readonly keep?: "coldest" | "all";
  /** Default `"gibbs"`. */
  readonly rule?: SweepRule;
};

/** Samples of the coldest rung, one chain per ladder, and how exchanges went after the warm-up. */
export type TemperingRun = SampleSet & {
  /** The rungs kept, hottest first; the last one is the coldest. */
  readonly rungs: readonly SampleSet[];
  /** `[P][R]`, inverse temperatures as they were after the warm-up. */
  readonly betas: readonly Float64Array[];
  /** `[P][R − 1]`, fraction of the exchanges between neighbours that were accepted; NaN where none was tried. */
  readonly acceptance: readonly Float64Array[];
  /** `[P]`, complete trips of all chains, hot to cold and back. */
  readonly roundTrips: Int32Array;
  readonly diagnostics: SampleDiagnostics;
  readonly complete: boolean;
};

/** All that a run in progress knows. */
type Climb = {
  readonly run: ScheduledRun;
  readonly ladders: readonly (readonly Ladder[])[];
  betas: Float64Array[];
  counts: SwapCounts[];
  spins: Int8Array;
  sweeps: number;
  samplingMs: number;
};

/** Samples of one rung: rows in the order sample, model, ladder. */
type Kept = { readonly rung: number; readonly samples: Int8Array; readonly energies: Float64Array };

/**
 * Parallel tempering. After every round of sweeps, neighbours on a ladder exchange their temperatures with probability
 * `min(1, exp((βᵢ − βⱼ)(Eᵢ − Eⱼ)))`, pairs of even and odd rungs in turn.
 *
 * @param model - from `ising.model`, one or a population, whose replicas get rungs of their own
 * @returns rows in the order sample, model, ladder
 * @throws ArgumentError or ShapeError for options that do not fit the model or one another
 * @remarks Round k draws its exchanges from event k of the purpose `"replicaSwaps"`. Rungs move during the warm-up only, so
 * that the samples come from one stationary chain.
 * @see Hukushima and Nemoto, J. Phys. Soc. Japan 65, 1604 (1996)
 */
export async function parallelTempering(
  model: IsingModel,
  options: TemperingOptions = {},
): Promise<TemperingRun> {
  const { ladders = 1, warmup = 200, samples = 100, sweepsPerRound = 1, rule = "gibbs" } = options;
  const { adapt = true, keep = "coldest" } = options;
  checkCounts({ ladders, sweepsPerRound }, { warmup, samples });
  checkChoice("parallelTempering", "keep", keep, ["coldest", "all"]);
  const betas = await rungsOf(model, options);
  const R = betas.length;
  const run = await scheduledRun("parallelTempering", rule, model, ladders * R, options);
  const climb = atTheFoot(run, betas, ladders);
  const first = keep === "all" ? 0 : R - 1;
  const kept = Array.from({ length: R - first }, (_, k) =>
    spaceFor(run, first + k, samples, ladders),
  );
  const rounds = warmup + samples;
  const pause = pauses(run.control);
  let round = 0;
  for (; round < rounds && run.control.signal?.aborted !== true; round++) {
    const energies = await sweepRound(climb, sweepsPerRound);
    swapRound(climb, round, energies, ladders);
    if (round >= warmup)
      for (const one of kept) keepRung(climb, one, round - warmup, energies, ladders);
    if (round < warmup) settle(climb, round, warmup, adapt);
    await pause(climb.sweeps, rounds * sweepsPerRound);
  }
  return finished(climb, kept, Math.max(0, round - warmup), ladders, round === rounds);
}

function checkCounts(
  positive: Readonly<Record<string, number>>,
  others: Readonly<Record<string, number>>,
): void {
  for (const [name, count] of Object.entries(positive))
    checkInteger("parallelTempering", name, count, 1, 2 ** 31 - 1);
  for (const [name, count] of Object.entries(others))
    checkInteger("parallelTempering", name, count, 0, 2 ** 26);
}

async function rungsOf(of: IsingModel, { betas }: TemperingOptions): Promise<Float64Array> {
  const host = await hostModel(of);
  const hot = Math.min(0.5, ...betaRange(host).map((range) => range.hot));
  const at = { function: "parallelTempering", argument: "betas" };
  const values = scheduleValues(at, betas ?? { kind: "geometric", steps: 12 }, {
    from: hot,
    to: 1,
  });
  const falls = values.findIndex((beta, k) => k > 0 && beta < values[k - 1]!);
  if (falls < 0 && values.length <= 4096) return values;
  throw new ArgumentError(
    "parallelTempering: argument `betas` must hold at most 4096 rising values, hottest first, but " +
      (falls < 0 ? `holds ${values.length}.` : `${values[falls]!} follows ${values[falls - 1]!}.`),
  );
}

function atTheFoot(run: ScheduledRun, betas: Float64Array, ladders: number): Climb {
  const models = Array.from({ length: run.chains.population }, (_, p) => p);
  return {
    run,
    ladders: models.map(() => Array.from({ length: ladders }, () => newLadder(betas.length))),
    betas: models.map(() => betas.slice()),
    counts: models.map(() => newCounts(betas.length)),
    spins: run.start,
    sweeps: 0,
    samplingMs: 0,
  };
}

/** Sweeps every chain at the temperature of its rung; returns the energies `[P, ladders · R]`. */
async function sweepRound(climb: Climb, sweeps: number): Promise<Float64Array> {
  const { run, ladders, betas, spins } = climb;
  const R = betas[0]!.length;
  const values = new Float64Array(run.chains.population * run.chains.chains);
  ladders.forEach((own, p) =>
    own.forEach(({ chainAt }, l) =>
      chainAt.forEach((chain, rung) => {
        values[p * run.chains.chains + l * R + chain] = betas[p]![rung]!;
      }),
    ),
  );
  let energies = new Float64Array(0);
  // A round is not interrupted: energies of half of it could not be exchanged.
  const end = await driveSchedule({ ...run, control: {} }, spins, {
    first: climb.sweeps,
    sweeps,
    beta: { shape: [1, run.chains.population, run.chains.chains], values },
    every: sweeps,
    take: (recorded) => (energies = Float64Array.from(recorded)),
  });
  climb.spins = end.spins;
  climb.sweeps += end.sweeps;
  climb.samplingMs += end.samplingMs;
  return energies;
}

/** Reports and lets the event loop run, some twenty times a second. */
function pauses(control: RunControl): (sweeps: number, total: number) => Promise<void> {
  const begin = performance.now();
  let last = begin;
  return async (sweeps, total) => {
    const now = performance.now();
    if (now - last < 40 && sweeps < total) return;
    last = now;
    report(control, sweeps, total, now - begin);
    await breathe();
  };
}

function swapRound(climb: Climb, round: number, energies: Float64Array, ladders: number): void {
  const R = climb.betas[0]!.length;
  const pairs = R - 1;
  const P = climb.ladders.length;
  const u = uniformArray(stream(climb.run.seed, "replicaSwaps", round), P * ladders * pairs);
  climb.ladders.forEach((own, p) =>
    own.forEach((ladder, l) => {
      const at = p * ladders + l;
      exchange(
        ladder,
        round,
        climb.betas[p]!,
        energies.subarray(at * R, (at + 1) * R),
        u.subarray(at * pairs, (at + 1) * pairs),
        climb.counts[p]!,
      );
    }),
  );
}

/** Moves rungs when the rounds since the last move have doubled, and forgets the counts of the warm-up at its end. */
function settle(climb: Climb, round: number, warmup: number, adapt: boolean): void {
  const done = round + 1;
  const R = climb.betas[0]!.length;
  // After 16, 32, 64, … rounds, but not so late that the new rungs have no time to settle.
  const due = done >= 16 && (done & (done - 1)) === 0 && 2 * done <= warmup;
  if (adapt && due) climb.betas = climb.betas.map((own, p) => evenRungs(own, climb.counts[p]!));
  if ((adapt && due) || done === warmup) climb.counts = climb.counts.map(() => newCounts(R));
  if (done !== warmup) return;
  for (const ladder of climb.ladders.flat()) ladder.trips = 0;
}

function spaceFor(run: ScheduledRun, rung: number, samples: number, ladders: number): Kept {
  const rows = samples * run.chains.population * ladders;
  return { rung, samples: new Int8Array(rows * run.chains.n), energies: new Float64Array(rows) };
}

function keepRung(
  { run, ladders, spins }: Climb,
  { rung, samples, energies: kept }: Kept,
  sample: number,
  energies: Float64Array,
  count: number,
): void {
  const { n, population, chains } = run.chains;
  ladders.forEach((own, p) =>
    own.forEach(({ chainAt }, l) => {
      const from = p * chains + l * chainAt.length + chainAt[rung]!;
      const row = (sample * population + p) * count + l;
      samples.set(spins.subarray(from * n, (from + 1) * n), row * n);
      kept[row] = energies[from]! + run.model.offset[p]!;
    }),
  );
}

function finished(
  climb: Climb,
  kept: readonly Kept[],
  samples: number,
  ladders: number,
  complete: boolean,
): TemperingRun {
  const rungs = kept.map((one) => rungSet(climb, one, samples, ladders));
  const coldest = rungs.at(-1)!;
  return Object.assign(sampleSet(coldest), {
    ...{ rungs, betas: climb.betas, complete },
    acceptance: climb.counts.map(({ tried, accepted }) =>
      accepted.map((count, j) => count / tried[j]!),
    ),
    roundTrips: Int32Array.from(climb.ladders, (own) => own.reduce((sum, l) => sum + l.trips, 0)),
    diagnostics: coldest.info.diagnostics!,
  });
}

function rungSet(climb: Climb, kept: Kept, samples: number, ladders: number): SampleSet {
  const { n, population } = climb.run.chains;
  const rows = samples * population * ladders;
  const own = climb.betas.map((betas) => betas[kept.rung]!);
  const info = scheduledInfo(climb.run, climb, own.length === 1 ? own[0]! : own, 0);
  const columns = {
    n,
    samples: kept.samples.slice(0, rows * n),
    energies: kept.energies.slice(0, rows),
    chain: Int32Array.from({ length: rows }, (_, row) => row % ladders),
    model: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / ladders) % population),
  };
  const diagnostics = energyDiagnostics(sampleSet({ ...columns, parts: [info] }));
  return sampleSet({ ...columns, parts: [{ ...info, diagnostics }] });
}
