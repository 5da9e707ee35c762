// Simulated quantum annealing by path integrals: the annealer's stand-in, whose transverse field goes down at fixed temperature.

import { checkChoice, checkInteger } from "../../checks.js";
import { ArgumentError } from "../../errors.js";
import { stream, uniformArray } from "../../random.js";
import { energies } from "../energies.js";
import { hostModel, type HostModel, type IsingModel } from "../model.js";
import { sampleSet, type SampleSet } from "../sample-set.js";
import { fieldBounds } from "./field-bounds.js";
import { scheduleValues, type Schedule } from "./schedule.js";
import {
  driveSchedule,
  scheduledInfo,
  scheduledRun,
  type ScheduledEnd,
  type ScheduledOptions,
  type ScheduledRun,
} from "./scheduled-run.js";
import { bondBetweenSlices, slicedModel, tunnelling } from "./slices.js";

/** Options of {@link quantumAnneal}. */
export type QuantumAnnealOptions = Omit<ScheduledOptions, "mode" | "initial" | "clamp"> & {
  /** Independent runs of each model. Default 1. */
  readonly chains?: number;
  /** Inverse temperature, which stays. Default 1. */
  readonly beta?: number;
  /** Slices S of imaginary time: 1 or an even number. Default 16. */
  readonly slices?: number;
  /**
   * Transverse fields Γ. Default linear, 1,000 steps, from `3 max_i(|b_i| + Σ|J_ij|)`, the largest of the population, to 0.
   */
  readonly gamma?: Schedule;
  /** Sweeps at each field. Default 1. */
  readonly sweepsPerGamma?: number;
  /** Which slice of a chain to read: a random one, whose law is that of a measurement, or the one of least energy. Default `"random"`. */
  readonly read?: "random" | "best";
};

/** The slice read from every chain, and what is known of the quantum state at the last field. */
export type QuantumAnnealRun = SampleSet & {
  /** `[P, n]`, flat, `⟨σˣ⟩` at the last field, over chains and slices. */
  readonly sigmaX: Float64Array;
  readonly complete: boolean;
};

const DEFAULT_STEPS = 1000;

/**
 * Path-integral Monte Carlo of `H = −Σ b σᶻ − Σ J σᶻσᶻ − Γ Σ σˣ` along falling Γ. With a schedule of one value it samples the
 * thermal state at that field.
 *
 * @param model - from `ising.model`, one or a population
 * @returns one row per model and chain, in this order, with classical energies
 * @throws ArgumentError for an odd number of slices, a negative Γ, β that is not positive and finite, and as `anneal`
 * @remarks The law is that of S slices, which differs from the quantum one by O(1/S²), much at small S. Slices are updated
 * spin by spin: near Γ = 0 they freeze together.
 * @see Santoro et al., Science 295, 2427 (2002)
 */
export async function quantumAnneal(
  model: IsingModel,
  options: QuantumAnnealOptions = {},
): Promise<QuantumAnnealRun> {
  const {
    chains = 1,
    beta = 1,
    slices = 16,
    sweepsPerGamma = 1,
    read = "random",
    ...others
  } = options;
  checkOptions(beta, slices, sweepsPerGamma, read);
  const host = await hostModel(model);
  const tunnellings = gammasOf(host, options).map((gamma) => tunnelling(beta, gamma, slices));
  const { model: sliced, scaled } = slicedModel(host, beta, slices);
  const settings: ScheduledOptions = { ...others, mode: "fast" };
  const run = await scheduledRun("quantumAnneal", "gibbs", sliced, chains, settings, scaled);
  const sweeps = tunnellings.length * sweepsPerGamma;
  const end = await driveSchedule(run, run.start, {
    sweeps,
    beta: { shape: [1, 1, 1], values: Float64Array.of(1) },
    scale: Float64Array.from({ length: sweeps }, (_, t) =>
      bondBetweenSlices(tunnellings[Math.floor(t / sweepsPerGamma)]!),
    ),
  });
  return readOut(host, run, end, { slices, read, beta, chains, a: tunnellings.at(-1)!, sweeps });
}

