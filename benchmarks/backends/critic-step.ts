// The peers' training job D2: WGAN-GP of critics 2-64-64-1 against two-parameter-angle circuits in closed form, replicas in
// one program, five critic updates and one generator update a step. Also the fixed data by which all who do it are compared.

import * as tf from "@tensorflow/tfjs";
import { criticLossAndGradient } from "../../kernels/critic-loss/index.js";
import { dense, initialDense } from "../../src/learning/dense.js";
import { between } from "../../src/learning/gradient-penalty.js";
import { adam } from "../../src/learning/optimizer.js";
import { normal, stream, uniform, type Stream } from "../../src/random.js";
import { cpuTime } from "./cpu-time.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { OptimizerState } from "../../src/learning/optimizer.js";
import type { Started } from "./serve.js";

const HIDDEN = [64, 64] as const;
const BATCH = 64;
const CRITIC_STEPS = 5;
const LAMBDA = 10;
const RATE = 1e-3;
const SPREAD = 0.2;
const OPTIMIZER = adam({ beta1: 0.5, beta2: 0.9, epsilon: 1e-8 });

/** What a step draws: `[P, 5, 64, 2]` real points and latents, `[P, 5, 64, 1]` mixtures, `[P, 64, 2]` latents. */
type Draws = { real: Tensor; latent: Tensor; mix: Tensor; last: Tensor };

type State = {
  readonly critic: Tensor;
  readonly generator: Tensor;
  readonly criticOptimizer: OptimizerState;
  readonly generatorOptimizer: OptimizerState;
};

function streams(
  P: number,
  purpose: "data" | "latent" | "initialParameters",
  event: number,
): Stream[] {
  return Array.from({ length: P }, (_, p) => stream(p + 1, purpose, event));
}

function initial(P: number): State {
  return tf.tidy(() => {
    const critic = initialDense(streams(P, "initialParameters", 0), 2, HIDDEN);
    const generator = tf.mul(
      uniform(streams(P, "initialParameters", 1), [6], { lo: -1, hi: 1 }),
      Math.SQRT1_2,
    );
    const [criticOptimizer, generatorOptimizer] = [critic, generator].map(({ shape }) =>
      OPTIMIZER.init(shape),
    ) as [OptimizerState, OptimizerState];
    return { critic, generator, criticOptimizer, generatorOptimizer };
  });
}

function draws(P: number, t: number): Draws {
  const shape = [CRITIC_STEPS, BATCH, 2];
  return {
    real: tf.mul(normal(streams(P, "data", 2 * t), shape), SPREAD),
    latent: normal(streams(P, "latent", 2 * t), shape),
    mix: uniform(streams(P, "data", 2 * t + 1), [CRITIC_STEPS, BATCH, 1]),
    last: normal(streams(P, "latent", 2 * t + 1), [BATCH, 2]),
  };
}

/** ⟨Z₀⟩ and ⟨Z₁⟩ of the two-wire circuit at the angles `W z + c`, `[P, n, 2]`; W row by row, then c. */
function generate(generator: Tensor, latent: Tensor): Tensor {
  const P = generator.shape[0];
  const W = tf.reshape(tf.slice(generator, [0, 0], [P, 4]), [P, 2, 2]);
  const c = tf.reshape(tf.slice(generator, [0, 4], [P, 2]), [P, 1, 2]);
  const [a, b] = tf.unstack(tf.add(tf.matMul(latent, W), c), 2) as [Tensor, Tensor];
  const cosine = tf.cos(a);
  const z0 = tf.sub(tf.mul(tf.sin(a), Math.SQRT1_2), tf.mul(tf.mul(cosine, tf.cos(b)), 0.5));
  return tf.stack([z0, tf.mul(tf.mul(cosine, tf.sin(b)), -0.5)], 2);
}

/** The points of all critic updates, `[P, 3, 5, 64, 2]`: the generator does not change between them. */
function pointsOf(generator: Tensor, { real, latent, mix }: Draws): Tensor {
  const P = generator.shape[0];
  const flat = generate(generator, tf.reshape(latent, [P, CRITIC_STEPS * BATCH, 2]));
  const fake = tf.reshape(flat, real.shape);
  return tf.stack([real, fake, between(mix, real, fake)], 1);
}

