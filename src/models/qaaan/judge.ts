// The classifier that images of a configuration are scored with, and what it says about real ones.

import { DataError } from "../../errors.js";
import {
  checkScoredCount,
  classifierFor,
  FEATURES,
  realImagesFor,
  type Classifier,
  type RealImages,
} from "../image-scores/index.js";
import type { ImageSource } from "../../data/index.js";
import type { QaaanConfig } from "./config.js";

/** What images are scored with; null where the data have no labels. */
export type Judge = { readonly classifier: Classifier; readonly real: RealImages } | null;

/**
 * The classifier of the data with what it says about real images.
 *
 * @param n - images of each kind
 * @throws DataError if there are too few images to compare
 */
export async function judgeOf(
  { evaluate: { classifier: kind, classifierSeed: seed, neighbours: k } }: QaaanConfig,
  source: ImageSource,
  n: number,
): Promise<Judge> {
  if (source.classes === null) return null;
  checkRealCount("evaluate", source);
  const classifier = await classifierFor(source, { kind, seed });
  return { classifier, real: await realImagesFor(classifier, source, { n, k }) };
}

/**
 * Refuses, before the first step, a training that is to end with scores and cannot.
 *
 * @throws DataError without labels or with too few images, ArgumentError for too few generated ones
 */
export function checkScorable(where: string, { evaluate }: QaaanConfig, source: ImageSource): void {
  checkScoredCount(where, evaluate.n);
  if (source.classes === null) {
    throw new DataError(
      `${where}: ${source.name} must have labels for \`train.scores\`, but has none. Set train.scores=false.`,
    );
  }
  checkRealCount(where, source);
}

/** Real images are as few as generated ones must not be. */
function checkRealCount(where: string, { name, train, test }: ImageSource): void {
  const count = Math.min(train.count, test.count);
  if (count > FEATURES) return;
  throw new DataError(
    `${where}: ${name} must have more than ${FEATURES} images for training and for the test, as many as the features that are compared, but has ${count}. Set data.train and data.test higher.`,
  );
}
