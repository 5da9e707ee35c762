// Images of a trained generator: the moving average of its parameters, with batch-norm statistics refitted to it, on latents
// drawn from the trained prior.

import * as tf from "@tensorflow/tfjs";
import { advanceChains } from "../../boltzmann/index.js";
import { unpackTensors } from "../../learning/packed.js";
import { stream, uniformArray, type Purpose, type Stream } from "../../random.js";
import { seedOf } from "../population.js";
import { latentBatch, latentRows } from "./latent.js";
import { forward, generatorOf, infer, shapesOf, statisticsOf, type Network } from "./networks.js";
import { drawOf } from "./sampler.js";
import { hasPrior, readerOf, restorePrior, restoreTensors, type ReplicaState } from "./state.js";
import { readAndDispose } from "./track.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { ImageSource } from "../../data/index.js";
import type { Snapshot } from "../model.js";
import type { QaaanConfig } from "./config.js";
import type { ChannelStatistics } from "./layers.js";
import type { Prior } from "./prior.js";

/** What generates: the moving average of one replica, and its prior. */
export type Generating = {
  readonly config: QaaanConfig;
  readonly network: Network;
  readonly average: readonly Tensor[];
  readonly prior: Prior | null;
  /** The replica's own seed. */
  readonly seed: number;
};

/** What generates, with the statistics of its batch norms. */
export type FittedGenerator = Generating & { readonly statistics: readonly ChannelStatistics[] };

/** Sweeps of the prior's chains between two sets of latents: more than their memory. */
const SWEEPS = 20;

/** Rows in one pass. */
const CHUNK = 200;

/** Draws of latents: whose, and for what. */
type Draws = {
  readonly seed: number;
  readonly purpose: Extract<Purpose, "evaluation" | "generation">;
};

/**
 * The generator of replica p of a snapshot, fitted. The caller disposes it with {@link disposeGenerator}.
 *
 * @param where - the function that was called, for errors
 * @throws DataError if the snapshot belongs to another configuration
 */
export async function fittedGenerator(
  where: string,
  config: QaaanConfig,
  snapshot: Snapshot,
  source: Pick<ImageSource, "height" | "width" | "channels">,
  p: number,
): Promise<FittedGenerator> {
  const network = generatorOf(config.model, source);
  const read = readerOf(where, snapshot, config, p);
  const prior = hasPrior(config) ? restorePrior(read, config, snapshot.step) : null;
  const average = tf.tidy(() => restoreTensors(read, "average", network));
  return fitted({ config, network, average, prior, seed: seedOf(config, p) });
}

/** The generator of a replica that is being trained, fitted. The caller disposes it with {@link disposeGenerator}. */
export function fittedState(
  config: QaaanConfig,
  network: Network,
  { pair, prior }: ReplicaState,
  seed: number,
): Promise<FittedGenerator> {
  const average = tf.tidy(() => unpackTensors(pair.average, shapesOf(network)));
  return fitted({ config, network, average, prior, seed });
}

/** Disposes the tensors of a fitted generator. */
export function disposeGenerator({ average, statistics }: FittedGenerator): void {
  tf.dispose([...average, ...disposable(statistics)]);
}

function disposable(statistics: readonly ChannelStatistics[]): Tensor[] {
  return statistics.flatMap(({ mean, variance }) => [mean, variance]);
}

/** Means over batches of the statistics of each: what batch norm would have seen at the average's parameters. */
async function fitted(of: Generating): Promise<FittedGenerator> {
  const { normBatches, normBatch } = of.config.evaluate;
  const draws = { seed: of.seed, purpose: "evaluation" } as const;
  let sums: Tensor[] = [];
  let count = 0;
  for await (const latent of latentChunks(of, normBatches * normBatch, normBatch, draws)) {
    const before = sums;
    sums = tf.tidy(() => {
      const pass = forward(of.network, of.average, latentTensor(of, latent));
      const own = disposable(statisticsOf(of.network, pass));
      return own.map((value, i) => (before[i] ? tf.add(before[i], value) : value));
    });
    tf.dispose(before);
    count++;
  }
  const means = tf.tidy(() => sums.map((sum) => tf.div(sum, count)));
  tf.dispose(sums);
  const statistics = Array.from({ length: means.length / 2 }, (_, i) => ({
    mean: means[2 * i]!,
    variance: means[2 * i + 1]!,
  }));
  return { ...of, statistics };
}

