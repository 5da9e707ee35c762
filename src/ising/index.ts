// Ising models: graphs, couplings, energies.

export { degree, edgeCount, graph, maxDegree } from "./graph.js";
export type { EdgeList, GraphOptions, IsingGraph, Lattice } from "./graph.js";
export { bipartite, complete } from "./topologies/simple.js";
export { chimera, chimeraIndex, chimeraPlace } from "./topologies/chimera.js";
export type { ChimeraPlace } from "./topologies/chimera.js";
export { pegasus, pegasusIndex, pegasusPlace } from "./topologies/pegasus.js";
export type { PegasusOptions, PegasusPlace } from "./topologies/pegasus.js";
export { zephyr, zephyrIndex, zephyrPlace } from "./topologies/zephyr.js";
export type { ZephyrPlace } from "./topologies/zephyr.js";
export { grid, torus } from "./topologies/lattices.js";
export { labelOf, nodeOf, subgraph, without } from "./parts.js";
export type { DeadParts } from "./parts.js";
export { randomRegular } from "./topologies/random-regular.js";
export { chimera2x2Corners, chimera36, chimeraLatent } from "./topologies/images.js";
export type { ImageGraph } from "./topologies/images.js";
export { hostModel, model, replica } from "./model.js";
export type { HostModel, IsingModel, ModelParameters, ParameterArray } from "./model.js";
export { energies, localFields } from "./energies.js";
export type { SpinArray } from "./energies.js";
export { exactMoments, exactSamples, groundStates, logPartition } from "./exact/exact.js";
export type {
  ExactMoments,
  ExactOptions,
  ExactSamplesOptions,
  GroundStates,
  GroundStatesOptions,
} from "./exact/exact.js";
export { exactCost } from "./exact/cost.js";
export type { ExactCost, ExactLimits, ExactMethod } from "./exact/cost.js";
export type { Beta } from "./exact/beta.js";
export {
  allStates,
  distribution,
  empiricalDistribution,
  klDivergence,
  logLikelihood,
} from "./exact/distribution.js";
export type { Marginals } from "./exact/marginals.js";
export type { Order } from "./exact/plan.js";
export {
  magnetisationMoments,
  pairCorrelations,
  raoBlackwellMoments,
  sampleMoments,
} from "./observables.js";
export type { MagnetisationMoments } from "./observables.js";
export { fromDimod, fromQubo, fromQuboMatrix, toDimod, toQubo } from "./conventions.js";
export type { DimodParameters, QuboParameters } from "./conventions.js";
export { fromBqm, fromJson, toBqm, toJson } from "./bqm.js";
export type { ModelJson, SerializableBqm, Vartype } from "./bqm.js";
export { formatCoo, parseCoo, parseCouplings, parseEdges } from "./edge-list.js";
export type { EdgeTextOptions } from "./edge-list.js";
export { transverseField } from "./exact/transverse-field.js";
export type { TransverseFieldMoments, TransverseFieldOptions } from "./exact/transverse-field.js";
export { draw } from "./drawing/draw.js";
export type { DrawOptions } from "./drawing/draw.js";
export { gibbs, gibbsMoments, metropolis } from "./samplers/index.js";
export type {
  ChainBeta,
  ChainSpins,
  ChainState,
  GibbsOptions,
  GibbsRun,
  MomentRun,
  RunControl,
  RunEnd,
  SamplingProgress,
} from "./samplers/index.js";
export { anneal } from "./samplers/anneal.js";
export type { AnnealOptions, AnnealRun } from "./samplers/anneal.js";
export { parallelTempering } from "./samplers/tempering.js";
export type { TemperingOptions, TemperingRun } from "./samplers/tempering.js";
export { quantumAnneal } from "./samplers/quantum-anneal.js";
export type { QuantumAnnealOptions, QuantumAnnealRun } from "./samplers/quantum-anneal.js";
export { swendsenWang } from "./samplers/clusters.js";
export type { ClusterOptions, ClusterRun } from "./samplers/clusters.js";
export { annealedImportance } from "./samplers/importance.js";
export type { ImportanceOptions, ImportanceRun } from "./samplers/importance.js";
export { betaRange } from "./samplers/schedule.js";
export type { BetaRange, Schedule } from "./samplers/schedule.js";
export type { ScheduledOptions } from "./samplers/scheduled-run.js";
export { concat, sampleSet } from "./sample-set.js";
export type {
  SampleColumns,
  SampleDiagnostics,
  SampleInfo,
  SampleRow,
  SampleSet,
  SampleTiming,
} from "./sample-set.js";
export { sampleSetFromJson } from "./sample-set-json.js";
export type { DimodSampleSet, SampleSetJson } from "./sample-set-json.js";
export {
  autocorrelation,
  effectiveSampleSize,
  energyDiagnostics,
  splitRHat,
  standardError,
} from "./diagnostics.js";
export type { Draws, SampleSize } from "./diagnostics.js";
export * from "./embedding/index.js";
