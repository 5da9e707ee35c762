// The samplers of Ising models.

export { gibbs, gibbsMoments, metropolis } from "./gibbs.js";
export type { GibbsRun, MomentRun } from "./gibbs.js";
export type { GibbsOptions, RunEnd } from "./setup.js";
export type { ChainBeta, ChainSpins } from "./chains.js";
export type { ChainState, RunControl, SamplingProgress } from "./drive.js";
