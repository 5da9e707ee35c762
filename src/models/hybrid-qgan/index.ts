// The hybrid QGAN: re-exports, and the model as the command line sees it.

import { hybridNumericsVersion, hybridPresets, hybridSchema } from "./config.js";
import { evaluate } from "./evaluate.js";
import { hybridFigures } from "./figures.js";
import { sample } from "./sample.js";
import { train } from "./train.js";
import { completeConfig } from "../merge.js";
import type { ModelDefinition, TrainEvent, TrainOptions } from "../model.js";
import type { HybridConfig } from "./config.js";
import type { DeepPartial } from "../merge.js";

export { hybridPresets, hybridSchema } from "./config.js";
export type { HybridConfig } from "./config.js";

/** The hybrid QGAN for run folders and the command line. */
export const hybridQgan: ModelDefinition<HybridConfig> = {
  name: "hybrid-qgan",
  title: "hybrid quantum-classical GAN",
  schema: hybridSchema,
  numericsVersion: hybridNumericsVersion,
  presets: hybridPresets,
  train,
  evaluate,
  sample,
  figures: hybridFigures,
};

/** A preset's name and whatever differs from it. */
export type HybridOptions = DeepPartial<HybridConfig> &
  TrainOptions & {
    /** `robust` (default), `trainable`, `plane` or `paper`. */
    readonly preset?: string;
  };

/**
 * The complete configuration of a preset and overrides.
 *
 * @throws ArgumentError for an unknown preset, or a key or value that is not allowed
 */
export function hybridConfig(options: HybridOptions = {}): HybridConfig {
  return completeConfig("hybridConfig", hybridQgan, "robust", options);
}

/** Trains a population of hybrid QGANs; see `train` of {@link hybridQgan}. Choose a backend first with `useBackend`. */
export function trainHybridQgan(
  options: HybridOptions = {},
): AsyncGenerator<TrainEvent, void, void> {
  return train(hybridConfig(options), options);
}
