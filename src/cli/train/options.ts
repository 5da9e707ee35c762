// The flags of `train`, and those of them that stand for keys of the configuration.

import type { CheckpointEvery } from "../../runs/train.js";
import type { Assignment } from "../../settings/layer.js";
import { flagAssignment } from "../config/value.js";
import type { ProgressMode } from "../progress/progress.js";

/** Flags that set keys. */
export type KeyOptions = {
  readonly preset?: string;
  readonly data?: string;
  readonly replicas?: string;
  readonly seed?: string;
  readonly backend?: string;
  readonly threads?: string;
  readonly runs?: string;
};

/** The flags of `train`. */
export type TrainOptions = KeyOptions & {
  readonly output?: string;
  readonly new: boolean;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly strict: boolean;
  readonly figures: boolean;
  readonly mixBackends: boolean;
  readonly progress: ProgressMode;
  readonly checkpointEvery: CheckpointEvery;
};

// Text that is no number is kept: the schema says what the key wants.
function asNumber(text: string | undefined): number | string | undefined {
  return text === undefined || text.trim() === "" || Number.isNaN(Number(text))
    ? text
    : Number(text);
}

/** Assignments of the flags that stand for keys. */
export function keyFlags(options: KeyOptions): readonly Assignment[] {
  const { data, preset, backend, runs, replicas, seed, threads } = options;
  const texts = { "data.file": data, preset, backend, runs };
  const numbers = { replicas, seed, threads };
  const set = [
    ...Object.entries(texts),
    ...Object.entries(numbers).map(([key, text]) => [key, asNumber(text)] as const),
  ];
  return set
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => flagAssignment(key, value));
}
