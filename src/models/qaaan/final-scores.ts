// The scores that a training reports at its end, for sweeps that rank by them: those of the evaluation, without the measures that
// need neighbours.

import { frechetOfMoments, inceptionScore } from "../../metrics/index.js";
import { momentsOf, scoreImages } from "../image-scores/index.js";
import { seedOf } from "../population.js";
import { disposeGenerator, fittedState, imageChunks } from "./generation.js";
import { judgeOf, type Judge } from "./judge.js";
import type { ReplicaState } from "./state.js";
import type { Game } from "./step.js";

/** Scores of one replica; NaN if its generator has diverged. */
export type FinalScores = { readonly inceptionScore: number; readonly frechetDistance: number };

/** The scores of all replicas in order, the same as {@link evaluate} gives for the snapshot of this step. */
export async function finalScores(
  game: Game,
  states: readonly ReplicaState[],
): Promise<FinalScores[]> {
  const { config, source } = game;
  const judge = await judgeOf(config, source, config.evaluate.n);
  const scores: FinalScores[] = [];
  for (const [p, state] of states.entries()) {
    scores.push(await scoresOfState(game, state, judge!, seedOf(config, p)));
  }
  return scores;
}

async function scoresOfState(
  { config, generator: network }: Game,
  state: ReplicaState,
  { classifier, real }: NonNullable<Judge>,
  seed: number,
): Promise<FinalScores> {
  const { n } = config.evaluate;
  const generator = await fittedState(config, network, state, seed);
  try {
    const images = await scoreImages(classifier, n, imageChunks(generator, n, seed));
    if (!images.features.values.every(Number.isFinite))
      return { inceptionScore: NaN, frechetDistance: NaN };
    return {
      inceptionScore: inceptionScore(images.probabilities).score,
      frechetDistance: frechetOfMoments(momentsOf(images), real.moments),
    };
  } finally {
    disposeGenerator(generator);
  }
}
