// The evaluation of trained replicas: how far their priors are from the features, and what their generators draw.

import * as tf from "@tensorflow/tfjs";
import { checkInteger } from "../../checks.js";
import { seedOf, seedRoom } from "../population.js";
import { disposeGenerator, fittedGenerator, generatedImages } from "./generation.js";
import { restoreState } from "./state.js";
import { track, type Tracked } from "./track.js";
import { gameOf } from "./train.js";
import type { QaaanConfig } from "./config.js";
import type { DataFiles, Evaluation, Snapshot } from "../model.js";

/** Options of {@link evaluate}. */
export type EvaluateOptions = {
  readonly files?: DataFiles;
  /** Images, at least 100; default `evaluate.n`. */
  readonly n?: number;
  /** Added to every replica's seed for the images drawn; default 0. */
  readonly seed?: number;
};

/** Images kept for a sheet. */
const SHEET = 100;

/**
 * Measures every replica's prior against the features of training images, and draws a sheet of images of the one whose pair
 * moments are nearest.
 *
 * @throws ArgumentError, DataError
 */
export async function evaluate(
  config: QaaanConfig,
  snapshot: Snapshot,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { n = config.evaluate.n, seed = 0, files } = options;
  checkInteger("evaluate", "n", n, 100, 2 ** 31 - 1);
  checkInteger("evaluate", "seed", seed, 0, seedRoom(config));
  const game = gameOf(config, files);
  const states = restoreState(game, snapshot);
  const each: Tracked[] = [];
  for (const [p, state] of states.entries()) each.push(await track(game, state, seedOf(config, p)));
  tf.dispose(states.map(({ pair }) => pair));
  const distances = each.map(({ pairDistance }) => (Number.isNaN(pairDistance) ? 0 : pairDistance));
  const best = distances.indexOf(Math.min(...distances));
  const generator = await fittedGenerator("evaluate", config, snapshot, game.source, best);
  const sheet = await generatedImages(generator, SHEET, seedOf(config, best) + seed);
  disposeGenerator(generator);
  const { height, width, channels } = game.source;
  return {
    model: "qaaan",
    protocol: game.source.report,
    best,
    measures: [
      { name: "featureMean", label: "mean |⟨f⟩| of the features", value: each[best]!.featureMean },
      ...(Number.isNaN(each[best]!.pairDistance)
        ? []
        : [
            {
              name: "pairDistance",
              label: "mean distance of pair moments",
              value: each[best]!.pairDistance,
            },
          ]),
    ],
    replicas: each,
    arrays: { sheet: Array.from(sheet), imageShape: [height, width, channels] },
    columns: [],
    rows: { test: SHEET, validation: Math.min(1000, game.source.train.count) },
  };
}
