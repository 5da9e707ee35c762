// Associative adversarial networks on images: re-exports, and the model as the command line sees it.

import { ArgumentError } from "../../errors.js";
import { merge, type DeepPartial } from "../merge.js";
import { qaaanPresets, qaaanSchema } from "./config.js";
import { evaluate } from "./evaluate.js";
import { qaaanFigures } from "./figures.js";
import { sample } from "./sample.js";
import { train } from "./train.js";
import type { DataFiles, ModelDefinition, Snapshot, TrainEvent } from "../model.js";
import type { QaaanConfig } from "./config.js";

export { qaaanPresets, qaaanSchema } from "./config.js";
export type { QaaanConfig } from "./config.js";

/** The QAAAN for run folders and the command line. */
export const qaaan: ModelDefinition<QaaanConfig> = {
  name: "qaaan",
  title: "associative adversarial network with a Boltzmann machine as prior",
  schema: qaaanSchema,
  presets: qaaanPresets,
  train,
  evaluate,
  sample,
  figures: qaaanFigures,
};

/** A preset's name and whatever differs from it. */
export type QaaanOptions = DeepPartial<QaaanConfig> & {
  /** `quick` (default), `small`, `paper`, `colour32` or `colour64`. */
  readonly preset?: string;
  /** Continue where this snapshot was taken. */
  readonly resume?: Snapshot;
  /** Texts of the data files that the configuration names. */
  readonly files?: DataFiles;
  /** The last step of this call. Default all steps of the configuration. */
  readonly until?: number;
};

/**
 * The complete configuration of a preset and overrides.
 *
 * @throws ArgumentError for an unknown preset, or a key or value that is not allowed
 */
export function qaaanConfig({
  preset = "quick",
  resume: _resume,
  files: _files,
  until: _until,
  ...overrides
}: QaaanOptions = {}): QaaanConfig {
  const { data, error } = qaaanSchema.safeParse(
    merge("qaaanConfig", qaaanPresets, preset, overrides),
  );
  if (data !== undefined) return data;
  const faults = error.issues.map(({ path, message }) =>
    [...(path.length > 0 ? [`\`${path.join(".")}\``] : []), message].join(": "),
  );
  throw new ArgumentError(`qaaanConfig: ${faults.join("; ")}.`);
}

/** Trains QAAANs; see `train` of {@link qaaan}. Choose a backend first with `useBackend`. */
export function trainQaaan(options: QaaanOptions = {}): AsyncGenerator<TrainEvent, void, void> {
  const { resume, files, until } = options;
  return train(qaaanConfig(options), {
    ...(resume && { resume }),
    ...(files && { files }),
    ...(until !== undefined && { until }),
  });
}
