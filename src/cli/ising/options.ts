// The flags of `sample ising`: their types, their defaults, and which sampler knows which. No sampling.

import { EXIT } from "../exit-codes.js";
import { CliError } from "../problem.js";
import type { ProgressMode } from "../progress/progress.js";
import type { PlaceOptions } from "../use/load-run.js";

/** The samplers by name. */
export const SAMPLERS = [
  "gibbs",
  "metropolis",
  "anneal",
  "tempering",
  "quantum-anneal",
  "swendsen-wang",
  "exact",
] as const;

/** A sampler's name. */
export type SamplerName = (typeof SAMPLERS)[number];

/** How rows are written. */
export type OutputFormat = "csv" | "dimod" | "json";

/** The flags of `sample ising`, as given: what is absent has the sampler's default. */
export type SampleIsingOptions = PlaceOptions & {
  readonly sampler: SamplerName;
  readonly couplings?: string;
  readonly biases?: string;
  readonly vartype?: "SPIN" | "BINARY";
  readonly beta?: number;
  readonly schedule?: string;
  readonly sweeps?: number;
  readonly chains?: number;
  readonly warmup?: number;
  readonly samples?: number;
  readonly rungs?: number;
  readonly slices?: number;
  readonly read?: "random" | "best";
  readonly mode?: "auto" | "exact" | "fast";
  readonly seed?: number;
  readonly output?: string;
  readonly format?: OutputFormat;
  readonly figures?: string;
  readonly progress: ProgressMode;
};

/** Flags that some samplers know and others do not. */
type OwnFlag = "beta" | "schedule" | "sweeps" | "chains" | "warmup" | "samples" | "mode";
type RareFlag = "rungs" | "slices" | "read";

const KNOWN: Readonly<Record<SamplerName, readonly (OwnFlag | RareFlag)[]>> = {
  gibbs: ["beta", "sweeps", "chains", "warmup", "samples", "mode"],
  metropolis: ["beta", "sweeps", "chains", "warmup", "samples", "mode"],
  anneal: ["schedule", "sweeps", "chains", "mode"],
  tempering: ["schedule", "sweeps", "chains", "warmup", "samples", "rungs", "mode"],
  "quantum-anneal": ["beta", "schedule", "sweeps", "chains", "slices", "read"],
  "swendsen-wang": ["beta", "sweeps", "chains", "warmup", "samples"],
  exact: ["beta", "samples"],
};

const FLAGS = [...new Set(Object.values(KNOWN).flat())];

/**
 * Refuses flags that the sampler would not look at.
 *
 * @throws CliError that names all of them
 */
export function checkFlags(options: SampleIsingOptions): void {
  const known = KNOWN[options.sampler];
  const strange = FLAGS.filter((flag) => options[flag] !== undefined && !known.includes(flag));
  if (strange.length === 0) return;
  const hint = `flags of ${options.sampler}: ${known.map((flag) => `--${flag}`).join(", ")}`;
  throw new CliError(
    EXIT.usage,
    strange.map((flag) => ({
      message: `--${flag}: must be left out, since the sampler ${options.sampler} does not know it`,
      hint,
    })),
  );
}
