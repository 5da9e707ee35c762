// What is measured of a replica while it trains: how far the prior is from the features, and the prior itself.

import * as tf from "@tensorflow/tfjs";
import {
  dataMoments,
  effectiveBeta,
  momentLogLikelihood,
  sampledPairs,
} from "../../boltzmann/index.js";
import { replica } from "../../ising/index.js";
import { partitions } from "../boltzmann/measure.js";
import { forward } from "./networks.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { Prior } from "./prior.js";
import type { ReplicaState } from "./state.js";
import type { Game } from "./step.js";

/** Training images whose features are measured, and how many at once. */
const ROWS = 1000;
const CHUNK = 250;

/** Measures of one replica, by name. */
export type Tracked = {
  /** Mean |⟨z_u z_v⟩_features − ⟨z_u z_v⟩_prior| over all pairs; NaN without a prior. */
  readonly pairDistance: number;
  /** Mean |⟨f_i⟩|: near 1 the features, and the latents that follow them, are dead. */
  readonly featureMean: number;
  /** Log-likelihood of the features under the prior, nats an image. */
  readonly priorLikelihood: number;
  /** Inverse temperature of the prior's samples, by pseudo-likelihood; NaN while the prior is empty. */
  readonly effectiveBeta: number;
};

/** Spins of the features: +1 where the output is at least 0. */
export function featureSpins(features: Float32Array): Int8Array {
  return Int8Array.from(features, (value) => (value >= 0 ? 1 : -1));
}

/** Measures a replica on the first training images. */
export async function track(game: Game, state: ReplicaState, seed: number): Promise<Tracked> {
  const { features: n } = game.config.model;
  const spins = await featuresOfImages(game, state);
  const rows = spins.length / n;
  let mean = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += spins[row * n + i]!;
    mean += Math.abs(sum / rows) / n;
  }
  const { prior } = state;
  const own = prior === null ? NO_PRIOR : await trackPrior(game, prior, spins, seed);
  return { featureMean: mean, ...own };
}

const NO_PRIOR = { pairDistance: NaN, priorLikelihood: NaN, effectiveBeta: NaN } as const;

async function trackPrior(
  { config }: Game,
  { machine, spins }: Prior,
  features: Int8Array,
  seed: number,
): Promise<Omit<Tracked, "featureMean">> {
  const model = replica(machine.model, 0);
  const [data, own] = [sampledPairs(model, features), sampledPairs(model, spins)];
  const distance = data.reduce((sum, value, i) => sum + Math.abs(value - own[i]!), 0) / data.length;
  const [partition] = await partitions(machine, [seed], config.evaluate);
  const moments = dataMoments(machine, features);
  const [likelihood] = momentLogLikelihood(machine, moments, { logZ: [partition!.logZ] });
  return {
    pairDistance: distance,
    priorLikelihood: likelihood!,
    effectiveBeta: effectiveBeta(model, { samples: spins }, { bootstrap: 0 }).beta,
  };
}

/** Features of the first training images, as spins `[rows, n]`. */
async function featuresOfImages(game: Game, { pair }: ReplicaState): Promise<Int8Array> {
  const { config, source, discriminator } = game;
  const { layers, features: at } = discriminator;
  const rows = Math.min(ROWS, source.train.count);
  const spins = new Int8Array(rows * config.model.features);
  for (let from = 0; from < rows; from += CHUNK) {
    const output = tf.tidy(() => {
      const images = source.train.range(from, Math.min(CHUNK, rows - from));
      const trunk = layers.slice(0, at + 1);
      return forward(trunk, pair.discriminator.parameters, images).output;
    });
    const values = await readAndDispose(output);
    spins.set(featureSpins(values), from * config.model.features);
  }
  return spins;
}

/** The values of a tensor that is not needed any more. */
export async function readAndDispose(tensor: Tensor): Promise<Float32Array> {
  const values = await tensor.data<"float32">();
  const copy = values.slice();
  tensor.dispose();
  return copy;
}
