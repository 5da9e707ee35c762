// Simulated annealing: sweeps along rising β, for low energies.

import { checkChoice, checkInteger } from "../../checks.js";
import { energies } from "../energies.js";
import { sampleSet, type SampleSet } from "../sample-set.js";
import { betaRange, scheduleValues, type Schedule } from "./schedule.js";
import {
  driveSchedule,
  perSweep,
  scheduledInfo,
  scheduledRun,
  type ScheduledOptions,
} from "./scheduled-run.js";
import type { SweepRule } from "../../../kernels/ising-sweeps/contract.js";
import type { HostModel, IsingModel } from "../model.js";

/** Options of {@link anneal}. */
export type AnnealOptions = ScheduledOptions & {
  /** Independent runs of each model. Default 1. */
  readonly chains?: number;
  /**
   * Inverse temperatures. Ends that are left out are those of `betaRange`, for each model its own. Default geometric, 1,000
   * steps.
   */
  readonly schedule?: Schedule;
  /** Sweeps at each temperature. Default 1. */
  readonly sweepsPerBeta?: number;
  /** Default `"metropolis"`, which is faster at low temperature. */
  readonly rule?: SweepRule;
};

/** The last spins of every chain, and whether the schedule was gone through to its end. */
export type AnnealRun = SampleSet & { readonly complete: boolean };

const DEFAULT_SCHEDULE: Schedule = { kind: "geometric", steps: 1000 };

/**
 * Simulated annealing.
 *
 * @param model - from `ising.model`, one or a population
 * @returns one row per model and chain, in this order; `first` and `lowest()` are the best ones
 * @throws ArgumentError or ShapeError for options that do not fit the model or one another
 * @see Kirkpatrick, Gelatt and Vecchi, Science 220, 671 (1983)
 */
export async function anneal(model: IsingModel, options: AnnealOptions = {}): Promise<AnnealRun> {
  const { chains = 1, rule = "metropolis", sweepsPerBeta = 1 } = options;
  checkChoice("anneal", "rule", rule, ["metropolis", "gibbs"]);
  checkInteger("anneal", "sweepsPerBeta", sweepsPerBeta, 1, 2 ** 31 - 1);
  const run = await scheduledRun("anneal", rule, model, chains, options);
  const values = betasOf("anneal", run.model, options.schedule ?? DEFAULT_SCHEDULE);
  const beta = perSweep(values, sweepsPerBeta);
  const sweeps = beta.shape[0];
  const end = await driveSchedule(run, run.start, { sweeps, beta });
  const start = performance.now();
  const last = values.map((own) => own.at(-1)!);
  const rows = run.chains.population * chains;
  const set = {
    n: run.chains.n,
    samples: end.spins,
    energies: energies(run.model, end.spins),
    chain: Int32Array.from({ length: rows }, (_, row) => row % chains),
    model: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / chains)),
  };
  const reached = last.length === 1 ? last[0]! : last;
  const info = scheduledInfo(run, end, reached, performance.now() - start);
  return Object.assign(sampleSet({ ...set, parts: [info] }), { complete: end.sweeps === sweeps });
}

/** The temperatures of each model; one list for all where the schedule says all of it. */
export function betasOf(where: string, of: HostModel, schedule: Schedule): Float64Array[] {
  const at = { function: where, argument: "schedule" };
  const isWhole =
    !("kind" in schedule) || (schedule.from !== undefined && schedule.to !== undefined);
  const ranges = isWhole ? [{ hot: 0, cold: 0 }] : betaRange(of);
  return ranges.map(({ hot, cold }) => scheduleValues(at, schedule, { from: hot, to: cold }));
}