function step(state: State, drawn: Draws, t: number): State {
  const P = state.generator.shape[0];
  const points = pointsOf(state.generator, drawn);
  const weights = tf.tile(tf.tensor2d([[1, -1, -LAMBDA]]), [P, 1]);
  let { critic, criticOptimizer } = state;
  for (let i = 0; i < CRITIC_STEPS; i++) {
    const own = tf.reshape(tf.slice(points, [0, 0, i, 0, 0], [P, 3, 1, BATCH, 2]), [
      P,
      3,
      BATCH,
      2,
    ]);
    const options = { hidden: HIDDEN, penalty: "oneSided" } as const;
    const { gradient } = criticLossAndGradient(critic, own, weights, options);
    const slope = { parameters: critic, gradient };
    const next = OPTIMIZER.step(slope, RATE, criticOptimizer, CRITIC_STEPS * t + i + 1);
    critic = next.parameters;
    criticOptimizer = next.state;
  }
  const score = (parameters: Tensor): Tensor =>
    tf.sum(
      tf.mean(
        dense(critic, generate(parameters, drawn.last), { hidden: HIDDEN, activation: "relu" }),
        1,
      ),
    );
  const slope = { parameters: state.generator, gradient: tf.grad(score)(state.generator) };
  const next = OPTIMIZER.step(slope, RATE, state.generatorOptimizer, t + 1);
  const { parameters: generator, state: generatorOptimizer } = next;
  return { critic, generator, criticOptimizer, generatorOptimizer };
}

/** One step with its draws; the state before it is disposed. */
function advance(state: State, t: number): State {
  const next = tf.tidy(() => step(state, draws(state.generator.shape[0], t), t));
  tf.dispose(state);
  return next;
}

/** Replicas and steps by which all who do the job are compared. */
const COMPARED = { replicas: 2, steps: 3 } as const;

/** Initial parameters and draws of the comparison as plain numbers, for a peer. */
export async function criticJob(): Promise<object> {
  const P = COMPARED.replicas;
  const state = initial(P);
  const plain = async (tensor: Tensor): Promise<unknown> => {
    const values = await tensor.array();
    tensor.dispose();
    return values;
  };
  const data: object[] = [];
  for (let t = 0; t < COMPARED.steps; t++) {
    const { real, latent, mix, last } = tf.tidy(() => draws(P, t));
    const entries = { real, latent, mix, last };
    const read = Object.entries(entries).map(async ([name, x]) => [name, await plain(x)] as const);
    data.push(Object.fromEntries(await Promise.all(read)));
  }
  const job = {
    critic: await state.critic.array(),
    generator: await state.generator.array(),
    data,
  };
  tf.dispose(state);
  return job;
}

/** Parameters after the compared steps, replica by replica: the critic's, then the generator's. */
async function comparedParameters(): Promise<number[]> {
  let state = initial(COMPARED.replicas);
  for (let t = 0; t < COMPARED.steps; t++) state = advance(state, t);
  const joined = tf.concat([state.critic, state.generator], 1);
  const values = Array.from(await joined.data());
  tf.dispose([joined, state]);
  return values;
}

/** Size of the population, and how long to measure. */
export type CriticStepOptions = {
  readonly replicas: number;
  readonly seconds: number;
};

/** What the job costs here. */
export type CriticStep = {
  /** Of the processor's time, of the fastest of several turns. */
  readonly replicaStepsPerSecond: number;
  /** After the compared steps. */
  readonly parameters: readonly number[];
};

const STEPS_A_TURN = 2;

/** Times the training; every turn ends when its numbers are on the host. */
export async function criticStep(
  { replicas, seconds }: CriticStepOptions,
  _started: Started,
): Promise<CriticStep> {
  const parameters = await comparedParameters();
  let state = initial(replicas);
  let [t, best] = [0, Infinity];
  const turn = (): Promise<number> =>
    cpuTime(async () => {
      for (let i = 0; i < STEPS_A_TURN; i++) state = advance(state, t++);
      await state.generator.data();
    });
  await turn();
  for (const end = performance.now() + 1000 * seconds; performance.now() < end;)
    best = Math.min(best, await turn());
  tf.dispose(state);
  return { replicaStepsPerSecond: (1000 * STEPS_A_TURN * replicas) / best, parameters };
}
