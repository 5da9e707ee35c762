// Boltzmann machines: so far the temperature of their samples.

export { effectiveBeta } from "./temperature.js";
export type { BetaEstimate, EffectiveBetaOptions, WeightedSamples } from "./temperature.js";
