// Validation: distances of every replica's samples to the data, and which replica is best.

import { distanceTo } from "./distances.js";
import { generatedRows } from "./generation.js";
import { seedOf } from "../population.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { RowSource } from "../../data/row-source.js";
import type { Split } from "../../data/source.js";
import type { HybridConfig } from "./config.js";
import type { Generator } from "./generator.js";

/** Validation of a population, always against the same target and from the same latent numbers. */
export type Validator = {
  /** Rows compared. */
  readonly rows: number;
  /** Distance of a real sample of this size. */
  readonly floor: number;
  /** Distances of every replica, for generators `[P, K]`. */
  distances(generators: Tensor): Promise<number[]>;
};

/** Prepares the validation of a population. */
export function validator(
  config: HybridConfig,
  source: RowSource,
  generator: Generator,
): Validator {
  const d = source.columns.length;
  const target = source.target("validation", config.evaluate.validation, config.data.seed);
  const n = target.length / d;
  return {
    rows: n,
    floor: distanceTo(target, floorRows("validation", n, config, source), d),
    async distances(generators) {
      const results: number[] = [];
      for (let p = 0; p < config.replicas; p++) {
        const options = { n, seed: seedOf(config, p), use: "validation" } as const;
        results.push(distanceTo(target, await generatedRows(generator, generators, p, options), d));
      }
      return results;
    },
  };
}

/** Real rows whose distance to the target of a split is its floor. */
export function floorRows(
  split: Split,
  n: number,
  { data }: HybridConfig,
  source: RowSource,
): Float32Array {
  // Against quantiles any real sample will do; against a sample it must be another one.
  return source.held(source.hasQuantiles ? split : "floor", n, data.seed);
}

/** Index of the replica with the smallest distance; the first one if all have diverged. */
export function bestOf(results: readonly number[]): number {
  const score = (distance: number): number => (Number.isNaN(distance) ? Infinity : distance);
  return results.reduce((best, x, p) => (score(x) < score(results[best]!) ? p : best), 0);
}

/** Validation distances with their floor beside them: one number per replica and metric. */
export async function validationMetrics(
  validation: Validator,
  generators: Tensor,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const results = await validation.distances(generators);
  return { wassersteinDistance: results, wassersteinFloor: results.map(() => validation.floor) };
}
