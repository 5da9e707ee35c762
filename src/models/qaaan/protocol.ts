// The protocol of an evaluation in sentences: images compared, classifier, floors, choice, what generated them.

import { countWarnings } from "../image-scores/index.js";
import { count } from "../words.js";
import type { ImageSource } from "../../data/index.js";
import type { QaaanConfig } from "./config.js";
import { whyUnscored, type Judge } from "./judge.js";
import type { TestedReplica } from "./measures.js";

/** What the sentences say. */
export type Protocol = {
  readonly config: QaaanConfig;
  readonly source: ImageSource;
  readonly judge: Judge;
  /** Images generated of each replica. */
  readonly n: number;
  readonly tested: readonly TestedReplica[];
  readonly best: number;
};

/** The protocol in sentences. */
export function protocol(of: Protocol): string[] {
  const { config, source, n } = of;
  return [
    ...scoreSentences(of),
    generatorSentence(config),
    latentSentence(config),
    ...choiceSentences(of),
    ...source.report,
    ...(of.judge === null ? [] : countWarnings(Math.min(n, of.judge.real.test.count))),
  ];
}

function scoreSentences({ source, judge, n, config }: Protocol): string[] {
  if (judge === null) {
    return [
      `The images of ${source.name} ${whyUnscored(source) ?? ""}: there are no scores by a classifier, only measures of the prior.`,
    ];
  }
  const { classifier, real } = judge;
  const percent = (100 * classifier.accuracy).toFixed(2);
  const size = count(real.test.count);
  return [
    `${count(n)} generated images of each replica against ${size} test images, by a classifier of ${percent} % test accuracy (${classifier.kind}, seed ${classifier.seed}, ${classifier.steps} steps) that was trained on the same data. Inception Scores take its probabilities in one split; Fréchet distances its 128 features, with covariances of divisor n − 1 and 1e-6 added to both diagonals.`,
    `Precision, recall, density and coverage: balls around the features, with the distance to neighbour ${config.evaluate.neighbours} as radius.`,
    `Real against real: ${size} training images in the place of generated ones. The test images themselves have an Inception Score of ${real.testScore.toFixed(2)}. Classifier and number of images move a Fréchet distance more than most models do: compare only scores with the same of both.`,
  ];
}

function generatorSentence({ train: { ema, steps }, evaluate }: QaaanConfig): string {
  const which =
    ema === null ? "the last one" : `the moving average (decay ${ema}) over ${count(steps)} steps`;
  return `The generator is ${which}, its batch norms in inference mode with statistics refitted on ${evaluate.normBatches} batches of ${evaluate.normBatch}.`;
}

function latentSentence({ model, prior }: QaaanConfig): string {
  if (model.latent === "uniform")
    return `Latents are ${model.features} uniform numbers on [−1, 1]: there is no prior.`;
  const what = {
    reparam: `made continuous with α = ${model.alpha}`,
    binary: "as they are",
    gaussian: `with normal noise of standard deviation ${model.latentNoise}`,
  }[model.latent];
  const learned = prior.frozen ? "kept at 0" : `trained at η = ${prior.rate}`;
  return `Latents are spins of a Boltzmann machine on a ${prior.graph} graph of ${model.features} nodes, ${learned}, sampled by ${prior.sampler}, ${what}.`;
}

function choiceSentences({ config: { replicas }, best, tested, judge }: Protocol): string[] {
  if (replicas === 1 || judge === null) return [];
  const diverged = tested.filter(({ validation }) => Number.isNaN(validation)).length;
  return [
    `Replica ${best} of ${replicas} (the first is 0) has the smallest Fréchet distance to training images; the test images played no part in the choice.`,
    ...(diverged > 0 ? [`${diverged} of ${replicas} replicas diverged.`] : []),
  ];
}
