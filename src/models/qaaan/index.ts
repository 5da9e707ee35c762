// Associative adversarial networks on images: re-exports, and the model as the command line sees it.

import { completeConfig, type DeepPartial } from "../merge.js";
import { qaaanNumericsVersion, qaaanPresets, qaaanSchema } from "./config.js";
import { evaluate } from "./evaluate.js";
import { qaaanFigures } from "./figures.js";
import { sample } from "./sample.js";
import { train } from "./train.js";
import type { ModelDefinition, TrainEvent, TrainOptions } from "../model.js";
import type { QaaanConfig } from "./config.js";

export { qaaanPresets, qaaanSchema } from "./config.js";
export type { QaaanConfig } from "./config.js";

/** The QAAAN for run folders and the command line. */
export const qaaan: ModelDefinition<QaaanConfig> = {
  name: "qaaan",
  title: "associative adversarial network with a Boltzmann machine as prior",
  schema: qaaanSchema,
  numericsVersion: qaaanNumericsVersion,
  presets: qaaanPresets,
  train,
  evaluate,
  sample,
  figures: qaaanFigures,
};

/** A preset's name and whatever differs from it. */
export type QaaanOptions = DeepPartial<QaaanConfig> &
  TrainOptions & {
    /** `quick` (default), `small`, `paper`, `colour32` or `colour64`. */
    readonly preset?: string;
  };

/**
 * The complete configuration of a preset and overrides.
 *
 * @throws ArgumentError for an unknown preset, or a key or value that is not allowed
 */
export function qaaanConfig(options: QaaanOptions = {}): QaaanConfig {
  return completeConfig("qaaanConfig", qaaan, "quick", options);
}

/** Trains QAAANs; see `train` of {@link qaaan}. Choose a backend first with `useBackend`. */
export function trainQaaan(options: QaaanOptions = {}): AsyncGenerator<TrainEvent, void, void> {
  return train(qaaanConfig(options), options);
}
