// The first steps of one DQGAN of the study with every number that went into them: what a peer has to repeat exactly before
// its time means anything.

import * as tf from "@tensorflow/tfjs";
import { stream } from "../../src/random.js";
import { dqganConfig } from "../../src/models/index.js";
import { drawLatent } from "../../src/models/dqgan/networks.js";
import { openSource } from "../../src/models/dqgan/source.js";
import { initialState } from "../../src/models/dqgan/state.js";
import { optimizerOf, stepOf } from "../../src/models/dqgan/step.js";
import type { Tensor } from "@tensorflow/tfjs";

/** The study's settings that are the same in all trials. */
export const SETTINGS = { steps: 500, batch: 64, validation: 2000 } as const;

/** Rates of the generator and the discriminator, Γ, polarization: what a trial of the study varies. */
export type TrialValues = readonly [number, number, number, number];

/** Steps and what they were given. */
export type FirstSteps = {
  readonly trial: TrialValues;
  /** Initial couplings. */
  readonly generator: readonly number[];
  readonly discriminator: readonly number[];
  /** Of each step: real angles, latent angles of the discriminator's update, those of the generator's. */
  readonly draws: readonly (readonly (readonly number[])[])[];
  /** Couplings of both networks and the generator's moving average, after the steps. */
  readonly expected: readonly (readonly number[])[];
};

const SEED = 5;

async function numbers(tensor: Tensor): Promise<number[]> {
  return Array.from(await tensor.data<"float32">());
}

/** Trains so many steps of the model itself on the active backend. */
export async function firstSteps(trial: TrialValues, count: number): Promise<FirstSteps> {
  const [generatorRate, discriminatorRate, gamma, polarization] = trial;
  const { steps, batch, validation } = SETTINGS;
  const config = dqganConfig({
    seed: SEED,
    replicas: 1,
    model: { heads: 1, forward: "effective", gamma, polarization },
    train: { steps, batch, generatorRate, discriminatorRate },
    evaluate: { validation },
  });
  const source = openSource(config);
  const step = stepOf(config, source);
  const of = (purpose: "data" | "latent", event: number): Tensor => {
    const streams = [stream(SEED, purpose, event)];
    return purpose === "data"
      ? source.batch(streams, batch)
      : drawLatent(streams, batch, config.model);
  };
  let state = initialState(config, 2, optimizerOf(config));
  const [generator, discriminator] = [
    await numbers(state.generator),
    await numbers(state.discriminator),
  ];
  const draws: (readonly (readonly number[])[])[] = [];
  for (let t = 0; t < count; t++) {
    const given = [of("data", t), of("latent", 2 * t), of("latent", 2 * t + 1)];
    draws.push(await Promise.all(given.map(numbers)));
    const next = tf.tidy(() => step(state, t).state);
    tf.dispose([state, given]);
    state = next;
  }
  const ends = [state.generator, state.discriminator, state.average];
  const expected = await Promise.all(ends.map(numbers));
  tf.dispose(state);
  source.dispose();
  return { trial, generator, discriminator, draws, expected };
}
