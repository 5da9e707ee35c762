// Scores of images by classifiers trained on the same data: re-exports in reading order.

export {
  predictedClasses,
  scoreImages,
  splitChunks,
  type Classifier,
  type ClassifierKind,
  type ImageChunks,
  type ScoredImages,
} from "./classifier.js";
export { FEATURES, type ClassifierForm } from "./network.js";
export { trainClassifier, type ClassifierOptions } from "./train.js";
export { classifierFor, identityOf, realImagesFor, type ClassifierStore } from "./cache.js";
export { nearestImages, neighbourMeasures, type NearestImages } from "./neighbours.js";
export {
  checkScoredCount,
  countWarnings,
  momentsOf,
  scoreReal,
  scoresOf,
  type RealImages,
  type Scores,
} from "./scores.js";
