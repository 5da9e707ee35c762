// Gibbs and Metropolis sampling of Ising models at fixed temperatures: many chains of many models in one run. Schedules
// of temperatures and exchanges between chains are other samplers, on the same kernel.

import { energyDiagnostics } from "../diagnostics.js";
import { energies as energiesOf } from "../energies.js";
import { sampleSet } from "../sample-set.js";
import { drive } from "./drive.js";
import { endOf, infoOf, samplesLeft, setUp } from "./setup.js";
import type { SweepResult, SweepRule } from "../../../kernels/ising-sweeps/contract.js";
import type { IsingModel } from "../model.js";
import type { SampleDiagnostics, SampleInfo, SampleSet } from "../sample-set.js";
import type { DriveEnd } from "./drive.js";
import type { GibbsOptions, RunEnd, Setup } from "./setup.js";

/** Samples in the order of sampling: sample, model, chain. */
export type GibbsRun = SampleSet & RunEnd & { readonly diagnostics: SampleDiagnostics };

/** Means over all samples and chains of a model; no samples are kept. */
export type MomentRun = RunEnd & {
  /** ⟨s_i⟩, `[P, n]`. */
  readonly spins: Float64Array;
  /** ⟨s_u s_v⟩ in the order of the edges, `[P, E]`. */
  readonly pairs: Float64Array;
  /** Sweeps and chains that each mean is over. */
  readonly count: number;
  readonly info: SampleInfo;
};

/**
 * Heat-bath sampling, `P(s_i = +1 | rest) = σ(2β F_i)`, colour after colour.
 *
 * @param model - from `ising.model`, one or a population
 * @returns rows in the order sample, model, chain
 * @throws ArgumentError or ShapeError for options that do not fit the model or one another
 * @remarks Results depend neither on threads, nor on the number of chains, nor on how a run is interrupted. Cost: about
 * 2 ns a spin, sweep and chain on one core for sparse graphs, plus 0.1 ns a neighbour.
 */
export function gibbs(model: IsingModel, options: GibbsOptions = {}): Promise<GibbsRun> {
  return sampled("gibbs", model, options);
}

/**
 * Metropolis sampling: a flip is accepted with probability min(1, exp(−2β s_i F_i)). Mixes faster than heat bath at high
 * temperature, but flips that cost nothing are always made, so that it may be periodic where fields vanish.
 *
 * @param model - from `ising.model`, one or a population
 * @returns rows in the order sample, model, chain; `warnings` tells where the chains cannot mix
 * @throws ArgumentError or ShapeError for options that do not fit the model or one another
 */
export function metropolis(model: IsingModel, options: GibbsOptions = {}): Promise<GibbsRun> {
  return sampled("metropolis", model, options);
}

/**
 * Means of spins and of products along edges over every sweep after the warm-up, by heat bath; `samples ·
 * sweepsPerSample` sweeps, none of which is kept.
 *
 * @param model - from `ising.model`, one or a population
 * @throws ArgumentError or ShapeError for options that do not fit the model or one another
 */
export async function gibbsMoments(
  model: IsingModel,
  options: GibbsOptions = {},
): Promise<MomentRun> {
  const setup = await setUp("gibbsMoments", "gibbs", model, options);
  const { population, graph } = setup.model;
  const spins = new Float64Array(population * graph.n);
  const pairs = new Float64Array((population * graph.edges.length) / 2);
  let count = 0;
  const observation = {
    moments: true,
    take: (result: SweepResult, sweeps: number): void => {
      result.spinSums.forEach((sum, i) => (spins[i]! += sum));
      result.edgeSums.forEach((sum, e) => (pairs[e]! += sum));
      count += sweeps * setup.chains.chains;
    },
  };
  const plan = { ...setup.plan, every: 1 };
  const end = await drive(setup.prepared, setup.base, plan, setup.start, observation, options);
  return {
    ...endOf(setup, end),
    ...{ spins: spins.map((sum) => sum / count), pairs: pairs.map((sum) => sum / count), count },
    info: infoOf("gibbsMoments", setup, options, end, performance.now()),
  };
}

async function sampled(
  rule: SweepRule,
  model: IsingModel,
  options: GibbsOptions,
): Promise<GibbsRun> {
  const setup = await setUp(rule, rule, model, options);
  const rows = setup.start.length / setup.chains.n;
  const wanted = samplesLeft(setup.plan, options);
  const samples = new Int8Array(wanted * setup.start.length);
  const energies = new Float64Array(wanted * rows);
  let seen = 0;
  const observation = {
    record: { spins: true, energies: true },
    take: (result: SweepResult): void => {
      samples.set(result.samples, seen * setup.start.length);
      energies.set(result.energies, seen * rows);
      seen += result.energies.length / rows;
    },
  };
  const end = await drive(
    setup.prepared,
    setup.base,
    setup.plan,
    setup.start,
    observation,
    options,
  );
  const start = performance.now();
  if (options.sweepsPerSample === 0 && end.sweep === setup.plan.to) {
    seen = wanted;
    repeatState(setup, end.spins, samples, energies);
  }
  const kept = {
    samples: samples.slice(0, seen * end.spins.length),
    energies: energies.slice(0, seen * rows),
  };
  return runOf(rule, setup, options, end, kept, start);
}

/** Without sweeps between samples all samples are the state after the warm-up. */
function repeatState(
  { model, chains }: Setup,
  spins: Int8Array,
  samples: Int8Array,
  energies: Float64Array,
): void {
  const values = energiesOf(
    { ...model, batched: true, offset: new Float64Array(chains.population) },
    spins,
  );
  for (let at = 0; at < samples.length; at += spins.length) samples.set(spins, at);
  for (let at = 0; at < energies.length; at += values.length) energies.set(values, at);
}

function runOf(
  rule: SweepRule,
  setup: Setup,
  options: GibbsOptions,
  end: DriveEnd,
  { samples, energies }: { samples: Int8Array; energies: Float64Array },
  start: number,
): GibbsRun {
  const { population, chains, n } = setup.chains;
  const { offset } = setup.model;
  const model = Int32Array.from(energies, (_, i) => Math.floor(i / chains) % population);
  const chain = Int32Array.from(energies, (_, i) => i % chains);
  energies.forEach((energy, i) => (energies[i] = energy + offset[model[i]!]!));
  const info = infoOf(rule, setup, options, end, start);
  const columns = { n, samples, energies, chain, model };
  const diagnostics = energyDiagnostics(sampleSet({ ...columns, parts: [info] }));
  const timing = { ...info.timing, postprocessMs: performance.now() - start };
  const set = sampleSet({ ...columns, parts: [{ ...info, diagnostics, timing }] });
  return Object.assign(set, { ...endOf(setup, end), diagnostics });
}
