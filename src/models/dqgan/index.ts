// The dissipation-driven quantum GAN: re-exports, and the model as the command line sees it.

import { dqganNumericsVersion, dqganPresets, dqganSchema } from "./config.js";
import { evaluate } from "./evaluate.js";
import { dqganFigures } from "./figures.js";
import { sample } from "./sample.js";
import { train } from "./train.js";
import { completeConfig } from "../merge.js";
import type { ModelDefinition, TrainEvent, TrainOptions } from "../model.js";
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
  numericsVersion: dqganNumericsVersion,
  presets: dqganPresets,
  train,
  evaluate,
  sample,
  figures: dqganFigures,
};

/** A preset's name and whatever differs from it. */
export type DqganOptions = DeepPartial<DqganConfig> &
  TrainOptions & {
    /** `robust` (default), `robustUniform` or `paper`. */
    readonly preset?: string;
  };

/**
 * The complete configuration of a preset and overrides.
 *
 * @throws ArgumentError for an unknown preset, or a key or value that is not allowed
 */
export function dqganConfig(options: DqganOptions = {}): DqganConfig {
  return completeConfig("dqganConfig", dqgan, "robust", options);
}

/** Trains a population of DQGANs; see `train` of {@link dqgan}. Choose a backend first with `useBackend`. */
export function trainDqgan(options: DqganOptions = {}): AsyncGenerator<TrainEvent, void, void> {
  return train(dqganConfig(options), options);
}
