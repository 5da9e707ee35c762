// The evaluation of a trained QAAAN: scores of every replica's images by a classifier, measures of its prior, and of the best
// replica the arrays that figures show.

import * as tf from "@tensorflow/tfjs";
import { checkInteger } from "../../checks.js";
import { checkScoredCount } from "../image-scores/index.js";
import { seedOf, seedRoom } from "../population.js";
import { exhibitsOf } from "./exhibits.js";
import { disposeGenerator, fittedGenerator } from "./generation.js";
import { judgeOf, type Judge } from "./judge.js";
import { measuresOf, replicaRow, testReplica, type TestedReplica } from "./measures.js";
import { protocol } from "./protocol.js";
import { restoreState } from "./state.js";
import { gameOf } from "./train.js";
import type { DataFiles, Evaluation, Snapshot } from "../model.js";
import type { QaaanConfig } from "./config.js";
import type { Game } from "./step.js";

/** Options of {@link evaluate}. */
export type EvaluateOptions = {
  readonly files?: DataFiles;
  /** Images generated of each replica, more than 128; default `evaluate.n`. */
  readonly n?: number;
  /** Added to every replica's seed for the images drawn; default 0. */
  readonly seed?: number;
};

/**
 * Evaluates the generators of a snapshot: the moving average of each, with refitted batch norms in inference mode, against the
 * test images. The best replica has the smallest Fréchet distance to training images, which is no part of the test.
 *
 * @throws ArgumentError, DataError
 */
export async function evaluate(
  config: QaaanConfig,
  snapshot: Snapshot,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { n = config.evaluate.n, seed = 0, files } = options;
  checkInteger("evaluate", "n", n, 1, 1_000_000);
  checkScoredCount("evaluate", n);
  checkInteger("evaluate", "seed", seed, 0, seedRoom(config));
  const game = gameOf(config, files);
  const judge = await judgeOf(config, game.source, n);
  const tested = await testAll(game, snapshot, judge, { n, seed });
  const scores = tested.map(({ validation }) => (Number.isNaN(validation) ? Infinity : validation));
  const best = scores.indexOf(Math.min(...scores));
  const { source } = game;
  const size = judge?.real.test.count ?? 0;
  return {
    model: "qaaan",
    protocol: protocol({ config, source, judge, n, tested, best }),
    best,
    measures: measuresOf(config, source, judge, tested[best]!),
    replicas: tested.map((one) => replicaRow(one)),
    arrays: await exhibitsOf(game, snapshot, { best, seed, tested: tested[best]!, judge }),
    columns: source.classNames ?? [],
    rows: { test: size, validation: size },
  };
}

async function testAll(
  game: Game,
  snapshot: Snapshot,
  judge: Judge,
  { n, seed }: { readonly n: number; readonly seed: number },
): Promise<TestedReplica[]> {
  const { config, source } = game;
  const states = restoreState(game, snapshot);
  const tested: TestedReplica[] = [];
  try {
    for (const [p, state] of states.entries()) {
      const own = seedOf(config, p);
      const generator = await fittedGenerator("evaluate", config, snapshot, source, p);
      try {
        tested.push(await testReplica({ game, state, own, generator, judge, n, seed: own + seed }));
      } finally {
        disposeGenerator(generator);
      }
    }
    return tested;
  } finally {
    tf.dispose(states.map(({ pair }) => pair));
  }
}