function latentTensor({ config }: Generating, latent: Float32Array): Tensor {
  const { features } = config.model;
  return tf.tensor2d(latent, [latent.length / features, features]);
}

/** `n` latent rows in chunks; the first ones do not depend on n. */
async function* latentChunks(
  of: Generating,
  n: number,
  size: number,
  draws: Draws,
): AsyncGenerator<Float32Array, void, void> {
  const { features } = of.config.model;
  let left = n;
  let rest = new Float32Array(0);
  for await (const set of latentSets(of, draws)) {
    const rows = new Float32Array(rest.length + set.length);
    rows.set(rest);
    rows.set(set, rest.length);
    let at = 0;
    while (left > 0 && rows.length - at >= features * Math.min(size, left)) {
      const take = Math.min(size, left);
      yield rows.slice(at, at + take * features);
      at += take * features;
      left -= take;
    }
    if (left === 0) return;
    rest = rows.slice(at);
  }
}

/** Latents without end, a set of the prior's chains at a time: chains go on, an annealer draws again. */
async function* latentSets(
  { config, prior }: Generating,
  { seed, purpose }: Draws,
): AsyncGenerator<Float32Array, void, void> {
  const draw = drawOf(config);
  const { chains } = config.prior;
  const noise = (k: number): Stream => stream(seed, purpose, 2 * k + 2);
  const own = seedFrom(stream(seed, purpose, 0));
  let spins = prior?.spins ?? null;
  for (let k = 0; ; k++) {
    if (prior === null || spins === null) {
      const streams = { rows: stream(seed, purpose, 2 * k + 1), noise: noise(k) };
      yield latentBatch(config.model, null, chains, streams);
      continue;
    }
    if (draw === null) {
      const state = { spins, chains, seeds: [own], sweep: k * SWEEPS };
      spins = advanceChains(prior.machine, state, { sweeps: SWEEPS }).state.spins;
    } else {
      spins = await draw(prior.machine, own, k);
    }
    yield latentRows(config.model, spins, noise(k));
  }
}

/** A seed of 31 bits, for chains that have nothing to do with those of the training. */
function seedFrom(from: Stream): number {
  const [high, low] = uniformArray(from, 2);
  return Math.floor(high! * 2 ** 15) * 2 ** 16 + Math.floor(low! * 2 ** 16);
}

/**
 * Images in chunks of `[≤ 200, height, width, channels]`, tensors that the caller disposes. The first ones do not depend on n.
 *
 * @param seed - of the latents
 */
export async function* imageChunks(
  of: FittedGenerator,
  n: number,
  seed: number,
): AsyncGenerator<Tensor, void, void> {
  for await (const latent of latentChunks(of, n, CHUNK, { seed, purpose: "generation" })) {
    yield imagesOf(of, latent);
  }
}

/** The images of latents `[rows, n]`, row-major: rows do not depend on one another. */
export function imagesOf(of: FittedGenerator, latent: Float32Array): Tensor {
  return tf.tidy(() => infer(of.network, of.average, of.statistics, latentTensor(of, latent)));
}

/** `n` latent rows as an array, `[n, features]`: those of the first n images of this seed. */
export async function latentsOf(of: Generating, n: number, seed: number): Promise<Float32Array> {
  const { features } = of.config.model;
  const out = new Float32Array(n * features);
  let at = 0;
  for await (const rows of latentChunks(of, n, CHUNK, { seed, purpose: "generation" })) {
    out.set(rows, at);
    at += rows.length;
  }
  return out;
}

/** `n` images as an array, `[n, height, width, channels]` in [−1, 1]. */
export async function generatedImages(
  of: FittedGenerator,
  n: number,
  seed: number,
): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  for await (const images of imageChunks(of, n, seed)) parts.push(await readAndDispose(images));
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
