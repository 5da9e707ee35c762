// The scores that a training reports at its end, for sweeps that rank by them: those of the evaluation, without the measures that
// need neighbours.

import { distanceScores, scoreImages, type DistanceScores } from "../image-scores/index.js";
import { seedOf } from "../population.js";
import { disposeGenerator, fittedState, imageChunks } from "./generation.js";
import { judgeOf, type Judge } from "./judge.js";
import type { ReplicaState } from "./state.js";
import type { Game } from "./step.js";

/** The scores of all replicas in order, the same as {@link evaluate} gives for the snapshot of this step. */
export async function finalScores(
  game: Game,
  states: readonly ReplicaState[],
): Promise<DistanceScores[]> {
  const { config, source } = game;
  const judge = await judgeOf(config, source, config.evaluate.n);
  const scores: DistanceScores[] = [];
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
): Promise<DistanceScores> {
  const { n } = config.evaluate;
  const generator = await fittedState(config, network, state, seed);
  try {
    const images = await scoreImages(classifier, n, imageChunks(generator, n, seed));
    return distanceScores(images, real);
  } finally {
    disposeGenerator(generator);
  }
}
