// Drawing images from a trained generator.

import { disposeGenerator, fittedGenerator, generatedImages } from "./generation.js";
import { openSource } from "./source.js";
import { checkSampleOptions } from "../options.js";
import { seedOf } from "../population.js";
import type { DataFiles, Samples, Snapshot } from "../model.js";
import type { QaaanConfig } from "./config.js";

/** Options of {@link sample}. */
export type SampleOptions = {
  readonly n: number;
  /** Seed of the samples; default the replica's own. */
  readonly seed?: number;
  /** Which replica, from 0. Default 0. */
  readonly replica?: number;
  readonly files?: DataFiles;
};

/**
 * Draws `n` images from one replica, a row each: pixels row by row, the channels of a pixel together, in [−1, 1]. The first rows
 * do not depend on n.
 *
 * @throws ArgumentError, DataError
 */
export async function sample(
  config: QaaanConfig,
  snapshot: Snapshot,
  options: SampleOptions,
): Promise<Samples> {
  const { n, replica = 0, files } = options;
  checkSampleOptions(config, options);
  const source = openSource(config, files);
  const generator = await fittedGenerator("sample", config, snapshot, source, replica);
  try {
    const values = await generatedImages(generator, n, options.seed ?? seedOf(config, replica));
    return { columns: pixelNames(source), values };
  } finally {
    disposeGenerator(generator);
  }
}

/** p0, p1, … of grey images; r0, g0, b0, r1, … of colour. */
function pixelNames({
  height,
  width,
  channels,
}: {
  height: number;
  width: number;
  channels: number;
}): string[] {
  const letters = channels === 1 ? ["p"] : ["r", "g", "b"];
  return Array.from(
    { length: height * width * channels },
    (_, i) => `${letters[i % channels]!}${Math.floor(i / channels)}`,
  );
}
