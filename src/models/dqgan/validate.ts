// Validation: distances of every replica's samples to held-out real ones, and which replica is best.

import { distances, distancesTo, histograms } from "./distances.js";
import { generatedRows } from "./generation.js";
import { smallest } from "../population.js";
import { configOfOne } from "../replicas.js";
import { dqganSchema } from "./config.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { AngleSource, Split } from "../../data/source.js";
import type { DqganConfig } from "./config.js";
import type { Distances } from "./distances.js";

/** Validation of a population, always against the same real rows and from the same latent angles. */
export type Validator = {
  /** Real rows, and generated ones of each replica. */
  readonly rows: number;
  /** Distances between two real samples of this size. */
  readonly floor: Distances;
  /** Distances of every replica, for generator couplings `[P, d, N, 3, 3]`. */
  distances(generators: Tensor): Promise<Distances[]>;
};

/** Prepares the validation of a population. */
export function validator(config: DqganConfig, source: AngleSource): Validator {
  const d = source.columns.length;
  const real = source.held("validation", config.evaluate.validation, config.data.seed);
  const target = histograms(real, d, config.evaluate);
  const n = real.length / d;
  return {
    rows: n,
    floor: realFloor("validation", n, config, source),
    async distances(generators) {
      const results: Distances[] = [];
      for (let p = 0; p < config.replicas; p++) {
        const { seed, model } = configOfOne(dqganSchema, config, p);
        const rows = await generatedRows(generators, p, model, { n, seed, use: "validation" });
        results.push(distancesTo(target, rows, d, config.evaluate));
      }
      return results;
    },
  };
}

/** Distances between two real samples of n rows: those of a split, and those kept for floors. */
export function realFloor(
  split: Split,
  n: number,
  { data, evaluate }: DqganConfig,
  source: AngleSource,
): Distances {
  const of = (which: Split): ReturnType<typeof histograms> =>
    histograms(source.held(which, n, data.seed), source.columns.length, evaluate);
  return distances(of(split), of("floor"));
}

/** Index of the replica with the smallest joint distance; the first one if all have diverged. */
export function bestOf(results: readonly Distances[]): number {
  return smallest(results.map(({ jointDistance }) => jointDistance));
}

/** Validation distances with their floors beside them: one number per replica and metric. */
export async function validationMetrics(
  validation: Validator,
  generators: Tensor,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const results = await validation.distances(generators);
  const { floor } = validation;
  return {
    jointDistance: results.map(({ jointDistance }) => jointDistance),
    marginalDistance: results.map(({ marginalDistance }) => marginalDistance),
    jointFloor: results.map(() => floor.jointDistance),
    marginalFloor: results.map(() => floor.marginalDistance),
  };
}
