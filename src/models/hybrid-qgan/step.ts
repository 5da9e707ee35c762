// One training step of the whole population: some updates of the critics, then one of the generators. A pure function of
// the state and the step's number.

import * as tf from "@tensorflow/tfjs";
import { between } from "../../learning/gradient-penalty.js";
import { factor } from "../../learning/per-replica.js";
import { movingAverage } from "../../learning/moving-average.js";
import { adam } from "../../learning/optimizer.js";
import { stream, uniform } from "../../random.js";
import { criticOf } from "./critic.js";
import { drawLatent, generate, generatorOf } from "./generator.js";
import { perReplica } from "../population.js";
import { ratesAt } from "../rates.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { RowSource } from "../../data/row-source.js";
import type { Purpose, Stream } from "../../random.js";
import type { PerReplica } from "../../learning/per-replica.js";
import type { Optimizer } from "../../learning/optimizer.js";
import type { HybridConfig } from "./config.js";
import type { Critic } from "./critic.js";
import type { Generator } from "./generator.js";
import type { HybridState } from "./state.js";

/** Losses of one step, each `[P]`: of the last critic update and of the generator, before the update. */
export type StepLosses = {
  /** `⟨D(generated)⟩ − ⟨D(real)⟩ + λ penalty`, minimised. */
  critic: Tensor;
  /** `−⟨D(generated)⟩`, minimised. */
  generator: Tensor;
  /** The penalty without its weight. */
  penalty: Tensor;
};

/** The state after a step and the losses it saw. */
export type StepResult = { readonly state: HybridState; readonly losses: StepLosses };

/** Step t = 0, 1, …: fresh tensors, nothing disposed. */
export type Step = (state: HybridState, t: number) => StepResult;

/** The optimiser of both networks. */
export function optimizerOf({ train }: HybridConfig): Optimizer {
  return adam(train);
}

type Training = {
  readonly config: HybridConfig;
  readonly source: RowSource;
  readonly generator: Generator;
  readonly critic: Critic;
  readonly optimizer: Optimizer;
};

/** Builds the step function of a configuration. */
export function stepOf(config: HybridConfig, source: RowSource): Step {
  const { model } = config;
  const d = source.columns.length;
  const training: Training = {
    config,
    source,
    generator: generatorOf(model, d),
    critic: criticOf(model, d),
    optimizer: optimizerOf(config),
  };
  return (state, t) => updateGenerators(training, updateCritics(training, state, t), t);
}

/** Streams of the replicas for a use of this step: every purpose has two events a step. */
function streamsOf(config: HybridConfig, purpose: Purpose, t: number, which: 0 | 1): Stream[] {
  return perReplica(config, (seed) => stream(seed, purpose, 2 * t + which));
}

/** Points of all critic updates of a step, `[3 P, updates, B d]`: the generator does not change between them. */
function pointsOf({ config, source, generator }: Training, state: HybridState, t: number): Tensor {
  const { criticSteps: k, batch: B } = config.train;
  const P = config.replicas;
  const d = source.columns.length;
  const real = source.batch(streamsOf(config, "data", t, 0), k * B);
  const latent = drawLatent(streamsOf(config, "latent", t, 0), k * B, config.model);
  const generated = generate(generator, state.generator, latent);
  const mix = uniform(streamsOf(config, "data", t, 1), [k * B, 1]);
  const points = tf.stack([real, generated, between(mix, real, generated)], 1);
  return tf.reshape(points, [3 * P, k, B * d]);
}

type Judged = { readonly state: HybridState; readonly values: Tensor };

function updateCritics(training: Training, state: HybridState, t: number): Judged {
  const { config, critic, optimizer, source } = training;
  const { criticSteps: k, batch: B, criticRate } = config.train;
  const P = config.replicas;
  const points = pointsOf(training, state, t);
  const rate = ratesAt(config, criticRate, config.train, t);
  let judged: Judged = { state, values: tf.zeros([P, 3]) };
  for (let i = 0; i < k; i++) {
    const own = tf.slice(points, [0, i, 0], [3 * P, 1, points.shape[2]!]);
    const { values, gradient } = critic.losses(
      judged.state.critic,
      tf.reshape(own, [P, 3, B, source.columns.length]),
    );
    const { critic: parameters, criticOptimizer } = judged.state;
    const step = optimizer.step({ parameters, gradient }, rate, criticOptimizer, t * k + i + 1);
    const next = { critic: step.parameters, criticOptimizer: step.state };
    judged = { state: { ...judged.state, ...next }, values };
  }
  return judged;
}

/** The update of the generators, through the critics and on latent numbers of its own. */
function updateGenerators(
  { config, generator, critic, optimizer }: Training,
  { state, values }: Judged,
  t: number,
): StepResult {
  const { train, model } = config;
  const latent = drawLatent(streamsOf(config, "latent", t, 1), train.batch, model);
  const score = (parameters: Tensor): Tensor =>
    tf.mean(critic.values(state.critic, generate(generator, parameters, latent)), 1);
  // The scores of the replicas are added up: each depends on its own parameters only.
  const { value, grad } = tf.valueAndGrad(score)(state.generator);
  const rate = ratesAt(config, train.generatorRate, train, t);
  const slope = { parameters: state.generator, gradient: grad };
  const step = optimizer.step(slope, rate, state.generatorOptimizer, t + 1);
  const next = step.parameters;
  const average =
    train.ema === null ? tf.clone(next) : movingAverage(state.average, next, train.ema, t + 1);
  return {
    state: { ...state, generator: next, average, generatorOptimizer: step.state },
    losses: lossesOf(values, model.lambda, tf.neg(value)),
  };
}

function lossesOf(values: Tensor, lambda: PerReplica, generator: Tensor): StepLosses {
  const [real, generated, penalty] = tf.unstack(values, 1) as [Tensor, Tensor, Tensor];
  const critic = tf.add(tf.sub(generated, real), tf.mul(penalty, factor(lambda, 1)));
  return { critic, generator, penalty };
}
