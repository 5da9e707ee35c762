// The training loop: owns the tensors of the state, yields events, can be stopped and resumed at any of them. Replicas take their
// steps in turn, each with its own seed, so that none depends on the others.

import * as tf from "@tensorflow/tfjs";
import { checkFinite, stepsOf } from "../checks.js";
import { seedOf, seedsOf } from "../population.js";
import { finalScores } from "./final-scores.js";
import { disposeGenerator, fittedState, generatedImages } from "./generation.js";
import { checkScorable } from "./judge.js";
import { discriminatorOf, generatorOf } from "./networks.js";
import { edgeDistance, priorSteps, type PriorSteps } from "./prior.js";
import { openSource } from "./source.js";
import { initialState, restoreState, takeSnapshot, type ReplicaState } from "./state.js";
import { pairStep, type Game } from "./step.js";
import { featureSpins, readAndDispose, track, type Tracked } from "./track.js";
import type { DataFiles, ImageSheet, TrainEvent, TrainOptions } from "../model.js";
import type { QaaanConfig } from "./config.js";

/** Events per training, besides those of measurements. */
const EVENTS = 100;

/** Images of a sheet, and batches for its norms. */
const SHEET = 100;
const SHEET_BATCHES = 5;

/** Mean losses of a replica since the last event: of both networks, and of the prior along its edges. */
type Losses = { discriminator: number; generator: number; momentError: number };

/**
 * Trains generator, discriminator and prior. Yields about 100 events and one at every measurement; at each of them the consumer
 * may take a snapshot, and may stop asking. A replica's numbers do not depend on the others'.
 *
 * @throws ArgumentError, DataError at the start; ConvergenceError when no replica is finite any more
 */
export async function* train(
  config: QaaanConfig,
  options: TrainOptions = {},
): AsyncGenerator<TrainEvent, void, void> {
  const { resume, files } = options;
  const { from, until } = stepsOf(config.train.steps, options);
  const game = gameOf(config, files);
  const { steps, evaluateEvery, scores } = config.train;
  if (scores) checkScorable("train", game.source);
  const eventEvery = Math.max(1, Math.floor(steps / EVENTS));
  const priors = priorSteps(config);
  const states = resume ? restoreState(game, resume) : initialState(game);
  let sums = states.map(noLosses);
  let counted = 0;
  try {
    for (let t = from; t < until; t++) {
      const done = t + 1;
      for (const [p, state] of states.entries()) {
        states[p] = await step(game, priors, state, { seed: seedOf(config, p), t }, sums[p]!);
      }
      counted++;
      const evaluated = done === until || (evaluateEvery > 0 && done % evaluateEvery === 0);
      if (!evaluated && done % eventEvery !== 0) continue;
      const losses = meanLosses(sums, counted);
      checkFinite(finiteReplicas(losses), seedsOf(config), done, "parameters");
      [sums, counted] = [states.map(noLosses), 0];
      const metrics = evaluated
        ? await measured(game, states, scores && done === until)
        : undefined;
      const current = [...states];
      // Lets signals, timers and pages have their turn.
      await tf.nextFrame();
      yield {
        ...{ step: done, steps, losses },
        ...(metrics && { metrics }),
        ...(evaluated && { images: () => sheetOf(game, current[0]!) }),
        snapshot: () => takeSnapshot(game, current, done),
      };
    }
  } finally {
    disposeStates(states);
  }
}

/** The networks and images of a configuration. */
export function gameOf(config: QaaanConfig, files: DataFiles | undefined): Game {
  const source = openSource(config, files);
  return {
    ...{ config, source },
    generator: generatorOf(config.model, source),
    discriminator: discriminatorOf(config.model, source),
  };
}

/**
 * Step t of one replica: samples of the prior, both networks, then the prior on the features that the discriminator had for the
 * real images. Disposes the tensors it replaces.
 */
async function step(
  game: Game,
  priors: PriorSteps,
  { pair, prior }: ReplicaState,
  turn: { readonly seed: number; readonly t: number },
  sums: Losses,
): Promise<ReplicaState> {
  const drawn = prior && (await priors.advance(prior, turn));
  const next = tf.tidy(() => pairStep(game, pair, drawn?.spins ?? null, turn));
  tf.dispose(pair);
  const [discriminator, generator] = await readAndDispose(next.losses);
  const features = featureSpins(await readAndDispose(next.features));
  const learned = drawn && (await priors.learn(drawn, features, turn));
  sums.discriminator += discriminator!;
  sums.generator += generator!;
  sums.momentError += learned === null ? NaN : edgeDistance(learned);
  return { pair: next.pair, prior: learned };
}

function noLosses(): Losses {
  return { discriminator: 0, generator: 0, momentError: 0 };
}

function meanLosses(sums: readonly Losses[], steps: number): TrainEvent["losses"] {
  const mean = (key: keyof Losses): number[] => sums.map((own) => own[key] / steps);
  const momentError = mean("momentError");
  return {
    discriminator: mean("discriminator"),
    generator: mean("generator"),
    ...(!momentError.every(Number.isNaN) && { momentError }),
  };
}

/** Whether both losses of each replica are finite: what is not finite in a network shows in them. */
function finiteReplicas(losses: TrainEvent["losses"]): boolean[] {
  const [discriminator, generator] = [losses["discriminator"]!, losses["generator"]!];
  return discriminator.map((loss, p) => Number.isFinite(loss) && Number.isFinite(generator[p]));
}

/** Measures of all replicas, with scores if asked for: those that have a number for one of them. */
async function measured(
  game: Game,
  states: readonly ReplicaState[],
  scored: boolean,
): Promise<NonNullable<TrainEvent["metrics"]>> {
  const tracked: Tracked[] = [];
  for (const [p, state] of states.entries()) {
    tracked.push(await track(game, state, seedOf(game.config, p)));
  }
  return {
    ...columnsOf(tracked),
    ...(scored && columnsOf(await finalScores(game, states))),
  };
}

/** The numbers of each replica by name. */
function columnsOf<T extends Readonly<Record<keyof T, number>>>(
  each: readonly T[],
): Record<string, number[]> {
  const keys = Object.keys(each[0]!) as (keyof T & string)[];
  const entries = keys.map((key) => [key, each.map((own) => own[key])] as const);
  return Object.fromEntries(entries.filter(([, values]) => !values.every(Number.isNaN)));
}

/** A sheet of images of the first replica. Few batches do for the statistics of its batch norms. */
async function sheetOf(
  { config, generator, source }: Game,
  state: ReplicaState,
): Promise<ImageSheet> {
  const { evaluate } = config;
  const seed = seedOf(config, 0);
  const normBatches = Math.min(SHEET_BATCHES, evaluate.normBatches);
  const quick = { ...config, evaluate: { ...evaluate, normBatches } };
  const drawing = await fittedState(quick, generator, state, seed);
  const values = await generatedImages(drawing, SHEET, seed);
  disposeGenerator(drawing);
  return { values, shape: [SHEET, source.height, source.width, source.channels] };
}

function disposeStates(states: readonly ReplicaState[]): void {
  tf.dispose(states.map(({ pair }) => pair));
}
