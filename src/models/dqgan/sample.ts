// Drawing rows from a trained population, in the units of the data.

import { dqganSchema } from "./config.js";
import { generatedRows } from "./generation.js";
import { openSource } from "./source.js";
import { checkSampleOptions, type SampleOptions } from "../options.js";
import { configOfOne } from "../replicas.js";
import { restoreGenerators } from "./state.js";
import { bestOf, validator } from "./validate.js";
import type { Samples, Snapshot } from "../model.js";
import type { DqganConfig } from "./config.js";

/**
 * Draws `n` rows from one replica's generator. The first rows do not depend on n.
 *
 * @throws ArgumentError, DataError
 */
export async function sample(
  config: DqganConfig,
  snapshot: Snapshot,
  options: SampleOptions,
): Promise<Samples> {
  checkSampleOptions(config, options);
  const source = openSource(config, options.files);
  const generators = restoreGenerators("sample", snapshot, config, source.columns.length);
  try {
    const best = async (): Promise<number> =>
      bestOf(await validator(config, source).distances(generators));
    const { n, replica = await best() } = options;
    const own = configOfOne(dqganSchema, config, replica);
    const { seed = own.seed } = options;
    const drawn = { n, seed, use: "sample" } as const;
    const angles = await generatedRows(generators, replica, own.model, drawn);
    return { columns: source.columns, values: source.toUnits(angles) };
  } finally {
    generators.dispose();
    source.dispose();
  }
}
