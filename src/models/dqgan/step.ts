// One step of algorithm 1 or 2 for the whole population: a pure function of the state and the step's number.

import * as tf from "@tensorflow/tfjs";
import { movingAverage } from "../../learning/moving-average.js";
import { adam, ascent } from "../../learning/optimizer.js";
import { stream } from "../../random.js";
import { lossesOf } from "./losses.js";
import { drawLatent, generate, measure } from "./networks.js";
import { perReplica } from "../population.js";
import { ratesAt, type RateSchedule } from "../rates.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { AngleSource } from "../../data/source.js";
import type { PerReplica } from "../../learning/per-replica.js";
import type { Optimizer } from "../../learning/optimizer.js";
import type { DqganConfig } from "./config.js";
import type { Losses } from "./losses.js";
import type { DqganState } from "./state.js";

/** Losses of one step before its updates, each `[P]`. */
export type StepLosses = { discriminator: Tensor; generator: Tensor };

/** The state after a step and the losses it saw. */
export type StepResult = { readonly state: DqganState; readonly losses: StepLosses };

/** Step t = 0, 1, …: fresh tensors, nothing disposed. */
export type Step = (state: DqganState, t: number) => StepResult;

/** The paper's last rate over the first: 0.0005 / 0.005 and 0.0001 / 0.005. */
const PRINTED_FINAL_FRACTION = { 1: 0.1, 2: 0.02 } as const;

/** The optimiser of both networks. */
export function optimizerOf({ train }: DqganConfig): Optimizer {
  return train.optimizer === "adam" ? adam(train) : ascent();
}

type Training = {
  readonly config: DqganConfig;
  readonly source: AngleSource;
  readonly losses: Losses;
  readonly optimizer: Optimizer;
};

/** What an update of one network leaves, and the loss before it. */
type Updated = { readonly state: DqganState; readonly loss: Tensor };

/** Builds the step function of a configuration. */
export function stepOf(config: DqganConfig, source: AngleSource): Step {
  const { model, train } = config;
  const losses = lossesOf(model.algorithm, model.k);
  const training: Training = { config, source, losses, optimizer: optimizerOf(config) };
  const schedule = scheduleOf(config);
  const k = train.discriminatorSteps;
  return (state, t) => {
    const discriminatorRate = ratesAt(config, train.discriminatorRate, schedule, t);
    const generatorRate = ratesAt(config, train.generatorRate, schedule, t);
    let updated = updateDiscriminator(training, state, discriminatorRate, { t, i: 0 });
    for (let i = 1; i < k; i++)
      updated = updateDiscriminator(training, updated.state, discriminatorRate, { t, i });
    const { loss: discriminator } = updated;
    const { state: next, loss: generator } = updateGenerator(
      training,
      updated.state,
      generatorRate,
      t,
    );
    return { state: next, losses: { discriminator, generator } };
  };
}

/** Update i of J_D in step t, with the generator fixed. */
function updateDiscriminator(
  training: Training,
  state: DqganState,
  rate: PerReplica,
  { t, i }: { readonly t: number; readonly i: number },
): Updated {
  const { config, losses, optimizer } = training;
  const { model, train } = config;
  const update = t * train.discriminatorSteps + i;
  const real = realBatch(training, update);
  const fake = generate(latentBatch(config, t, i), state.generator, model);
  const loss = (J: Tensor): Tensor =>
    losses.discriminator(measure(real, J, model), measure(fake, J, model));
  const { value, grad } = tf.valueAndGrad(loss)(state.discriminator);
  const slope = { parameters: state.discriminator, gradient: grad };
  const step = optimizer.step(slope, rate, state.discriminatorOptimizer, update + 1);
  const { parameters: discriminator, state: discriminatorOptimizer } = step;
  const next = { ...state, discriminator, discriminatorOptimizer };
  return { state: next, loss: value };
}

/** The update of J_G in step t, through the discriminator and on latent angles of its own. */
function updateGenerator(
  { config, losses, optimizer }: Training,
  state: DqganState,
  rate: PerReplica,
  t: number,
): Updated {
  const { model, train } = config;
  const latent = latentBatch(config, t, train.discriminatorSteps);
  const loss = (J: Tensor): Tensor =>
    losses.generator(measure(generate(latent, J, model), state.discriminator, model));
  const { value, grad } = tf.valueAndGrad(loss)(state.generator);
  const slope = { parameters: state.generator, gradient: grad };
  const step = optimizer.step(slope, rate, state.generatorOptimizer, t + 1);
  const { parameters: generator } = step;
  const average =
    train.ema === null
      ? tf.clone(generator)
      : movingAverage(state.average, generator, train.ema, t + 1);
  const next = { ...state, generator, average, generatorOptimizer: step.state };
  return { state: next, loss: value };
}

/** Latent angles of update i of step t; the last one of a step is the generator's. */
function latentBatch(config: DqganConfig, t: number, i: number): Tensor {
  const { model, train } = config;
  const event = t * (train.discriminatorSteps + 1) + i;
  const streams = perReplica(config, (seed) => stream(seed, "latent", event));
  return drawLatent(streams, train.batch, model);
}

function realBatch({ config, source }: Training, event: number): Tensor {
  const streams = perReplica(config, (seed) => stream(seed, "data", event));
  return source.batch(streams, config.train.batch);
}

function scheduleOf({ model, train }: DqganConfig): RateSchedule {
  const { schedule, steps } = train;
  const finalFraction = train.finalFraction ?? PRINTED_FINAL_FRACTION[model.algorithm];
  return { schedule, steps, finalFraction };
}
