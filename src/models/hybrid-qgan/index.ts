// The hybrid QGAN: re-exports, and the model as the command line sees it.

import { ArgumentError } from "../../errors.js";
import { hybridPresets, hybridSchema } from "./config.js";
import { evaluate } from "./evaluate.js";
import { hybridFigures } from "./figures.js";
import { sample } from "./sample.js";
import { train } from "./train.js";
import { merge } from "../merge.js";
import type { DataFiles, ModelDefinition, Snapshot, TrainEvent } from "../model.js";
import type { HybridConfig } from "./config.js";
import type { DeepPartial } from "../merge.js";

export { hybridPresets, hybridSchema } from "./config.js";
export type { HybridConfig } from "./config.js";

/** The hybrid QGAN for run folders and the command line. */
export const hybridQgan: ModelDefinition<HybridConfig> = {
  name: "hybrid-qgan",
  title: "hybrid quantum-classical GAN",
  schema: hybridSchema,
  presets: hybridPresets,
  train,
  evaluate,
  sample,
  figures: hybridFigures,
};

/** A preset's name and whatever differs from it. */
export type HybridOptions = DeepPartial<HybridConfig> & {
  /** `robust` (default), `trainable`, `plane` or `paper`. */
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
export function hybridConfig({
  preset = "robust",
  resume: _resume,
  files: _files,
  ...overrides
}: HybridOptions = {}): HybridConfig {
  const merged = merge("hybridConfig", hybridPresets, preset, overrides);
  const { data, error } = hybridSchema.safeParse(merged);
  if (data !== undefined) return data;
  const faults = error.issues.map(({ path, message }) =>
    [...(path.length > 0 ? [`\`${path.join(".")}\``] : []), message].join(": "),
  );
  throw new ArgumentError(`hybridConfig: ${faults.join("; ")}.`);
}

/** Trains a population of hybrid QGANs; see `train` of {@link hybridQgan}. Choose a backend first with `useBackend`. */
export function trainHybridQgan(
  options: HybridOptions = {},
): AsyncGenerator<TrainEvent, void, void> {
  const { resume, files } = options;
  return train(hybridConfig(options), { ...(resume && { resume }), ...(files && { files }) });
}
