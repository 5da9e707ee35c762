// Boltzmann machines trained on images or columns of spins: re-exports, and the model as the command line sees it.

import { completeConfig, type DeepPartial } from "../merge.js";
import { boltzmannNumericsVersion, boltzmannPresets, boltzmannSchema } from "./config.js";
import { evaluate } from "./evaluate.js";
import { boltzmannFigures } from "./figures.js";
import { sample } from "./sample.js";
import { train } from "./train.js";
import type { ModelDefinition, TrainEvent, TrainOptions } from "../model.js";
import type { BoltzmannConfig } from "./config.js";

export { boltzmannPresets, boltzmannSchema } from "./config.js";
export type { BoltzmannConfig } from "./config.js";

/** The Boltzmann machine for run folders and the command line. */
export const boltzmann: ModelDefinition<BoltzmannConfig> = {
  name: "boltzmann",
  title: "Boltzmann machine",
  schema: boltzmannSchema,
  numericsVersion: boltzmannNumericsVersion,
  presets: boltzmannPresets,
  train,
  evaluate,
  sample,
  figures: boltzmannFigures,
};

/** A preset's name and whatever differs from it. */
export type BoltzmannOptions = DeepPartial<BoltzmannConfig> &
  TrainOptions & {
    /** `fast` (default), `figure6`, `figure7`, `exact` or `restricted`. */
    readonly preset?: string;
  };

/**
 * The complete configuration of a preset and overrides.
 *
 * @throws ArgumentError for an unknown preset, or a key or value that is not allowed
 */
export function boltzmannConfig(options: BoltzmannOptions = {}): BoltzmannConfig {
  return completeConfig("boltzmannConfig", boltzmann, "fast", options);
}

/** Trains a population of Boltzmann machines; see `train` of {@link boltzmann}. No tensor backend is needed. */
export function trainBoltzmann(
  options: BoltzmannOptions = {},
): AsyncGenerator<TrainEvent, void, void> {
  return train(boltzmannConfig(options), options);
}
