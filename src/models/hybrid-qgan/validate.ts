// Validation: distances of every replica's samples to the data, and which replica is best.

import { distanceTo } from "./distances.js";
import { generatedRows } from "./generation.js";
import { configOfOne } from "../replicas.js";
import { hybridSchema } from "./config.js";
import { generatorOf } from "./generator.js";
import type { Tensor } from "@tensorflow/tfjs";
import type { RowSource } from "../../data/row-source.js";
import type { Split } from "../../data/source.js";
import type { HybridConfig } from "./config.js";

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
export function validator(config: HybridConfig, source: RowSource): Validator {
  const d = source.columns.length;
  const generator = generatorOf(config.model, d);
  const target = source.target("validation", config.evaluate.validation, config.data.seed);
  const n = target.length / d;
  return {
    rows: n,
    floor: distanceTo(target, floorRows("validation", n, config, source), d),
    async distances(generators) {
      const results: number[] = [];
      for (let p = 0; p < config.replicas; p++) {
        const { seed, model } = configOfOne(hybridSchema, config, p);
        const options = { n, seed, use: "validation" } as const;
        const rows = await generatedRows({ ...generator, model }, generators, p, options);
        results.push(distanceTo(target, rows, d));
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

/** Validation distances with their floor beside them: one number per replica and metric. */
export async function validationMetrics(
  validation: Validator,
  generators: Tensor,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const results = await validation.distances(generators);
  return { wassersteinDistance: results, wassersteinFloor: results.map(() => validation.floor) };
}
