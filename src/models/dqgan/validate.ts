// Validation: distances of every replica's samples to held-out real ones, and which replica is best.

import * as tf from "@tensorflow/tfjs";
import { stream } from "../../random.js";
import { distances, histograms } from "./distances.js";
import { drawLatent, generate } from "./networks.js";
import { perReplica } from "./state.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { AngleSource, Split } from "../../data/source.js";
import type { Distances } from "./distances.js";
import type { DqganConfig } from "./config.js";

/** Which use of the purpose "generation". */
export const GENERATION_EVENTS = { validation: 0, test: 1, sample: 2 } as const;

/** Generated angles of each replica, `[n × d]` row-major, from couplings `[P, d, N, 3, 3]`. */
export async function generatedRows(
  generator: Tensor,
  config: DqganConfig,
  options: { readonly n: number; readonly seeds: readonly number[]; readonly event: number },
): Promise<Float32Array[]> {
  const { n, seeds, event } = options;
  const rows: Float32Array[] = [];
  // One replica at a time: a population's test samples need not fit into memory together.
  for (const [p, seed] of seeds.entries()) {
    const angles = tf.tidy(() => {
      const J = tf.slice(generator, [p, 0, 0, 0, 0], [1, ...generator.shape.slice(1)]);
      return generate(
        drawLatent([stream(seed, "generation", event)], n, config.model),
        J,
        config.model,
      );
    });
    rows.push((await angles.data<"float32">()).slice());
    angles.dispose();
  }
  return rows;
}

/** Distances of each replica's samples to the real ones of a split. NaN where a replica has diverged. */
export function distancesToReal(
  generated: readonly Float32Array[],
  real: Float32Array,
  d: number,
  config: DqganConfig,
): Distances[] {
  const target = histograms(real, d, config.evaluate);
  return generated.map((values) =>
    values.every(Number.isFinite)
      ? distances(histograms(values, d, config.evaluate), target)
      : diverged(d),
  );
}

function diverged(d: number): Distances {
  const nan = (length: number): number[] => new Array<number>(length).fill(NaN);
  return {
    marginals: nan(d),
    joints: nan((d * (d - 1)) / 2),
    marginalDistance: NaN,
    jointDistance: NaN,
  };
}

/** Distances between two real samples: a split of at most n rows, and the one kept for floors. */
export function realFloor(
  source: AngleSource,
  split: Split,
  n: number,
  config: DqganConfig,
): Distances {
  const d = source.columns.length;
  const of = (which: Split): ReturnType<typeof histograms> =>
    histograms(source.held(which, n, config.data.seed), d, config.evaluate);
  return distances(of(split), of("floor"));
}

/** Index of the replica with the smallest joint distance; the first one if all have diverged. */
export function bestOf(results: readonly Distances[]): number {
  const score = ({ jointDistance }: Distances): number =>
    Number.isNaN(jointDistance) ? Infinity : jointDistance;
  return results.reduce((best, result, p) => (score(result) < score(results[best]!) ? p : best), 0);
}

/** Validation distances of the generator couplings, one number per replica and metric. */
export type Validate = (generator: Tensor) => Promise<Readonly<Record<string, readonly number[]>>>;

/** Validation distances of every replica. */
export async function validationDistances(
  generator: Tensor,
  config: DqganConfig,
  source: AngleSource,
): Promise<Distances[]> {
  const n = config.evaluate.validation;
  const seeds = perReplica(config, (seed) => seed);
  const rows = await generatedRows(generator, config, {
    n,
    seeds,
    event: GENERATION_EVENTS.validation,
  });
  return distancesToReal(
    rows,
    source.held("validation", n, config.data.seed),
    source.columns.length,
    config,
  );
}

/** A function that validates, with the floors beside the distances. */
export function validator(config: DqganConfig, source: AngleSource): Validate {
  let floor: Distances | undefined;
  return async (generator) => {
    floor ??= realFloor(source, "validation", config.evaluate.validation, config);
    const results = await validationDistances(generator, config, source);
    const { jointDistance: jointFloor, marginalDistance: marginalFloor } = floor;
    return {
      jointDistance: results.map((result) => result.jointDistance),
      marginalDistance: results.map((result) => result.marginalDistance),
      jointFloor: results.map(() => jointFloor),
      marginalFloor: results.map(() => marginalFloor),
    };
  };
}
