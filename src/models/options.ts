// Options of evaluations and samples that models have alike, and their checks.

import { checkInteger } from "../checks.js";
import { MAX_SEED, type PopulationConfig } from "./replicas.js";
import type { DataFiles } from "./model.js";

/** Options of a model's `evaluate`. */
export type EvaluateOptions = {
  readonly files?: DataFiles;
  /** Samples, at least 100; default `evaluate.n`. */
  readonly n?: number;
  /** Added to every replica's seed for the samples drawn; default 0. */
  readonly seed?: number;
};

/** Options of a model's `sample`. */
export type SampleOptions = {
  readonly n: number;
  /** Seed of the samples; default the replica's own. */
  readonly seed?: number;
  /** Which replica, from 0; default the best one by validation. */
  readonly replica?: number;
  readonly files?: DataFiles;
};

/** Checks the options of `sample`. */
export function checkSampleOptions({ replicas }: PopulationConfig, options: SampleOptions): void {
  const { n, seed = 0, replica = 0 } = options;
  checkInteger("sample", "n", n, 1, 2 ** 31 - 1);
  checkInteger("sample", "seed", seed, 0, MAX_SEED);
  checkInteger("sample", "replica", replica, 0, replicas - 1);
}
