// Boltzmann machines: units with and without data, gradients, chains, likelihoods, and the temperature of samples.

export { boltzmannMachine, isRestricted, restrictedMachine, withParameters } from "./machine.js";
export type { BoltzmannMachine, MachineOptions, RestrictedOptions } from "./machine.js";
export { clampedMoments, dataMoments } from "./moments.js";
export type { ClampedOptions, Moments } from "./moments.js";
export { ascend, exactGradient, gradient, reverseGradient, surrogateLoss } from "./gradient.js";
export type { AscentOptions, Gradient } from "./gradient.js";
export {
  advanceChains,
  contrastiveDivergence,
  persistentChains,
  resetChains,
  visiblePart,
} from "./chains.js";
export type {
  AdvanceOptions,
  ChainOptions,
  ContrastiveOptions,
  PersistentChains,
} from "./chains.js";
export {
  divergences,
  fieldOnly,
  freeEnergies,
  logLikelihood,
  momentLogLikelihood,
  visibleDistribution,
} from "./likelihood.js";
export type { Divergences, LikelihoodOptions } from "./likelihood.js";
export {
  allPairs,
  exactPairs,
  exactPairsSeconds,
  pairCount,
  pairIndex,
  raoBlackwellPairs,
  sampledPairs,
} from "./pairs.js";
export { correlationFloor, correlationNorm, covariances } from "./norms.js";
export type { CorrelationNorm, FloorOptions } from "./norms.js";
export { effectiveBeta } from "./temperature.js";
export type { BetaEstimate, EffectiveBetaOptions, WeightedSamples } from "./temperature.js";