function checkOptions(beta: number, slices: number, sweepsPerGamma: number, read: string): void {
  checkInteger("quantumAnneal", "sweepsPerGamma", sweepsPerGamma, 1, 2 ** 31 - 1);
  checkChoice("quantumAnneal", "read", read, ["random", "best"]);
  checkInteger("quantumAnneal", "slices", slices, 1, 4096);
  if (slices > 1 && slices % 2 === 1) {
    throw new ArgumentError(
      `quantumAnneal: argument \`slices\` must be 1 or even, but is ${slices}. Neighbouring slices are updated in turn.`,
    );
  }
  if (beta > 0 && Number.isFinite(beta)) return;
  throw new ArgumentError(
    `quantumAnneal: argument \`beta\` must be positive and finite, but is ${beta}.`,
  );
}

function gammasOf(host: HostModel, { gamma }: QuantumAnnealOptions): Float64Array {
  const largest = Math.max(...fieldBounds(host).map((bounds) => bounds.largest));
  const at = { function: "quantumAnneal", argument: "gamma" };
  const law = gamma ?? { kind: "linear", steps: DEFAULT_STEPS };
  return scheduleValues(at, law, { from: 3 * largest, to: 0 });
}

type Reading = {
  readonly slices: number;
  readonly read: "random" | "best";
  readonly beta: number;
  readonly chains: number;
  readonly a: number;
  readonly sweeps: number;
};

function readOut(
  host: HostModel,
  run: ScheduledRun,
  end: ScheduledEnd,
  reading: Reading,
): QuantumAnnealRun {
  const start = performance.now();
  const { n } = host.graph;
  const { slices, read, chains } = reading;
  const rows = host.population * chains;
  // A population of [slices of one chain] after another: rows of one model stay together.
  const all = energies(host, end.spins);
  const picked = read === "best" ? bestSlices(all, slices) : randomSlices(run, rows, slices);
  const samples = new Int8Array(rows * n);
  picked.forEach((k, row) => {
    const from = (row * slices + k) * n;
    samples.set(end.spins.subarray(from, from + n), row * n);
  });
  const set = sampleSet({
    ...{ n, samples },
    energies: Float64Array.from(picked, (k, row) => all[row * slices + k]!),
    chain: Int32Array.from({ length: rows }, (_, row) => row % chains),
    model: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / chains)),
    parts: [scheduledInfo(run, end, reading.beta, performance.now() - start)],
  });
  const sigmaX = transverse(end.spins, host, reading);
  return Object.assign(set, { sigmaX, complete: end.sweeps === reading.sweeps });
}

function bestSlices(all: Float64Array, slices: number): Int32Array {
  return Int32Array.from({ length: all.length / slices }, (_, row) => {
    const own = all.subarray(row * slices, (row + 1) * slices);
    return own.indexOf(own.reduce((a, b) => Math.min(a, b), Infinity));
  });
}

/** Word of a row: its chain's address. */
function randomSlices({ seed, chains }: ScheduledRun, rows: number, slices: number): Int32Array {
  const u = uniformArray(stream(seed, "generation"), chains.chainOffset + rows);
  return Int32Array.from(u.subarray(chains.chainOffset), (value) => Math.floor(value * slices));
}

/** `⟨σˣ⟩ = mean tanh(a)^(s_k s_{k+1})`. */
function transverse(
  spins: Int8Array,
  { graph: { n }, population }: HostModel,
  { slices, chains, a }: Reading,
): Float64Array {
  const same = Math.tanh(a);
  const out = new Float64Array(population * n);
  const width = slices * n;
  for (let row = 0; row < population * chains; row++) {
    const p = Math.floor(row / chains);
    for (let at = 0; at < width; at++) {
      const next = spins[row * width + ((at + n) % width)]!;
      const value = spins[row * width + at]! === next ? same : 1 / same;
      out[p * n + (at % n)]! += value / (slices * chains);
    }
  }
  return out;
}
