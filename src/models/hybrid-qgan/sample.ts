// Drawing rows from a trained population, in the units of the data.

import * as tf from "@tensorflow/tfjs";
import { hybridSchema } from "./config.js";
import { generatedRows } from "./generation.js";
import { generatorOf } from "./generator.js";
import { openSource } from "./source.js";
import { smallest } from "../population.js";
import { checkSampleOptions, type SampleOptions } from "../options.js";
import { configOfOne } from "../replicas.js";
import { restoreTrained } from "./state.js";
import { validator } from "./validate.js";
import type { Samples, Snapshot } from "../model.js";
import type { HybridConfig } from "./config.js";

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
  checkSampleOptions(config, options);
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
