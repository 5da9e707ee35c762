// The training of hybrid QGANs: their parts in the words of the common loop.

import { seedsOf } from "../population.js";
import { tensorTraining, type TensorModel } from "../tensor-training.js";
import { openSource } from "./source.js";
import { initialState, named, restoreState } from "./state.js";
import { optimizerOf, stepOf } from "./step.js";
import { validationMetrics, validator } from "./validate.js";
import type { RowSource } from "../../data/row-source.js";
import type { Snapshot, TrainEvent, TrainOptions } from "../model.js";
import type { HybridConfig } from "./config.js";
import type { HybridState } from "./state.js";

/**
 * Trains a population of hybrid QGANs. Yields about 200 events and one at every validation; at each of them the
 * consumer may take a snapshot, and may stop asking. A replica's numbers do not depend on the others'.
 *
 * @throws ArgumentError, DataError at the start; ConvergenceError when no replica is finite any more
 */
export function train(
  config: HybridConfig,
  options: TrainOptions = {},
): AsyncGenerator<TrainEvent, void, void> {
  return tensorTraining(
    config,
    options,
    () => openSource(config, options.files),
    (source) => modelOf(config, source, options.resume),
  );
}

function modelOf(
  config: HybridConfig,
  source: RowSource,
  resume: Snapshot | undefined,
): TensorModel<HybridState> {
  const d = source.columns.length;
  const optimizer = optimizerOf(config);
  const validation = validator(config, source);
  return {
    seeds: seedsOf(config),
    begin: () =>
      resume ? restoreState(resume, config, d, optimizer) : initialState(config, d, optimizer),
    step: stepOf(config, source),
    parameters: ({ generator, critic }) => [generator, critic],
    parameterWords: "parameters",
    metrics: ({ average }) => validationMetrics(validation, average),
    named,
  };
}
