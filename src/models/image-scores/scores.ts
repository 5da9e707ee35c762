// Scores of generated images by a classifier: the protocol of Inception Scores and Fréchet distances, and the same of real
// images beside them.

import { ArgumentError } from "../../errors.js";
import {
  classHistogram,
  frechetOfMoments,
  inceptionScore,
  runningMoments,
  type FeatureMoments,
} from "../../metrics/index.js";
import { scoreImages, splitChunks, type Classifier, type ScoredImages } from "./classifier.js";
import { neighbourBalls, neighbourMeasures, type NeighbourBalls } from "./neighbours.js";
import { FEATURES } from "./network.js";
import type { ImageSource } from "../../data/index.js";

/** The scores of one set of images against the test images. */
export type Scores = {
  /** From 1 to the number of classes. */
  readonly inceptionScore: number;
  readonly frechetDistance: number;
  readonly precision: number;
  readonly recall: number;
  readonly density: number;
  readonly coverage: number;
  /** Fraction of images in the rarest class. */
  readonly smallestClass: number;
  /** Images per class. */
  readonly classes: readonly number[];
};

/** The scores that need no neighbours; both are NaN for a generator that has diverged. */
export type DistanceScores = Pick<Scores, "inceptionScore" | "frechetDistance">;

/** Real images as a classifier sees them: what generated ones are held against. */
export type RealImages = {
  readonly test: ScoredImages;
  readonly moments: FeatureMoments;
  /** Balls around the features of the test images. */
  readonly balls: NeighbourBalls;
  /** As many training images against the test images: the least that can be expected. */
  readonly floor: Scores;
  /** Of the same training images. */
  readonly trainMoments: FeatureMoments;
  /** Inception Score of the test images themselves. */
  readonly testScore: number;
};

/** Fewer images than this make a Fréchet distance that says more about their number than about them. */
const TRUSTED = 5000;

/**
 * Refuses numbers of images whose covariance is singular.
 *
 * @throws ArgumentError for n ≤ 128, the number of features
 */
export function checkScoredCount(where: string, n: number): void {
  if (n > FEATURES) return;
  throw new ArgumentError(
    `${where}: argument \`n\` must be larger than the number of features, ${FEATURES}, but is ${n}. A Fréchet distance of so few images says nothing.`,
  );
}

/** What must be said about a score of so few images; nothing for enough. */
export function countWarnings(n: number): string[] {
  if (n >= TRUSTED) return [];
  return [
    `Warning: Fréchet distances grow as images get fewer. Compare these, of ${n.toLocaleString("en-US")} images, only with others of as many.`,
  ];
}

/**
 * Scores the test images of a source, and as many training images against them.
 *
 * @param classifier - of the same kind of image
 * @param source - whose images are scored
 * @param options - `n`: images of each, at most (as many as both splits have); `k`: neighbour that sets the radius of balls
 */
export async function scoreReal(
  classifier: Classifier,
  source: ImageSource,
  options: { readonly n: number; readonly k: number },
): Promise<RealImages> {
  const count = Math.min(options.n, source.test.count, source.train.count);
  const { test: held, train } = source;
  const test = await scoreImages(classifier, count, splitChunks(held, count));
  const moments = momentsOf(test);
  const other = await scoreImages(classifier, count, splitChunks(train, count));
  const testScore = inceptionScore(test.probabilities).score;
  const balls = await neighbourBalls(test.features, Math.min(options.k, count - 1));
  const real = { test, moments, balls };
  return { ...real, trainMoments: momentsOf(other), testScore, floor: await scoresOf(other, real) };
}

/** Scores of images that a classifier has seen. NaN where a feature is not finite: the generator has diverged. */
export async function scoresOf(
  images: ScoredImages,
  real: Pick<RealImages, "test" | "moments" | "balls">,
): Promise<Scores> {
  const { features, probabilities } = images;
  if (hasDiverged(images)) return diverged(probabilities.width);
  const { counts, smallest } = classHistogram(probabilities);
  return {
    ...distanceScores(images, real),
    ...(await neighbourMeasures(real.test.features, features, real.balls)),
    smallestClass: smallest,
    classes: Array.from(counts),
  };
}

/** Inception Score and Fréchet distance alone: the distances between all pairs cost more than both. */
export function distanceScores(
  images: ScoredImages,
  { moments }: Pick<RealImages, "moments">,
): DistanceScores {
  if (hasDiverged(images)) return { inceptionScore: NaN, frechetDistance: NaN };
  return {
    inceptionScore: inceptionScore(images.probabilities).score,
    frechetDistance: frechetOfMoments(momentsOf(images), moments),
  };
}

function hasDiverged({ features }: ScoredImages): boolean {
  return !features.values.every(Number.isFinite);
}

/** Means and covariances of features. */
export function momentsOf({ features }: ScoredImages): FeatureMoments {
  const running = runningMoments(features.width);
  running.add(features.values);
  return running.moments();
}

function diverged(classes: number): Scores {
  return {
    ...{ inceptionScore: NaN, frechetDistance: NaN },
    ...{ precision: NaN, recall: NaN, density: NaN, coverage: NaN },
    ...{ smallestClass: NaN, classes: new Array<number>(classes).fill(NaN) },
  };
}
