// Drawing rows from a trained population, in the units of the data.

import { ArgumentError } from "../../errors.js";
import { openSource } from "./source.js";
import { couplingShapes, restore, seedOf } from "./state.js";
import { bestOf, GENERATION_EVENTS, generatedRows, validationDistances } from "./validate.js";
import * as tf from "@tensorflow/tfjs";
import type { DataFiles, Samples, Snapshot } from "../model.js";
import type { DqganConfig } from "./config.js";

/** Options of {@link sample}. */
export type SampleOptions = {
  readonly n: number;
  /** Seed of the samples; default the replica's own. */
  readonly seed?: number;
  /** Which replica; default the best one by validation. */
  readonly replica?: number;
  readonly files?: DataFiles;
};

function checkOptions({ replicas }: DqganConfig, { n, replica }: SampleOptions): void {
  if (!(Number.isInteger(n) && n >= 1)) {
    throw new ArgumentError(
      `sample: argument \`n\` must be a positive integer, but is ${String(n)}.`,
    );
  }
  if (replica !== undefined && !(Number.isInteger(replica) && replica >= 0 && replica < replicas)) {
    throw new ArgumentError(
      `sample: argument \`replica\` must be an integer from 0 to ${String(replicas - 1)}, but is ${String(replica)}.`,
    );
  }
}

/** Draws `n` rows from one replica's generator. The first rows do not depend on n. */
export async function sample(
  config: DqganConfig,
  snapshot: Snapshot,
  options: SampleOptions,
): Promise<Samples> {
  checkOptions(config, options);
  const source = openSource(config, options.files);
  const d = source.columns.length;
  const generator = restore(snapshot, "average", couplingShapes(config, d).generator);
  try {
    const replica = options.replica ?? bestOf(await validationDistances(generator, config, source));
    const chosen = tf.tidy(() =>
      tf.slice(generator, [replica, 0, 0, 0, 0], [1, ...generator.shape.slice(1)]),
    );
    const seeds = [options.seed ?? seedOf(config, replica)];
    const [angles] = await generatedRows(chosen, config, {
      n: options.n,
      seeds,
      event: GENERATION_EVENTS.sample,
    });
    chosen.dispose();
    return { columns: source.columns, values: source.toUnits(angles!) };
  } finally {
    generator.dispose();
    source.dispose();
  }
}
