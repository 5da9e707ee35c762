// The dissipation-driven quantum GAN: re-exports, and the model as the command line sees it.

import { ArgumentError } from "../../errors.js";
import { dqganPresets, dqganSchema } from "./config.js";
import { evaluate } from "./evaluate.js";
import { dqganFigures } from "./figures.js";
import { sample } from "./sample.js";
import { train } from "./train.js";
import { merge } from "../merge.js";
import type { DataFiles, ModelDefinition, Snapshot, TrainEvent } from "../model.js";
import type { DqganConfig } from "./config.js";
import type { DeepPartial } from "../merge.js";

export { dqganPresets, dqganSchema } from "./config.js";
export type {
  DataConfig,
  DqganConfig,
  EvaluateConfig,
  ModelConfig,
  TrainConfig,
} from "./config.js";
export type { DeepPartial } from "../merge.js";

/** The DQGAN for run folders and the command line. */
export const dqgan: ModelDefinition<DqganConfig> = {
  name: "dqgan",
  title: "dissipation-driven quantum GAN",
  schema: dqganSchema,
  presets: dqganPresets,
  train,
  evaluate,
  sample,
  figures: dqganFigures,
};

/** A preset's name and whatever differs from it. */
export type DqganOptions = DeepPartial<DqganConfig> & {
  /** `robust` (default), `robustUniform` or `paper`. */
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
export function dqganConfig({
  preset = "robust",
  resume: _resume,
  files: _files,
  ...overrides
}: DqganOptions = {}): DqganConfig {
  const { data, error } = dqganSchema.safeParse(
    merge("dqganConfig", dqganPresets, preset, overrides),
  );
  if (data !== undefined) return data;
  const faults = error.issues.map(({ path, message }) =>
    [...(path.length > 0 ? [`\`${path.join(".")}\``] : []), message].join(": "),
  );
  throw new ArgumentError(`dqganConfig: ${faults.join("; ")}.`);
}

/** Trains a population of DQGANs; see `train` of {@link dqgan}. Choose a backend first with `useBackend`. */
export function trainDqgan(options: DqganOptions = {}): AsyncGenerator<TrainEvent, void, void> {
  const { resume, files } = options;
  return train(dqganConfig(options), { ...(resume && { resume }), ...(files && { files }) });
}
