// Drawing rows from a trained population, in the units of the data.

import * as tf from "@tensorflow/tfjs";
import { checkInteger } from "../../checks.js";
import { hybridSchema } from "./config.js";
import { generatedRows } from "./generation.js";
import { generatorOf } from "./generator.js";
import { openSource } from "./source.js";
import { smallest } from "../population.js";
import { configOfOne, MAX_SEED } from "../replicas.js";
import { restoreTrained } from "./state.js";
import { validator } from "./validate.js";
import type { DataFiles, Samples, Snapshot } from "../model.js";
import type { HybridConfig } from "./config.js";

/** Options of {@link sample}. */
export type SampleOptions = {
  readonly n: number;
  /** Seed of the samples; default the replica's own. */
  readonly seed?: number;
  /** Which replica, from 0; default the best one by validation. */
  readonly replica?: number;
  readonly files?: DataFiles;
};

function checkOptions({ replicas }: HybridConfig, options: SampleOptions): void {
  const { n, seed = 0, replica = 0 } = options;
  checkInteger("sample", "n", n, 1, 2 ** 31 - 1);
  checkInteger("sample", "seed", seed, 0, MAX_SEED);
  checkInteger("sample", "replica", replica, 0, replicas - 1);
}

/**
 * Draws `n` rows from one replica's generator. The first rows do not depend on n.
 *
 * @throws ArgumentError, DataError
 */
export async function sample(
  config: HybridConfig,
  snapshot: Snapshot,
  options: SampleOptions,
): Promise<Samples> {
  checkOptions(config, options);
  const source = openSource(config, options.files);
  const d = source.columns.length;
  const trained = tf.tidy(() => restoreTrained("sample", snapshot, config, d));
  try {
    const best = async (): Promise<number> =>
      smallest(await validator(config, source).distances(trained.generators));
    const { n, replica = await best() } = options;
    const own = configOfOne(hybridSchema, config, replica);
    const { seed = own.seed } = options;
    const drawn = { n, seed, use: "sample" } as const;
    const rows = await generatedRows(generatorOf(own.model, d), trained.generators, replica, drawn);
    return { columns: source.columns, values: source.toUnits(rows) };
  } finally {
    tf.dispose(trained);
    source.dispose();
  }
}
