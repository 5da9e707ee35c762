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
export { classifierFor, identityOf, realImagesFor } from "./cache.js";
export {
  nearestImages,
  neighbourBalls,
  neighbourMeasures,
  type NearestImages,
  type NeighbourBalls,
} from "./neighbours.js";
export {
  checkScoredCount,
  countWarnings,
  distanceScores,
  momentsOf,
  scoreReal,
  scoresOf,
  type DistanceScores,
  type RealImages,
  type Scores,
} from "./scores.js";
