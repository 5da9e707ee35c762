// One training of the acceptance: trains once, scores the snapshots on the way by both classifiers.

import * as tf from "@tensorflow/tfjs";
import { distanceScores, scoreImages } from "../../src/models/image-scores/index.js";
import { judgeOf, type Judge } from "../../src/models/qaaan/judge.js";
import { exhibitsOf } from "../../src/models/qaaan/exhibits.js";
import {
  disposeGenerator,
  fittedGenerator,
  imageChunks,
} from "../../src/models/qaaan/generation.js";
import { replicaRow, testReplica, type TestedReplica } from "../../src/models/qaaan/measures.js";
import { restoreState } from "../../src/models/qaaan/state.js";
import { gameOf, train } from "../../src/models/qaaan/train.js";
import { seedOf } from "../../src/models/population.js";
import { configOf, type Training } from "./rows.js";
import { FILE, type CampaignData } from "./data.js";
import type { QaaanConfig } from "../../src/models/qaaan/config.js";
import type { Snapshot } from "../../src/models/index.js";
import type { Game } from "../../src/models/qaaan/step.js";
import type { Measured, PointOptions } from "../campaign/question.js";
import type { Row } from "../harness.js";

/** What scores are taken with. */
export type Scoring = {
  readonly data: CampaignData;
  /** Images generated for a score. */
  readonly n: number;
  /** Steps between scores of long trainings, and of short ones. */
  readonly every: number;
  readonly shortEvery: number;
  /** Of the classifier of about 95 %. */
  readonly classifierSeed: number;
};

/** The seed whose images are kept for the documentation. */
const SHOWN_SEED = 1;

/** Trains and scores; throws when asked to stop, and is then measured again. */
export async function measureTraining(
  training: Training,
  scoring: Scoring,
  { stopping }: Pick<PointOptions, "stopping">,
): Promise<Measured> {
  const every = training.part === "regime" ? scoring.shortEvery : scoring.every;
  const files = scoring.data.files(training.images);
  const config = configOf(training, FILE, every);
  const game = gameOf(config, files);
  const rows: Row[] = [];
  let samples: Measured["samples"];
  let start = performance.now();
  let seconds = 0;
  for await (const event of train(config, { files })) {
    if (stopping()) throw new Error("asked to stop");
    if (event.metrics === undefined) continue;
    seconds += (performance.now() - start) / 1000;
    const snapshot = await event.snapshot();
    const tested = await scored(game, snapshot, scoring);
    rows.push({ steps: event.step, seconds, ...tested.row });
    if (event.step === event.steps && training.seed === SHOWN_SEED) {
      samples = await shown(game, snapshot, tested);
    }
    start = performance.now();
  }
  return { rows, ...(samples && { samples }) };
}

type Scored = { readonly row: Row; readonly tested: TestedReplica; readonly judge: Judge };

/** Scores by the paper-like classifier, and by the good one. */
async function scored(game: Game, snapshot: Snapshot, scoring: Scoring): Promise<Scored> {
  const judge = await campaignJudge(game.config, scoring, "paper");
  const good = await campaignJudge(game.config, scoring, "good");
  const [state] = restoreState(game, snapshot);
  const { source } = scoring.data;
  const generator = await fittedGenerator("qaaan-acceptance", game.config, snapshot, source, 0);
  const seed = seedOf(game.config, 0);
  const { n } = scoring;
  try {
    const tested = await testReplica({ game, state: state!, own: seed, generator, judge, n, seed });
    const images = await scoreImages(good!.classifier, n, imageChunks(generator, n, seed));
    const second = distanceScores(images, good!.real);
    const ofGood = {
      goodInceptionScore: second.inceptionScore,
      goodFrechetDistance: second.frechetDistance,
    };
    return { row: { ...replicaRow(tested), ...ofGood }, tested, judge };
  } finally {
    disposeGenerator(generator);
    tf.dispose(state!.pair);
  }
}

/** Classifiers see all images, also where the networks see few. */
export function campaignJudge(
  config: QaaanConfig,
  { data, n, classifierSeed }: Scoring,
  classifier: "paper" | "good",
): Promise<Judge> {
  const evaluate = { ...config.evaluate, classifier, classifierSeed };
  return judgeOf({ ...config, evaluate }, data.source, n);
}

async function shown(
  game: Game,
  snapshot: Snapshot,
  { tested, judge }: Scored,
): Promise<NonNullable<Measured["samples"]>> {
  const of = { best: 0, seed: 0, tested, judge };
  const { samples, imageShape } = await exhibitsOf(game, snapshot, of);
  return { samples: samples!, imageShape: imageShape! };
}
