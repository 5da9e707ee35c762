// Embedding logical models into hardware graphs, and the annealer built on it.

export { bicliqueEmbedding, cliqueEmbedding } from "./chimera.js";
export { embedding, verifyEmbedding } from "./embedding.js";
export type { Embedding } from "./embedding.js";
export { embedModel } from "./parameters.js";
export type { ChainStrength } from "./parameters.js";
export { chainBreakFraction, majorityVote } from "./vote.js";
export type { Vote, VoteOptions } from "./vote.js";
export { RANGES_2000Q, scaleFactors, scaleModel, withControlNoise } from "./hardware.js";
export type { ControlNoise, HardwareRanges, Scaling } from "./hardware.js";
export { embedded } from "./embedded.js";
export type { EmbeddedOptions, EmbeddedSamples, PhysicalSampler } from "./embedded.js";
