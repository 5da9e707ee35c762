// The measures of this folder, re-exported in reading order. All are float64 on the host, without tensors.

export {
  binEdges,
  histogram,
  histogram2d,
  probabilities,
  type Bins,
  type Outliers,
} from "./histogram.js";
export { hellinger } from "./hellinger.js";
export { overlap, totalVariation } from "./total-variation.js";
export { jensenShannon, jsDistance } from "./jensen-shannon.js";
export { wasserstein1, wasserstein1Normal } from "./wasserstein.js";
export { slicedWasserstein1, type SlicedOptions } from "./sliced-wasserstein.js";
export { kolmogorovSmirnov, kolmogorovSmirnovNormal } from "./kolmogorov-smirnov.js";
export { normalCdf, normalQuantile, type NormalLaw } from "./normal-law.js";
export { lineFit, type LineFit } from "./line-fit.js";
export { type Points } from "./samples.js";
export { medianHeuristic, mmd2, type MmdOptions } from "./mmd.js";
export { energyDistance2 } from "./energy-distance.js";
export { nearestNeighbours, type NeighbourMeasures } from "./nearest-neighbours.js";
export { modeCoverage, type ModeCoverage } from "./mode-coverage.js";
export {
  classHistogram,
  inceptionScore,
  type ClassHistogram,
  type InceptionScore,
} from "./inception-score.js";
export { runningMoments, type FeatureMoments, type RunningMoments } from "./feature-moments.js";
export {
  frechetDistance,
  frechetOfMoments,
  type FrechetOptions,
  type GaussianMoments,
} from "./frechet-distance.js";
export {
  mannWhitneyTest,
  signedRankTest,
  type Comparison,
  type ComparisonOptions,
} from "./rank-tests.js";
