// Drawing rows from a trained population, in the units of the data.

import { checkInteger } from "../../checks.js";
import { dqganSchema } from "./config.js";
import { generatedRows } from "./generation.js";
import { openSource } from "./source.js";
import { configOfOne, MAX_SEED } from "../replicas.js";
import { restoreGenerators } from "./state.js";
import { bestOf, validator } from "./validate.js";
import type { DataFiles, Samples, Snapshot } from "../model.js";
import type { DqganConfig } from "./config.js";

/** Options of {@link sample}. */
export type SampleOptions = {
  readonly n: number;
  /** Seed of the samples; default the replica's own. */
  readonly seed?: number;
  /** Which replica, from 0; default the best one by validation. */
  readonly replica?: number;
  readonly files?: DataFiles;
};

function checkOptions({ replicas }: DqganConfig, options: SampleOptions): void {
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
  config: DqganConfig,
  snapshot: Snapshot,
  options: SampleOptions,
): Promise<Samples> {
  checkOptions(config, options);
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
