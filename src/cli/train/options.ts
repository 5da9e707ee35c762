// The flags of `train`, and those of them that stand for keys of the configuration.

import type { CheckpointEvery } from "../../runs/train.js";
import type { Assignment } from "../../settings/layer.js";
import { parseValue } from "../../settings/value.js";
import { EXIT } from "../exit-codes.js";
import { CliError } from "../problem.js";
import { flagAssignment } from "../config/value.js";
import type { ProgressMode } from "../progress/progress.js";

/** Flags that set keys, and the folder of the run. */
export type KeyOptions = {
  readonly output?: string;
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
  readonly new: boolean;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly strict: boolean;
  readonly figures: boolean;
  readonly mixBackends: boolean;
  readonly progress: ProgressMode;
  readonly checkpointEvery: CheckpointEvery;
};

// Text that is neither a number nor a list is kept: the schema says what the key wants.
function asValue(text: string | undefined): unknown {
  if (text?.trim().startsWith("[")) return parseValue(text);
  return text === undefined || text.trim() === "" || Number.isNaN(Number(text))
    ? text
    : Number(text);
}

/** A flag of nothing comes from an unset variable of a shell; the folder or file it would mean is the current one. */
function refuseEmpty(flag: string, text: string | undefined): void {
  if (text?.trim() !== "") return;
  throw new CliError(EXIT.usage, {
    message: `--${flag} must not be empty`,
    hint: "leave it out, or give it a value; a shell variable may be unset",
  });
}

/** Assignments of the flags that stand for keys. */
export function keyFlags(options: KeyOptions): readonly Assignment[] {
  const { data, preset, backend, runs, output, replicas, seed, threads } = options;
  for (const [flag, text] of Object.entries({ data, preset, backend, runs, output }))
    refuseEmpty(flag, text);
  const texts = { "data.file": data, preset, backend, runs };
  const numbers = { replicas, seed, threads };
  const set = [
    ...Object.entries(texts),
    ...Object.entries(numbers).map(([key, text]) => [key, asValue(text)] as const),
  ];
  return set
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => flagAssignment(key, value));
}
