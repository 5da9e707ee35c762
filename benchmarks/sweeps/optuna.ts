// The same study through Optuna: the checks that a peer trains the same networks, and how many trials a second it does.

import type { Row as SweepRow } from "../../src/sweeps/types.js";
import { median, requireError } from "../harness.js";
import { askPeers } from "../peer-driver.js";
import { firstSteps, SETTINGS, type TrialValues } from "./first-steps.js";

/** How a study is run through Optuna. */
export type Variant = {
  readonly package: "torch" | "jax" | null;
  /** Trials that are asked for and trained together; 1: an objective a trial. */
  readonly together: number;
  readonly trials: number;
};

/** What was measured of one. */
export type StudyCost = {
  readonly optuna: string;
  /** Name and version; empty where nothing is trained. */
  readonly package: string;
  readonly trials: number;
  readonly processes: number;
  readonly together: number;
  /** Of the slowest process, compiling left out. */
  readonly seconds: number;
  /** Of all processes. */
  readonly processor: number;
  /** Seconds before the first trial. */
  readonly compile: number;
  readonly median: number;
};

/** How two samples of the metric at the same parameters compare. */
export type Agreement = {
  readonly trials: number;
  readonly ours: number;
  readonly theirs: number;
  /** Difference of the means, in standard errors of the mean of the paired differences. */
  readonly sigmas: number;
};

const DRIVER = "sweep_optuna.py";

/** Parameters of the study with least, greatest, and whether they are spread logarithmically. */
const NAMES = [
  ["train.generatorRate", 1e-4, 0.1, true],
  ["train.discriminatorRate", 1e-4, 0.1, true],
  ["model.gamma", 1, 1000, true],
  ["model.polarization", 0.9, 1, false],
] as const;

const COMMON = { ...SETTINGS, ranges: NAMES.map(([, ...range]) => range) };

/** Largest difference of any coupling after {@link CHECK_STEPS} steps in float32. */
const ALLOWED = 2e-4;
const CHECK_STEPS = 5;
const CHECKED: TrialValues = [0.01, 0.02, 20, 0.95];

/** Standard errors that chance explains. */
const MOST_SIGMAS = 4;

async function ask<Line extends object>(job: object): Promise<Line | undefined> {
  const { lines } = await askPeers<Line>(DRIVER, ["optuna"], { ...COMMON, ...job });
  return lines[0];
}

/**
 * Whether a package repeats the first steps of the model.
 *
 * @returns the largest difference of a coupling; undefined where the package or Optuna is not installed
 * @throws Error where it is too large
 */
export async function checkSteps(name: "torch" | "jax"): Promise<number | undefined> {
  const { expected, ...given } = await firstSteps(CHECKED, CHECK_STEPS);
  const job = { task: "check", package: name, ...given };
  const answer = await ask<{ readonly couplings: readonly (readonly number[])[] }>(job);
  if (answer === undefined) return undefined;
  const errors = answer.couplings.map((one, k) => distance(one, expected[k % expected.length]!));
  const worst = Math.max(...errors);
  requireError(`${name}: a coupling after ${String(CHECK_STEPS)} steps`, worst, ALLOWED);
  return worst;
}

function distance(a: readonly number[], b: readonly number[]): number {
  return a.length === b.length ? Math.max(...a.map((x, i) => Math.abs(x - b[i]!))) : NaN;
}

/** How far the means of two paired samples are apart, in standard errors of the mean difference. */
export function pairedSigmas(a: readonly number[], b: readonly number[]): number {
  const d = a.map((x, i) => x - b[i]!);
  const mean = d.reduce((sum, x) => sum + x, 0) / d.length;
  const variance = d.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (d.length - 1);
  return mean === 0 ? 0 : Math.abs(mean) / Math.sqrt(variance / d.length);
}

/**
 * Trains the parameters of committed rows with JAX, other random numbers, and compares the metric.
 *
 * @throws Error where the means differ by more than chance explains
 */
export async function compareRows(rows: readonly SweepRow[]): Promise<Agreement | undefined> {
  const finite = rows.filter(({ v }) => v !== null && Number.isFinite(v));
  const given = finite.map(({ p }) => NAMES.map(([name]) => p[name]));
  const job = { task: "compare", package: "jax", together: 64, given };
  const answer = await ask<{ readonly values: readonly number[] }>(job);
  if (answer === undefined) return undefined;
  const pairs = answer.values.flatMap((theirs, i): [number, number][] =>
    Number.isFinite(theirs) ? [[finite[i]!.v!, theirs]] : [],
  );
  const [ours, theirs] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
  const sigmas = pairedSigmas(ours, theirs);
  requireError("the metric of the peer at the same parameters, in sigmas,", sigmas, MOST_SIGMAS);
  return { trials: pairs.length, ours: median(ours), theirs: median(theirs), sigmas };
}

/** Runs a study through Optuna; undefined where something is not installed. */
export async function optunaCost(
  variant: Variant,
  processes: number,
): Promise<StudyCost | undefined> {
  const { package: name, together, trials } = variant;
  const job = {
    ...{ together, trials, processes },
    ...(name === null ? { task: "empty" } : { task: "train", package: name }),
  };
  const answer = await ask<Omit<StudyCost, "processes" | "together">>(job);
  if (answer === undefined) return undefined;
  requireError(`${name ?? "empty"}: trials that are missing`, trials - answer.trials, 0);
  return { ...answer, processes, together };
}
