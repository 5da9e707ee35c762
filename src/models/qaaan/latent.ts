// The generator's inputs: rows of the prior's spins, made continuous.

import { uniformArray, normalArray, type Stream } from "../../random.js";
import type { ModelConfig } from "./config.js";

/** Where the numbers come from: which rows are taken, and what is added to them. */
export type LatentStreams = { readonly rows: Stream; readonly noise: Stream };

/**
 * Spins made continuous (equations 14-16 of arXiv:1904.10573): −1 stays, +1 becomes
 * `1 + ln(u (1 − e^{−2α}) + e^{−2α})/α`, u in (0, 1], which lies in (−1, 1].
 *
 * @param spins - any number
 * @param u - as many, in [0, 1): 1 − u is taken
 */
export function reparameterised(
  spins: ArrayLike<number>,
  u: Float32Array,
  alpha: number,
): Float32Array {
  const least = Math.exp(-2 * alpha);
  return u.map((value, i) =>
    spins[i]! < 0 ? -1 : 1 + Math.log((1 - value) * (1 - least) + least) / alpha,
  );
}

/** What the latent variables of some spins are. */
function smoothed(config: ModelConfig, spins: Int8Array, noise: Stream): Float32Array {
  const { latent, alpha, latentNoise } = config;
  switch (latent) {
    case "reparam":
      return reparameterised(spins, uniformArray(noise, spins.length), alpha);
    case "gaussian":
      return normalArray(noise, spins.length).map((x, i) => spins[i]! + latentNoise * x);
    case "binary":
    case "uniform":
      return Float32Array.from(spins);
  }
}

/**
 * Latent variables of a batch, `[B, n]`: rows of the prior's samples drawn with replacement, or uniform numbers.
 *
 * @param spins - `[chains, n]`; null for uniform latents
 */
export function latentBatch(
  config: ModelConfig,
  spins: Int8Array | null,
  B: number,
  streams: LatentStreams,
): Float32Array {
  const { features: n } = config;
  if (spins === null) return uniformArray(streams.rows, B * n).map((u) => 2 * u - 1);
  const chains = spins.length / n;
  const taken = new Int8Array(B * n);
  uniformArray(streams.rows, B).forEach((u, row) => {
    const from = Math.floor(u * chains) * n;
    taken.set(spins.subarray(from, from + n), row * n);
  });
  return smoothed(config, taken, streams.noise);
}

/** Latent variables of all rows given, in order, `[rows, n]`. */
export function latentRows(config: ModelConfig, spins: Int8Array, noise: Stream): Float32Array {
  return smoothed(config, spins, noise);
}
