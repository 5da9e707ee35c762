// From flags to a run of a sampler, and from its end to what the summary tells. One function a sampler.

import * as ising from "../../ising/index.js";
import { scheduleOf } from "./schedule.js";
import type { HostModel, RunControl, SampleSet } from "../../ising/index.js";
import type { SampleIsingOptions, SamplerName } from "./options.js";

/** What a sampler leaves. */
export type Drawn = {
  /** Rows; undefined where exact averages were asked for without rows. */
  readonly set: SampleSet | undefined;
  readonly complete: boolean;
  /** Columns of the summary that only this sampler has, one value a model. */
  readonly facts: Readonly<Record<string, ArrayLike<number>>>;
  /** Exact averages, in the place of those over rows. */
  readonly exact?: Pick<ising.ExactMoments, "energies" | "magnetisations">;
  readonly warnings: readonly string[];
};

/** What a sampler is given. */
export type Task = {
  readonly model: HostModel;
  readonly options: SampleIsingOptions;
  readonly control: RunControl;
  /** Whether rows are written or drawn; exact averages need none. */
  readonly wantsRows: boolean;
};

/** Chains come in sixteens: fewer cost as much. */
const CHAINS = 16;
const SAMPLES = 100;
const STEPS = 1000;
const RUNGS = 12;

/** Runs the sampler that was asked for. */
export function draw(task: Task): Promise<Drawn> {
  return RUNS[task.options.sampler](task);
}

const RUNS: Readonly<Record<SamplerName, (task: Task) => Promise<Drawn>>> = {
  gibbs: (task) => fixed(ising.gibbs, task),
  metropolis,
  anneal,
  tempering,
  "quantum-anneal": quantumAnneal,
  "swendsen-wang": swendsenWang,
  exact,
};

function given<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const known = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** What samplers at fixed temperature share. */
function steady({ options }: Task): ising.ClusterOptions {
  const { beta, chains = CHAINS, warmup, samples = SAMPLES, sweeps, seed } = options;
  return given({ beta, chains, warmup, samples, sweepsPerSample: sweeps, seed });
}

async function fixed(sampler: typeof ising.gibbs, task: Task): Promise<Drawn> {
  const own = { ...steady(task), ...given({ mode: task.options.mode }), ...task.control };
  const set = await sampler(task.model, own);
  return { set, complete: set.complete, facts: {}, warnings: set.warnings };
}

async function metropolis(task: Task): Promise<Drawn> {
  const drawn = await fixed(ising.metropolis, task);
  return { ...drawn, facts: { acceptance: acceptance(task, drawn.set!) } };
}

/** Rows that the acceptance is averaged over: more would cost time and memory, and say the same. */
const JUDGED_SPINS = 2 ** 20;

/** Mean of `min(1, exp(−2β s_i F_i))` over spins and rows: the fraction of flips that a sweep from there accepts. */
function acceptance({ model, options: { beta = 1 } }: Task, set: SampleSet): number[] {
  return Array.from({ length: model.population }, (_, p) => {
    const own = set.ofModel(p);
    const rows = Math.min(own.rows, Math.ceil(JUDGED_SPINS / own.n));
    const spins = own.samples.subarray((own.rows - rows) * own.n);
    const fields = ising.localFields(ising.replica(model, p), spins);
    const sum = fields.reduce((a, F, i) => a + Math.min(1, Math.exp(-2 * beta * spins[i]! * F)), 0);
    return sum / fields.length;
  });
}

async function swendsenWang(task: Task): Promise<Drawn> {
  const set = await ising.swendsenWang(task.model, { ...steady(task), ...task.control });
  return { set, complete: set.complete, facts: {}, warnings: [] };
}

async function anneal({ model, options, control }: Task): Promise<Drawn> {
  const { chains = CHAINS, sweeps = STEPS, mode, seed } = options;
  const schedule = scheduleOf(options.schedule, "geometric", sweeps);
  const set = await ising.anneal(model, { chains, schedule, ...given({ mode, seed }), ...control });
  return { set, complete: set.complete, facts: ground(set), warnings: [] };
}

/** Where energies of −J ± J … are discrete, how often the lowest one was found says how hard the problem is. */
function ground(set: SampleSet): Record<string, number[]> {
  if (set.rows === 0) return {};
  const models = 1 + set.model.reduce((a, b) => Math.max(a, b), 0);
  const lowest = set.lowest();
  const share = (p: number): number => lowest.ofModel(p).rows / set.ofModel(p).rows;
  return { "at the lowest": Array.from({ length: models }, (_, p) => share(p)) };
}

async function tempering({ model, options, control }: Task): Promise<Drawn> {
  const { chains, warmup, samples = SAMPLES, sweeps, rungs = RUNGS, mode, seed } = options;
  const set = await ising.parallelTempering(model, {
    betas: scheduleOf(options.schedule, "geometric", rungs),
    ...given({ ladders: chains, warmup, samples, sweepsPerRound: sweeps, mode, seed }),
    ...control,
  });
  const least = set.acceptance.map((own) => own.reduce((a, b) => Math.min(a, b), Infinity));
  const facts = { "least swap acceptance": least, "round trips": set.roundTrips };
  return { set, complete: set.complete, facts, warnings: [] };
}

async function quantumAnneal({ model, options, control }: Task): Promise<Drawn> {
  const { chains = CHAINS, sweeps = STEPS, beta, slices, read, seed } = options;
  const gamma = scheduleOf(options.schedule, "linear", sweeps);
  const own = { chains, gamma, ...given({ beta, slices, read, seed }), ...control };
  const set = await ising.quantumAnneal(model, own);
  const { n } = model.graph;
  const sigmaX = Array.from({ length: model.population }, (_, p) => {
    const values = set.sigmaX.subarray(p * n, (p + 1) * n);
    return values.reduce((a, b) => a + b, 0) / n;
  });
  // Where the field ends at 0, its estimate has no meaning.
  const facts = "to" in gamma && gamma.to !== 0 ? { "mean sigma x": sigmaX } : ground(set);
  return { set, complete: set.complete, facts, warnings: [] };
}

function exact({ model, options, wantsRows }: Task): Promise<Drawn> {
  const { beta = 1, samples = CHAINS * SAMPLES, seed = 0 } = options;
  // Rows first: what refuses them should not wait for the averages.
  const set = wantsRows ? exactRows(model, { beta, rows: samples, seed }) : undefined;
  const moments = ising.exactMoments(model, { beta });
  const facts = { "log Z": moments.logZ };
  return Promise.resolve({ set, complete: true, facts, exact: moments, warnings: [] });
}

function exactRows(
  model: HostModel,
  options: { readonly beta: number; readonly rows: number; readonly seed: number },
): SampleSet {
  const begin = performance.now();
  const samples = ising.exactSamples(model, options);
  const all = model.population * options.rows;
  const samplingMs = performance.now() - begin;
  return ising.sampleSet({
    ...{ n: model.graph.n, samples, energies: ising.energies(model, samples) },
    model: Int32Array.from({ length: all }, (_, row) => Math.floor(row / options.rows)),
    parts: [
      {
        ...{ sampler: "exactSamples", seed: options.seed, beta: options.beta, sweeps: null },
        ...{ mode: null, backend: "host", flips: 0, flipsPerNs: 0, diagnostics: null },
        timing: { preprocessMs: 0, samplingMs, postprocessMs: 0 },
      },
    ],
  });
}
