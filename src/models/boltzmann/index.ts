// Boltzmann machines trained on images or columns of spins: re-exports, and the model as the command line sees it.

import { ArgumentError } from "../../errors.js";
import { merge, type DeepPartial } from "../merge.js";
import { boltzmannPresets, boltzmannSchema } from "./config.js";
import { evaluate } from "./evaluate.js";
import { boltzmannFigures } from "./figures.js";
import { sample } from "./sample.js";
import { train } from "./train.js";
import type { DataFiles, ModelDefinition, Snapshot, TrainEvent } from "../model.js";
import type { BoltzmannConfig } from "./config.js";

export { boltzmannPresets, boltzmannSchema } from "./config.js";
export type { BoltzmannConfig } from "./config.js";

/** The Boltzmann machine for run folders and the command line. */
export const boltzmann: ModelDefinition<BoltzmannConfig> = {
  name: "boltzmann",
  title: "Boltzmann machine",
  schema: boltzmannSchema,
  presets: boltzmannPresets,
  train,
  evaluate,
  sample,
  figures: boltzmannFigures,
};

/** A preset's name and whatever differs from it. */
export type BoltzmannOptions = DeepPartial<BoltzmannConfig> & {
  /** `fast` (default), `figure6`, `figure7`, `exact` or `restricted`. */
  readonly preset?: string;
  /** Continue where this snapshot was taken. */
  readonly resume?: Snapshot;
  /** Texts of the data files that the configuration names. */
  readonly files?: DataFiles;
};

/**
 * The complete configuration of a preset and overrides.
 *
 * @throws ArgumentError for an unknown preset, or a key or value that is not allowed
 */
export function boltzmannConfig({
  preset = "fast",
  resume: _resume,
  files: _files,
  ...overrides
}: BoltzmannOptions = {}): BoltzmannConfig {
  const { data, error } = boltzmannSchema.safeParse(
    merge("boltzmannConfig", boltzmannPresets, preset, overrides),
  );
  if (data !== undefined) return data;
  const faults = error.issues.map(({ path, message }) =>
    [...(path.length > 0 ? [`\`${path.join(".")}\``] : []), message].join(": "),
  );
  throw new ArgumentError(`boltzmannConfig: ${faults.join("; ")}.`);
}

/** Trains a population of Boltzmann machines; see `train` of {@link boltzmann}. No tensor backend is needed. */
export function trainBoltzmann(
  options: BoltzmannOptions = {},
): AsyncGenerator<TrainEvent, void, void> {
  const { resume, files } = options;
  return train(boltzmannConfig(options), { ...(resume && { resume }), ...(files && { files }) });
}
