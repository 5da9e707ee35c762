// The flags of `sweep`.

import type { ProgressMode } from "../progress/progress.js";

/** Where a verb of sweeps looks and computes. */
export type SweepPlaceOptions = {
  readonly backend?: string;
  readonly threads?: string;
  /** The folder of all runs. */
  readonly output?: string;
};

/** The flags of `sweep`. */
export type SweepOptions = SweepPlaceOptions & {
  readonly executor: "local" | "bullmq" | "slurm";
  readonly workers: number;
  /** Names of GPUs, for the executor local. */
  readonly gpus?: readonly string[];
  /** Address of Redis, for the executor bullmq. */
  readonly redis?: string;
  /** For the executor slurm: tasks of the array, a generic resource of each, further flags of sbatch. */
  readonly tasks?: number;
  readonly gres?: string;
  readonly sbatch: readonly string[];
  readonly microBatch?: number;
  /** Of how many of the best trials the model is kept. */
  readonly models?: number;
  readonly dryRun: boolean;
  readonly printTrials: boolean;
  readonly saveTrials?: string;
  readonly retry?: "error" | "diverged";
  readonly failFast: boolean;
  readonly failOnTrialError: boolean;
  readonly maxTrials?: number;
  /** Seconds. */
  readonly time?: number;
  readonly new: boolean;
  readonly force: boolean;
  readonly mixBackends: boolean;
  readonly detach: boolean;
  readonly progress: ProgressMode;
};
