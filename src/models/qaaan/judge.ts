// The classifier that images of a configuration are scored with, and what it says about real ones.

import { DataError } from "../../errors.js";
import {
  classifierFor,
  FEATURES,
  realImagesFor,
  type Classifier,
  type RealImages,
} from "../image-scores/index.js";
import type { ImageSource } from "../../data/index.js";
import type { QaaanConfig } from "./config.js";

/** What images are scored with; null where the data have no labels, or too few images. */
export type Judge = { readonly classifier: Classifier; readonly real: RealImages } | null;

/**
 * The classifier of the data with what it says about real images; null where {@link whyUnscored} has a reason.
 *
 * @param n - images of each kind
 */
export async function judgeOf(
  { evaluate: { classifier: kind, classifierSeed: seed, neighbours: k } }: QaaanConfig,
  source: ImageSource,
  n: number,
): Promise<Judge> {
  if (whyUnscored(source) !== null) return null;
  const classifier = await classifierFor(source, { kind, seed });
  return { classifier, real: await realImagesFor(classifier, source, { n, k }) };
}

/** Why images of a source cannot be scored, as the end of a sentence about them; null if they can. */
export function whyUnscored({ classes, train, test }: ImageSource): string | null {
  if (classes === null) return "have no labels";
  const count = Math.min(train.count, test.count);
  if (count > FEATURES) return null;
  // A covariance of as many features needs more images than features.
  return `are too few, ${String(train.count)} for training and ${String(test.count)} for the test, of which each must be more than ${String(FEATURES)}`;
}

/**
 * Refuses, before the first step, a training that is to end with scores and cannot.
 *
 * @throws DataError without labels or with too few images
 */
export function checkScorable(where: string, source: ImageSource): void {
  const why = whyUnscored(source);
  if (why === null) return;
  throw new DataError(
    `${where}: images must have labels and be enough for \`train.scores\`, but those of ${source.name} ${why}. Set train.scores=false or give more images.`,
  );
}
