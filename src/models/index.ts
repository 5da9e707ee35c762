// The generative models: re-exports only.

export { dqgan, dqganConfig, dqganPresets, dqganSchema, trainDqgan } from "./dqgan/index.js";
export type {
  DataConfig,
  DeepPartial,
  DqganConfig,
  DqganOptions,
  EvaluateConfig,
  ModelConfig,
  TrainConfig,
} from "./dqgan/index.js";
export {
  boltzmann,
  boltzmannConfig,
  boltzmannPresets,
  boltzmannSchema,
  trainBoltzmann,
} from "./boltzmann/index.js";
export type { BoltzmannConfig, BoltzmannOptions } from "./boltzmann/index.js";
export {
  hybridConfig,
  hybridPresets,
  hybridQgan,
  hybridSchema,
  trainHybridQgan,
} from "./hybrid-qgan/index.js";
export type { HybridConfig, HybridOptions } from "./hybrid-qgan/index.js";
export { joinReplicas, selectReplicas } from "./population.js";
export { configOfOne, dynamicKeys, selectConfig } from "./replicas.js";
export type { OfOne, PopulationConfig } from "./replicas.js";
export { qaaan, qaaanConfig, qaaanPresets, qaaanSchema, trainQaaan } from "./qaaan/index.js";
export type { QaaanConfig, QaaanOptions } from "./qaaan/index.js";
export type {
  DataFiles,
  Evaluation,
  Figure,
  HistoryRow,
  ImageSheet,
  Measure,
  ModelDefinition,
  Samples,
  Snapshot,
  SnapshotTensor,
  TrainEvent,
  TrainOptions,
} from "./model.js";
