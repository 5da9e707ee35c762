// Trained classifiers, kept in memory by what they were trained on: many evaluations of a process share one.

import { trainClassifier, type ClassifierOptions } from "./train.js";
import { scoreReal, type RealImages } from "./scores.js";
import type { ImageSource } from "../../data/index.js";
import type { Classifier } from "./classifier.js";

const classifiers = new Map<string, Promise<Classifier>>();
const realImages = new WeakMap<Classifier, Map<string, Promise<RealImages>>>();

/** Images of each split that a key looks at. */
const LOOKED_AT = 64;

/**
 * The classifier of a source, trained unless it is known already.
 *
 * @throws DataError if the images have no labels
 */
export function classifierFor(
  source: ImageSource,
  options: ClassifierOptions,
): Promise<Classifier> {
  const key = `${identityOf(source)}-${options.kind}-${options.seed}`;
  return kept(classifiers, key, () => trainClassifier(source, options));
}

/** The scores of real images, computed once for each classifier and number of images. */
export function realImagesFor(
  classifier: Classifier,
  source: ImageSource,
  options: { readonly n: number; readonly k: number },
): Promise<RealImages> {
  const own = realImages.get(classifier) ?? new Map<string, Promise<RealImages>>();
  realImages.set(classifier, own);
  return kept(own, `${options.n}-${options.k}`, () => scoreReal(classifier, source, options));
}

function kept<T>(map: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  // What failed may succeed another time.
  made.catch(() => map.delete(key));
  return made;
}

/** Tells sources apart by size and by their first images and labels (FNV-1a). */
export function identityOf(source: ImageSource): string {
  let hash = 0x811c9dc5;
  const mix = (values: ArrayLike<number>): void => {
    for (let i = 0; i < values.length; i++) hash = Math.imul(hash ^ values[i]!, 0x01000193);
  };
  for (const split of [source.train, source.test]) {
    mix([split.count & 0xffff, split.count >>> 16]);
    mix(split.bytes(0, Math.min(LOOKED_AT, split.count)));
    mix(split.labels?.subarray(0, LOOKED_AT) ?? []);
  }
  const { name, height, width, channels } = source;
  return `${name}-${height}x${width}x${channels}-${(hash >>> 0).toString(16).padStart(8, "0")}`;
}
