// Drawing angles from trained generators.

import * as tf from "@tensorflow/tfjs";
import { stream } from "../../random.js";
import { drawLatent, generate } from "./networks.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { ModelConfig } from "./config.js";

/** Which event of the purpose "generation". */
const EVENTS = { validation: 0, test: 1, sample: 2 } as const;

/** Rows on the device at a time; a multiple of 4, where streams can be entered. */
const CHUNK = 2 ** 16;

/** What to draw. */
export type GenerationOptions = {
  readonly n: number;
  readonly seed: number;
  /** Samples for different uses come from different streams. */
  readonly use: keyof typeof EVENTS;
};

/**
 * Angles of one replica's generator, `n × d` row-major. The first rows do not depend on n.
 *
 * @param generators - couplings of the population, `[P, d, N, 3, 3]`
 * @param p - which replica
 */
export async function generatedRows(
  generators: Tensor,
  p: number,
  model: ModelConfig,
  { n, seed, use }: GenerationOptions,
): Promise<Float32Array> {
  const [, ...shape] = generators.shape as [number, number];
  const latent = [stream(seed, "generation", EVENTS[use])];
  const rows = new Float32Array(n * shape[0]);
  for (let first = 0; first < n; first += CHUNK) {
    const angles = tf.tidy(() => {
      const J = tf.slice(generators, [p, 0, 0, 0, 0], [1, ...shape]);
      return generate(drawLatent(latent, Math.min(CHUNK, n - first), model, first), J, model);
    });
    rows.set(await angles.data<"float32">(), first * shape[0]);
    angles.dispose();
  }
  return rows;
}
