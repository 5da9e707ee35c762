// One step of both networks of one replica, in the paper's order: the discriminator on real and generated images, then the
// generator through the discriminator on the same generated images. Pure: fresh tensors, nothing disposed.

import * as tf from "@tensorflow/tfjs";
import { adamVectorStep, type AdamVectorState } from "../../learning/adam-vector.js";
import { movingAverage } from "../../learning/moving-average.js";
import { packTensors, unpackTensors } from "../../learning/packed.js";
import { stream, uniformArray } from "../../random.js";
import { latentBatch } from "./latent.js";
import { crossEntropy } from "./losses.js";
import { backward, forward, type Discriminator, type Network, type Pass } from "./networks.js";
import type { Tensor, Tensor1D } from "@tensorflow/tfjs";
import type { ImageSource } from "../../data/image-source.js";
import type { QaaanConfig, TrainConfig } from "./config.js";

/** A network's parameters, as one vector and as the tensors of its layers, and its optimiser's means. */
export type Trained = {
  readonly vector: Tensor1D;
  readonly parameters: Tensor[];
  readonly adam: AdamVectorState;
};

/** Both networks of one replica. */
export type Pair = {
  readonly generator: Trained;
  readonly discriminator: Trained;
  /** Moving average of the generator's parameters, as one vector; what is scored and sampled. */
  readonly average: Tensor1D;
};

/** What a step of the networks leaves. */
export type PairStep = {
  readonly pair: Pair;
  /** Discriminator's and generator's loss before their updates, `[2]`. */
  readonly losses: Tensor;
  /** Output of the feature layer for the images that the prior learns, `[rows, n]`. */
  readonly features: Tensor;
};

/** Layers, data and numbers that all steps of a training share. */
export type Game = {
  readonly config: QaaanConfig;
  readonly source: ImageSource;
  readonly generator: Network;
  readonly discriminator: Discriminator;
};

/** Whose step it is. */
export type Turn = { readonly seed: number; readonly t: number };

type Fake = { readonly pass: Pass };

/**
 * Step t = 0, 1, … of one replica.
 *
 * @param spins - the prior's samples, `[chains, n]`; null for uniform latents
 */
export function pairStep(game: Game, pair: Pair, spins: Int8Array | null, turn: Turn): PairStep {
  const k = game.config.train.discriminatorSteps;
  let next = discriminatorUpdate(game, pair, spins, turn, 0);
  for (let i = 1; i < k; i++) next = discriminatorUpdate(game, next.pair, spins, turn, i);
  const { pair: after, loss } = generatorUpdate(game, next.pair, next.fake, turn);
  return {
    pair: after,
    losses: tf.stack([next.loss, loss]),
    features: next.features,
  };
}

type DiscriminatorUpdate = {
  readonly pair: Pair;
  readonly fake: Fake;
  readonly loss: Tensor;
  readonly features: Tensor;
};

/** Update i of the discriminator in a step: real and generated images in one pass. */
function discriminatorUpdate(
  game: Game,
  pair: Pair,
  spins: Int8Array | null,
  { seed, t }: Turn,
  i: number,
): DiscriminatorUpdate {
  const { config, source, discriminator } = game;
  const { model, train, prior } = config;
  const B = train.batch;
  const update = t * train.discriminatorSteps + i;
  const latent = latentBatch(model, spins, B, {
    rows: stream(seed, "latent", update),
    noise: stream(seed, "reparameterisation", update),
  });
  const input = tf.tensor2d(latent, [B, model.features]);
  const fake = forward(game.generator, pair.generator.parameters, input);
  const images = tf.concat([source.batch(stream(seed, "data", update), B), fake.output]);
  const { parameters } = pair.discriminator;
  const pass = forward(discriminator.layers, parameters, images);
  const loss = crossEntropy(pass.output, labelsOf(train, seed, update), B);
  const wanted = { input: false, parameters: true };
  const slopes = backward(discriminator.layers, parameters, pass, loss.slope, wanted);
  const rate = train.discriminatorRate;
  const moved = moveBy(train, rate, pair.discriminator, slopes.parameters, update + 1);
  const rows = prior.featureSource === "both" ? 2 * B : B;
  const features = pass.layers[discriminator.features]!.y;
  return {
    pair: { ...pair, discriminator: moved },
    fake: { pass: fake },
    loss: loss.value,
    features: tf.slice(features, [0, 0], [rows, model.features]),
  };
}

/** Labels of B real images, then of B generated ones, `[2 B, 1]`. */
function labelsOf(train: TrainConfig, seed: number, update: number): Tensor {
  const { batch: B, realLabels, fakeLabels } = train;
  const labels = uniformArray(stream(seed, "perturbations", update), 2 * B).map((u, row) => {
    const [lo, hi] = row < B ? realLabels : fakeLabels;
    return lo + u * (hi - lo);
  });
  return tf.tensor2d(labels, [2 * B, 1]);
}

/** The generator's update, on the images that the discriminator has just been updated with. */
function generatorUpdate(
  { config: { train }, generator, discriminator }: Game,
  pair: Pair,
  { pass }: Fake,
  { t }: Turn,
): { readonly pair: Pair; readonly loss: Tensor } {
  const { parameters: fixed } = pair.discriminator;
  const judged = forward(discriminator.layers, fixed, pass.output);
  const loss = crossEntropy(judged.output, 1, train.batch);
  const toImages = { input: true, parameters: false };
  const { input } = backward(discriminator.layers, fixed, judged, loss.slope, toImages);
  const { parameters } = pair.generator;
  const wanted = { input: false, parameters: true };
  const slopes = backward(generator, parameters, pass, input!, wanted);
  const moved = moveBy(train, train.generatorRate, pair.generator, slopes.parameters, t + 1);
  const average =
    train.ema === null
      ? tf.clone(moved.vector)
      : (movingAverage(pair.average, moved.vector, train.ema, t + 1) as Tensor1D);
  return { pair: { ...pair, generator: moved, average }, loss: loss.value };
}

function moveBy(
  train: TrainConfig,
  rate: number,
  { vector, adam }: Trained,
  slopes: readonly Tensor[],
  t: number,
): Trained {
  const { x, state } = adamVectorStep(vector, packTensors(slopes), adam, { ...train, rate }, t);
  const shapes = slopes.map(({ shape }) => shape);
  return { vector: x, parameters: unpackTensors(x, shapes), adam: state };
}
