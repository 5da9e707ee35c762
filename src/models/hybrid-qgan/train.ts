// The training of a hybrid QGAN: its source, and its parts in the words of the common loop.

import { stepsOf, type Steps } from "../checks.js";
import { seedsOf } from "../population.js";
import { tensorTrainer } from "../tensor-training.js";
import { trainingEvents } from "../training.js";
import { openSource } from "./source.js";
import { initialState, named, restoreState } from "./state.js";
import { optimizerOf, stepOf } from "./step.js";
import { validationMetrics, validator } from "./validate.js";
import type { RowSource } from "../../data/row-source.js";
import type { Snapshot, TrainEvent, TrainOptions } from "../model.js";
import type { HybridConfig } from "./config.js";

/** Events per training, besides those of validations. */
const EVENTS = 200;

/**
 * Trains a population of hybrid QGANs. Yields about 200 events and one at every validation; at each of them the
 * consumer may take a snapshot, and may stop asking. A replica's numbers do not depend on the others'.
 *
 * @throws ArgumentError, DataError at the start; ConvergenceError when no replica is finite any more
 */
export async function* train(
  config: HybridConfig,
  options: TrainOptions = {},
): AsyncGenerator<TrainEvent, void, void> {
  const steps = stepsOf(config.train.steps, options);
  const source = openSource(config, options.files);
  try {
    yield* events(config, source, steps, options.resume);
  } finally {
    source.dispose();
  }
}

async function* events(
  config: HybridConfig,
  source: RowSource,
  range: Steps,
  resume: Snapshot | undefined,
): AsyncGenerator<TrainEvent, void, void> {
  const d = source.columns.length;
  const optimizer = optimizerOf(config);
  const validation = validator(config, source);
  const trainer = tensorTrainer({
    seeds: seedsOf(config),
    begin: () =>
      resume ? restoreState(resume, config, d, optimizer) : initialState(config, d, optimizer),
    step: stepOf(config, source),
    parameters: ({ generator, critic }) => [generator, critic],
    parameterWords: "parameters",
    metrics: ({ average }) => validationMetrics(validation, average),
    named,
  });
  const { steps, evaluateEvery } = config.train;
  try {
    yield* trainingEvents({ ...range, steps, evaluateEvery, events: EVENTS }, trainer);
  } finally {
    trainer.dispose();
  }
}
