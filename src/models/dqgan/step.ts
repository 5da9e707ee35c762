// One step of algorithm 1 or 2 for the whole population: a pure function of the state and the step's number.

import * as tf from "@tensorflow/tfjs";
import { movingAverage } from "../../learning/moving-average.js";
import { adam, ascent } from "../../learning/optimizer.js";
import { constant, cosine } from "../../learning/schedule.js";
import { stream } from "../../random.js";
import { lossesOf } from "./losses.js";
import { drawLatent, generate, measure } from "./networks.js";
import { perReplica } from "./state.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { AngleSource } from "../../data/source.js";
import type { Optimizer } from "../../learning/optimizer.js";
import type { Stream } from "../../random.js";
import type { DqganConfig } from "./config.js";
import type { DqganState } from "./state.js";

/** Losses of one step before its updates, each `[P]`. */
export type StepLosses = { readonly discriminator: Tensor; readonly generator: Tensor };

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

/** Learning rate of each replica at the first step. */
function ratesOf(config: DqganConfig, rate: number | readonly number[]): number[] {
  return perReplica(config, (_, p) => (typeof rate === "number" ? rate : rate[p]!));
}

/** `[P, 1, 1, 1, 1]`, rates times the schedule. */
function rateTensor(rates: readonly number[], multiplier: number): Tensor {
  return tf.tensor(
    rates.map((rate) => rate * multiplier),
    [rates.length, 1, 1, 1, 1],
  );
}

/** Builds the step function of a configuration. */
export function stepOf(config: DqganConfig, source: AngleSource): Step {
  const { model, train } = config;
  const losses = lossesOf(model.algorithm, model.k);
  const optimizer = optimizerOf(config);
  const finalFraction = train.finalFraction ?? PRINTED_FINAL_FRACTION[model.algorithm];
  const schedule = train.schedule === "cosine" ? cosine(finalFraction) : constant();
  const discriminatorRates = ratesOf(config, train.discriminatorRate);
  const generatorRates = ratesOf(config, train.generatorRate);

  const latent = (event: number): Tensor => {
    const streams = perReplica(config, (seed) => stream(seed, "latent", event));
    return drawLatent(streams, train.batch, model);
  };
  const realBatch = (event: number): Tensor => {
    const streams: Stream[] = perReplica(config, (seed) => stream(seed, "data", event));
    return source.batch(streams, train.batch);
  };

  /** Update number u = 0, 1, … of J_D, with the generator fixed. */
  const updateDiscriminator = (
    state: DqganState,
    u: number,
    latentEvent: number,
    rate: Tensor,
  ): StepPart => {
    const fake = generate(latent(latentEvent), state.generator, model);
    const real = realBatch(u);
    const loss = (J: Tensor): Tensor =>
      losses.discriminator(measure(real, J, model), measure(fake, J, model));
    const { value, grad } = tf.valueAndGrad(loss)(state.discriminator);
    const { update, state: next } = optimizer.step(grad, rate, state.discriminatorOptimizer, u + 1);
    const discriminator = tf.add(state.discriminator, update);
    return { state: { ...state, discriminator, discriminatorOptimizer: next }, loss: value };
  };

  /** Update t of J_G through the discriminator, on samples of its own. */
  const updateGenerator = (
    state: DqganState,
    t: number,
    latentEvent: number,
    rate: Tensor,
  ): StepPart => {
    const input = latent(latentEvent);
    const loss = (J: Tensor): Tensor =>
      losses.generator(measure(generate(input, J, model), state.discriminator, model));
    const { value, grad } = tf.valueAndGrad(loss)(state.generator);
    const { update, state: next } = optimizer.step(grad, rate, state.generatorOptimizer, t + 1);
    const generator = tf.add(state.generator, update);
    const average =
      train.ema === null
        ? tf.clone(generator)
        : movingAverage(state.average, generator, train.ema, t + 1);
    return { state: { ...state, generator, average, generatorOptimizer: next }, loss: value };
  };

  return (state, t) => {
    const k = train.discriminatorSteps;
    const multiplier = schedule(t, train.steps);
    const discriminatorRate = rateTensor(discriminatorRates, multiplier);
    let next = state;
    let discriminator: Tensor | undefined;
    for (let i = 0; i < k; i++) {
      const part = updateDiscriminator(next, t * k + i, t * (k + 1) + i, discriminatorRate);
      next = part.state;
      discriminator = part.loss;
    }
    const part = updateGenerator(next, t, t * (k + 1) + k, rateTensor(generatorRates, multiplier));
    return { state: part.state, losses: { discriminator: discriminator!, generator: part.loss } };
  };
}

type StepPart = { readonly state: DqganState; readonly loss: Tensor };
